// What PushClient costs: CPU a request against a minimal libcurl loop with the same options, and
// memory. Both send the same requests to the same push service, in child processes by turns; only
// the client's CPU is measured. Prints the median of the rounds' ratios; ends with 1 when a target
// is missed.
//
//   node tests/rig/with_push_service.mjs --keep requests send_bench [REQUESTS [ROUNDS]]

#include <curl/curl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <vector>

#include "lib/curl/push_client.h"
#include "lib/webpush/request.h"
#include "tests/curl/push_service_control.h"

using namespace lamppost;

namespace {

constexpr double kMostRatio = 1.25;
constexpr double kMostMegabytes = 24;
constexpr std::size_t kInFlight = 100;

struct Target {
  std::string origin;
  std::string ca_file;
  std::vector<webpush::Recipient> recipients;
};

class Composer {
 public:
  explicit Composer(const Target& target) : target_(target) {}

  webpush::PushRequest next() {  // a body of 4096 bytes, the largest
    const auto now = std::chrono::floor<Seconds>(std::chrono::system_clock::now());
    const auto& recipient = target_.recipients[count_ % target_.recipients.size()];
    return webpush::compose(count_++, message_, recipient, vapid_, now);
  }

 private:
  const Target& target_;
  webpush::Message message_{.payload = '"' + std::string(3991, 'x') + '"', .topic = {}};
  webpush::Vapid vapid_{crypto::KeyPair::generate(), "mailto:push@example.com"};
  std::uint64_t count_ = 0;
};

/// Runs `work` in a process of its own; throws if it fails there.
rusage cost_of(const std::function<void()>& work) {
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    try {
      work();
      _exit(0);
    } catch (const std::exception& failure) {
      std::fprintf(stderr, "send_bench: %s\n", failure.what());
      _exit(1);
    }
  }
  int status = 0;
  rusage cost{};
  if (wait4(child, &status, 0, &cost) != child || status != 0)
    throw std::runtime_error("a child process failed");
  return cost;
}

double microseconds(const rusage& cost) {
  const auto of = [](const timeval& time) {
    return 1e6 * double(time.tv_sec) + double(time.tv_usec);
  };
  return of(cost.ru_utime) + of(cost.ru_stime);
}

void require_accepted(std::size_t accepted, std::size_t sent) {
  if (accepted < sent - sent / 50)  // a service that says GOAWAY leaves a few to another try
    throw std::runtime_error("only " + std::to_string(accepted) + " of " + std::to_string(sent) +
                             " requests were accepted");
}

curl::Settings settings(const Target& target) {
  curl::Settings settings;
  settings.connections = 1;
  settings.streams = kInFlight;
  settings.ca_file = target.ca_file;
  settings.address_exceptions = {"127.0.0.1" + target.origin.substr(target.origin.rfind(':'))};
  return settings;
}

void send_by_push_client(const Target& target, std::size_t count,
                         const std::function<webpush::PushRequest(std::size_t)>& request) {
  curl::PushClient client(settings(target));
  std::size_t next = 0, accepted = 0;
  client.send(
      [&]() -> std::optional<webpush::PushRequest> {
        if (next == count) return std::nullopt;
        return request(next++);
      },
      [&](const webpush::PushReply& reply) { accepted += reply.status == 201; }, [] {});
  require_accepted(accepted, count);
}

std::size_t ignore(char*, std::size_t size, std::size_t count, void*) { return size * count; }

CURL* minimal_handle(const Target& target, curl_slist* headers) {
  CURL* const easy = curl_easy_init();
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
  curl_easy_setopt(easy, CURLOPT_POST, 1L);
  curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, 16384L);
  curl_easy_setopt(easy, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  curl_easy_setopt(easy, CURLOPT_CAINFO, target.ca_file.c_str());
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, 5000L);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 8000L);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore);
  return easy;
}

