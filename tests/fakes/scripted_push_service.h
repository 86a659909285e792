#pragma once
// Push services that answer by a test's script. As the port says: several requests in flight, each
// reported exactly once, in any order, a tick for every second that passes, and what the three
// functions throw passes through.

#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "lib/webpush/push_service.h"
#include "tests/fakes/fixed_clock.h"

namespace lamppost::fakes {

class ScriptedPushService final : public webpush::PushService {
 public:
  struct Answer {
    std::optional<int> status = 201;
    std::string detail{};
    bool left = true;
    Seconds retry_after{0};
  };
  static Answer no_answer(bool left, std::string detail) {
    return {.status = std::nullopt, .detail = std::move(detail), .left = left};
  }
  enum class Order { AsAsked, Reversed, Shuffled };

  explicit ScriptedPushService(FixedClock& clock) : clock_(clock) {}

  Answer otherwise;                      // for every endpoint that the script does not name
  std::map<std::string, Answer> script;  // by endpoint
  std::size_t streams = 100;             // in flight at once
  Order order = Order::AsAsked;          // of the replies to what is in flight
  Seconds reply_time{0};                 // passes before every reply

  /// All that was sent, in the order in which it was asked for.
  const std::vector<webpush::PushRequest>& requests() const noexcept { return requests_; }

  void send(const Source& next, const Report& done, const Tick& tick) override {
    std::vector<webpush::PushReply> in_flight;
    auto ticked_at = clock_.now();
    for (;;) {
      // Asked again after every report, which may have made room for more.
      while (in_flight.size() < streams) {
        auto request = next();
        if (!request) break;
        in_flight.push_back(reply_to(*request));
        requests_.push_back(*std::move(request));
      }
      if (in_flight.empty()) return;
      clock_.advance(reply_time);
      if (clock_.now() - ticked_at >= Seconds{1}) {
        tick();
        ticked_at = clock_.now();
      }
      const auto chosen = in_flight.begin() + choose(in_flight.size());
      const auto reply = std::move(*chosen);
      in_flight.erase(chosen);
      done(reply);
    }
  }

  void hold_back(std::string_view) override {}  // all that is pulled leaves at once

 private:
  webpush::PushReply reply_to(const webpush::PushRequest& request) const {
    const auto scripted = script.find(request.url);
    const auto& answer = scripted == script.end() ? otherwise : scripted->second;
    return {.tag = request.tag,
            .status = answer.status,
            .left = answer.left,
            .retry_after = answer.retry_after,
            .detail = answer.detail};
  }

  std::ptrdiff_t choose(std::size_t count) {
    const auto last = static_cast<std::ptrdiff_t>(count) - 1;
    switch (order) {
      case Order::AsAsked:
        return 0;
      case Order::Reversed:
        return last;
      case Order::Shuffled:
        return std::uniform_int_distribution<std::ptrdiff_t>(0, last)(random_);
    }
    return 0;
  }

  FixedClock& clock_;
  std::mt19937 random_{7};  // the same order in every run of a test
  std::vector<webpush::PushRequest> requests_;
};

}  // namespace lamppost::fakes
