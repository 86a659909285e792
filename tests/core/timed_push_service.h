#pragma once
// Push services that take their time: every request is answered so many seconds after it was sent,
// all at once, while a tick comes with every second. It asks for more as the real client does:
// after each report and each tick.

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/webpush/push_service.h"

namespace lamppost::testing {

class TimedPushService final : public webpush::PushService {
 public:
  struct Answer {
    std::optional<int> status = 201;
    Seconds retry_after{0};
    std::string detail{};
    bool left = true;
    Seconds after{0};
  };
  static Answer no_answer(bool left) {
    return {
        .status = std::nullopt, .detail = left ? "timed out" : "could not connect", .left = left};
  }
  struct Request {
    std::string url;
    Time at;
    std::string ttl;  // of the header
  };

  explicit TimedPushService(Clock& clock, unsigned seed = 7) : clock_(clock), random_(seed) {}

  std::function<Answer(const std::string& url)> answer = [](const std::string&) {
    return Answer{};
  };
  std::function<void(const Request&)> on_request = [](const Request&) {};
  std::function<void(const Bytes&)> on_body = [](const Bytes&) {};
  std::function<void()> on_reply = [] {};  // before each
  std::size_t streams = 100;
  bool shuffled = false;  // the replies that are due at the same time

  std::vector<Request> requests;
  std::size_t most_in_flight = 0;

  std::size_t sent_to(const std::string& url) const {
    std::size_t count = 0;
    for (const auto& request : requests) count += request.url == url;
    return count;
  }

  void send(const Source& next, const Report& done, const Tick& tick) override {
    std::vector<InFlight> in_flight;
    for (;;) {
      while (in_flight.size() < streams) {
        auto request = next();
        if (!request) break;
        in_flight.push_back(take(*request));
        most_in_flight = std::max(most_in_flight, in_flight.size());
      }
      if (in_flight.empty()) return;
      const auto due = choose_due(in_flight);
      if (due == in_flight.end()) {
        clock_.sleep(Seconds{1});
        tick();
        continue;
      }
      on_reply();
      const auto reply = std::move(due->reply);
      in_flight.erase(due);
      done(reply);
    }
  }

  void hold_back(std::string_view) override {}  // all that is pulled leaves at once

 private:
  struct InFlight {
    Time due;
    webpush::PushReply reply;
  };

  InFlight take(const webpush::PushRequest& request) {
    Request noted{.url = request.url, .at = clock_.now(), .ttl = ""};
    for (const auto& header : request.headers)
      if (header.starts_with("TTL: ")) noted.ttl = header.substr(5);
    on_request(noted);
    on_body(request.body);
    const auto it = answer(request.url);
    requests.push_back(std::move(noted));
    return {.due = clock_.now() + it.after,
            .reply = {.tag = request.tag,
                      .status = it.status,
                      .left = it.left,
                      .retry_after = it.retry_after,
                      .detail = it.detail}};
  }

  std::vector<InFlight>::iterator choose_due(std::vector<InFlight>& in_flight) {
    std::vector<std::ptrdiff_t> due;
    for (std::size_t i = 0; i < in_flight.size(); ++i)
      if (in_flight[i].due <= clock_.now()) {
        due.push_back(static_cast<std::ptrdiff_t>(i));
        if (!shuffled) break;
      }
    if (due.empty()) return in_flight.end();
    return in_flight.begin() +
           due[std::uniform_int_distribution<std::size_t>(0, due.size() - 1)(random_)];
  }

  Clock& clock_;
  std::mt19937 random_;
};

// Answers in the order of the tries of one endpoint; the last one holds for all that follow.
struct Script {
  std::vector<TimedPushService::Answer> answers;
  std::map<std::string, std::size_t> tries{};
  TimedPushService::Answer operator()(const std::string& url) {
    return answers[std::min(tries[url]++, answers.size() - 1)];
  }
};

}  // namespace lamppost::testing