// The least that sends them: nothing is checked, kept or reported.
void send_by_minimal_loop(const Target& target, const std::vector<webpush::PushRequest>& requests) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  CURLM* const multi = curl_multi_init();
  curl_multi_setopt(multi, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  curl_multi_setopt(multi, CURLMOPT_MAX_CONCURRENT_STREAMS, static_cast<long>(kInFlight));
  curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, 1L);
  curl_slist* headers = nullptr;
  for (const auto& header : requests[0].headers)
    headers = curl_slist_append(headers, header.c_str());
  headers = curl_slist_append(headers, "Expect:");
  headers = curl_slist_append(headers, "Accept:");

  std::size_t next = 0, accepted = 0, running = 0;
  const auto add = [&](CURL* easy) {
    const auto& request = requests[next++];
    curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
    curl_multi_add_handle(multi, easy);
    ++running;
  };
  std::vector<CURL*> handles;
  while (handles.size() < kInFlight && next < requests.size()) {
    handles.push_back(minimal_handle(target, headers));
    add(handles.back());
  }
  while (running > 0) {
    int still = 0, left = 0;
    curl_multi_perform(multi, &still);
    while (CURLMsg* const message = curl_multi_info_read(multi, &left)) {
      CURL* const easy = message->easy_handle;
      long status = 0;
      curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
      accepted += message->data.result == CURLE_OK && status == 201;
      curl_multi_remove_handle(multi, easy);
      --running;
      if (next < requests.size()) add(easy);
    }
    if (running > 0) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
  }
  for (CURL* const easy : handles) curl_easy_cleanup(easy);
  curl_multi_cleanup(multi);
  curl_slist_free_all(headers);
  require_accepted(accepted, requests.size());
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const auto half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

bool run(std::size_t count, std::size_t rounds) {
  const test::PushServiceControl control;
  Target target{.origin = test::environment("LAMPPOST_TEST_PUSH_ORIGIN"),
                .ca_file = test::environment("LAMPPOST_TEST_PUSH_CA"),
                .recipients = {}};
  target.recipients = control.subscribe(target.origin, 500);

  // Before anything else is in memory: a worker that composes as it sends.
  const auto memory = cost_of([&] {
    Composer composer(target);
    send_by_push_client(target, count / 4, [&](std::size_t) { return composer.next(); });
  });
  const double megabytes = double(memory.ru_maxrss) / 1024;

  Composer composer(target);
  std::vector<webpush::PushRequest> requests;
  while (requests.size() < count) requests.push_back(composer.next());
  std::vector<double> ours, minimal, ratios;
  for (std::size_t round = 0; round < rounds; ++round) {
    const auto by_client = [&] {
      send_by_push_client(target, count, [&](std::size_t i) { return requests[i]; });
    };
    const auto by_loop = [&] { send_by_minimal_loop(target, requests); };
    const bool client_first = round % 2 == 0;
    const auto first = client_first ? cost_of(by_client) : cost_of(by_loop);
    const auto second = client_first ? cost_of(by_loop) : cost_of(by_client);
    const auto& client = client_first ? first : second;
    const auto& loop = client_first ? second : first;
    ours.push_back(microseconds(client) / double(count));
    minimal.push_back(microseconds(loop) / double(count));
    ratios.push_back(ours.back() / minimal.back());
    std::printf("round %zu: PushClient %.1f us, minimal loop %.1f us a request, ratio %.2f\n",
                round + 1, ours.back(), minimal.back(), ratios.back());
    std::fflush(stdout);  // a child would print it again
  }
  std::printf(
      "send: PushClient %.1f us, minimal loop %.1f us a request, ratio %.2f (at most %.2f)\n",
      median(ours), median(minimal), median(ratios), kMostRatio);
  std::printf("send: %.1f MB resident with %zu in flight (at most %.0f)\n", megabytes, kInFlight,
              kMostMegabytes);
  return median(ratios) <= kMostRatio && megabytes <= kMostMegabytes;
}

std::size_t argument(int argc, char** argv, int at, std::size_t otherwise) {
  if (at >= argc) return otherwise;
  const auto number = std::strtoul(argv[at], nullptr, 10);
  if (number < 4)
    throw std::runtime_error(std::string(argv[at]) + " must be a number of 4 or more");
  return number;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argument(argc, argv, 1, 10'000), argument(argc, argv, 2, 8)) ? 0 : 1;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "send_bench: %s\n", failure.what());
    return 2;
  }
}
