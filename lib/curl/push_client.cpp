#include "lib/curl/push_client.h"

#include <malloc.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "lib/base/failure.h"
#include "lib/curl/address_guard.h"
#include "lib/curl/ca_bundle.h"
#include "lib/curl/handles.h"
#include "lib/curl/host_queue.h"
#include "lib/curl/transfer.h"
#include "lib/webpush/endpoint.h"

namespace lamppost::curl {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kTickEvery{
    500};                           // the port promises a second; a busy round takes its time too
constexpr milliseconds kDeaf{250};  // from so long on it matters that nobody listened
constexpr std::size_t kPullsARound = 16;  // composing costs as much as sending, so they take turns

const webpush::PushReply kSilent{
    .tag = 0, .status = {}, .detail = "not sent: the push service has answered nothing for 2 s"};
const webpush::PushReply kHeldBack{.tag = 0, .status = {}, .detail = {}, .held_back = true};

Settings checked(Settings settings) {
  const auto require = [](bool fine, const char* problem) {
    if (!fine) throw Failure(problem);
  };
  require(settings.connections >= 1 && settings.connections <= 8,
          "push_connections must be 1 to 8");
  require(settings.streams >= 1 && settings.streams <= 1000, "push_streams must be 1 to 1000");
  require(settings.connect_timeout > milliseconds{0} && settings.timeout > milliseconds{0},
          "push time-outs must be above 0");
  const int features = curl_version_info(CURLVERSION_NOW)->features;
  require(features & CURL_VERSION_SSL, "libcurl was built without TLS: push services need it");
  require(features & CURL_VERSION_HTTP2, "libcurl was built without HTTP/2: push services need it");
  require(features & CURL_VERSION_ASYNCHDNS,
          "libcurl was built without an asynchronous resolver: a slow DNS could not time out");
  return settings;
}

void require(CURLMcode code) {
  if (code != CURLM_OK) throw Failure(std::string("libcurl: ") + curl_multi_strerror(code));
}

}  // namespace

/*
 *   source --pull--> waiting (by host) --start--> in flight --settle--> report
 *                       |                                                 ^
 *                       +-- give_back: held back, or only silent hosts ---+
 */
class PushClient::State {
 public:
  explicit State(Settings settings);
  ~State() { drop_all(); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void send(const Source& next, const Report& done, const Tick& tick);
  void hold_back(std::string_view origin);
  void drop_all() noexcept;

 private:
  struct Round {  // one call of send()
    const Source& next;
    const Report& done;
    const Tick& tick;
    Instant tick_at;
    bool is_dry = false;
  };

  bool pull(Round& round);
  void start_all(Round& round);
  void start(HostQueue& host, Round& round);
  void settle_all(Round& round);
  void excuse_since(Instant listened_at);
  void give_back(Round& round, Instant listened_at);
  void give_back(HostQueue& host, Round& round, const webpush::PushReply& unsent);
  void tick_if_due(Round& round);
  void wait(const Round& round);
  void forget_idle_hosts();
  void give_memory_back();

  HostQueue& queue_of(const std::string& url);
  std::unique_ptr<Transfer> spare_transfer();
  void report(Round& round, const webpush::PushReply& reply);

  Library library_;
  Settings settings_;
  AddressGuard guard_;
  CaBundle ca_bundle_;
  Multi multi_;
  std::map<CURL*, std::unique_ptr<Transfer>> in_flight_;
  std::vector<std::unique_ptr<Transfer>> spare_;
  std::map<std::string, HostQueue, std::less<>> hosts_;  // by origin; forgotten when idle
  std::size_t waiting_ = 0;
  std::size_t busy_hosts_ = 0;  // with something in flight
};

PushClient::State::State(Settings settings)
    : settings_(checked(std::move(settings))),
      guard_(settings_.address_exceptions),
      ca_bundle_(settings_.ca_file),
      multi_(curl_multi_init()) {
  if (!multi_) throw Failure("libcurl is out of memory");
  CURLM* const multi = multi_.get();
  const auto connections = static_cast<long>(settings_.connections);
  set(multi, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  set(multi, CURLMOPT_MAX_CONCURRENT_STREAMS, static_cast<long>(settings_.streams));
  set(multi, CURLMOPT_MAX_HOST_CONNECTIONS, connections);
  set(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(kMaxHosts) + 4 * connections);
}

void PushClient::State::send(const Source& next, const Report& done, const Tick& tick) {
  Round round{next, done, tick, std::chrono::steady_clock::now() + kTickEvery};
  auto listened_at = std::chrono::steady_clock::now();
  for (;;) {
    tick_if_due(round);
    const bool has_more = pull(round);
    start_all(round);
    if (round.is_dry && waiting_ == 0 && in_flight_.empty()) return give_memory_back();
    excuse_since(listened_at);
    if (!has_more) wait(round);
    int running = 0;
    require(curl_multi_perform(multi_.get(), &running));
    listened_at = std::chrono::steady_clock::now();
    settle_all(round);
    give_back(round, listened_at);
  }
}

// The functions that we are given may take their time, when the database is slow; the answers of
// all hosts lie unread meanwhile.
void PushClient::State::excuse_since(Instant listened_at) {
  const auto deaf = std::chrono::steady_clock::now() - listened_at;
  if (deaf < kDeaf) return;
  for (auto& [origin, host] : hosts_) host.excuse(deaf);
}

// Answers whether the source may have more at once.
bool PushClient::State::pull(Round& round) {
  for (std::size_t pulls = 0; waiting_ < kMaxWaiting && !round.is_dry; ++pulls) {
    if (pulls == kPullsARound) return true;
    auto request = round.next();
    if (!request) {
      round.is_dry = true;
      break;
    }
    auto& host = queue_of(request->url);
    host.waiting.push_back({*std::move(request)});
    ++waiting_;
    start(host, round);
  }
  return false;
}

void PushClient::State::start_all(Round& round) {
  if (waiting_ == 0) return;
  for (auto& [origin, host] : hosts_) start(host, round);
}

void PushClient::State::start(HostQueue& host, Round& round) {
  while (!host.waiting.empty() && !host.is_held_back && in_flight_.size() < kMaxInFlight) {
    const auto now = std::chrono::steady_clock::now();
    const bool is_new = host.in_flight() == 0;
    if (!host.has_room(now) || (is_new && busy_hosts_ == kMaxHosts)) return;
    auto transfer = spare_transfer();
    auto queued = std::move(host.waiting.front());
    host.waiting.pop_front();
    --waiting_;
    CURL* const handle = transfer->handle();
    if (!transfer->prepare(std::move(queued), host) ||
        curl_multi_add_handle(multi_.get(), handle) != CURLM_OK) {
      report(round, transfer->unsent());
      continue;
    }
    if (is_new) ++busy_hosts_;
    host.sent(now);
    in_flight_.emplace(handle, std::move(transfer));
  }
}

void PushClient::State::settle_all(Round& round) {
  int left = 0;
  while (CURLMsg* const message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;  // the message dies with the next call
    CURL* const handle = message->easy_handle;
    auto node = in_flight_.extract(handle);
    auto& transfer = node.mapped();
    auto& host = transfer->host();
    const auto reply = transfer->reply(code);
    const bool is_settled = reply.status || !transfer->is_to_start_again(code);
    curl_multi_remove_handle(multi_.get(), handle);
    host.settled(std::chrono::steady_clock::now(), reply.status.has_value());
    if (host.in_flight() == 0) --busy_hosts_;
    if (!is_settled) {
      host.start_again(transfer->take(), std::chrono::steady_clock::now());
      ++waiting_;
    }
    transfer->clear();
    if (spare_.size() < settings_.connections * settings_.streams)
      spare_.push_back(std::move(transfer));
    if (is_settled) report(round, reply);
  }
  forget_idle_hosts();
}

void PushClient::State::hold_back(std::string_view origin) {
  const auto found = hosts_.find(origin);
  if (found != hosts_.end()) found->second.is_held_back = true;
}

// When everything that waits waits for a silent host, nothing else could be pulled either.
void PushClient::State::give_back(Round& round, Instant listened_at) {
  for (auto& [origin, host] : hosts_)
    if (std::exchange(host.is_held_back, false)) give_back(host, round, kHeldBack);
  if (waiting_ == 0 || (waiting_ < kMaxWaiting && !round.is_dry)) return;
  const bool all_silent = std::ranges::all_of(hosts_, [&](const auto& entry) {
    return entry.second.waiting.empty() || entry.second.is_silent(listened_at);
  });
  if (!all_silent) return;
  for (auto& [origin, host] : hosts_) give_back(host, round, kSilent);
}

void PushClient::State::give_back(HostQueue& host, Round& round, const webpush::PushReply& unsent) {
  while (!host.waiting.empty()) {
    auto reply = unsent;
    reply.tag = host.waiting.front().request.tag;
    host.waiting.pop_front();
    --waiting_;
    report(round, reply);
  }
}

void PushClient::State::tick_if_due(Round& round) {
  const auto now = std::chrono::steady_clock::now();
  if (now < round.tick_at) return;
  round.tick();
  round.tick_at = std::chrono::steady_clock::now() + kTickEvery;
  round.is_dry = false;
}

void PushClient::State::wait(const Round& round) {
  const auto now = std::chrono::steady_clock::now();
  auto until = round.tick_at;
  bool is_paused = false;
  for (const auto& [origin, host] : hosts_)
    if (!host.waiting.empty() && host.paused_until() > now) {
      until = std::min(until, host.paused_until());
      is_paused = true;
    }
  if (in_flight_.empty() && !is_paused) return;
  const auto left = until - now;
  const auto rounded_up = std::chrono::ceil<milliseconds>(left).count();
  const int timeout =
      static_cast<int>(std::clamp<milliseconds::rep>(rounded_up, 0, kTickEvery.count()));
  require(curl_multi_poll(multi_.get(), nullptr, 0, timeout, nullptr));
}

void PushClient::State::report(Round& round, const webpush::PushReply& reply) {
  round.is_dry = false;
  round.done(reply);
}

HostQueue& PushClient::State::queue_of(const std::string& url) {
  const auto endpoint = webpush::Endpoint::trusted(url);
  const auto found = hosts_.find(endpoint.origin());
  if (found != hosts_.end()) return found->second;
  return hosts_.emplace(endpoint.origin(), HostQueue{settings_.streams, settings_.connections})
      .first->second;
}

// Strangers name hosts below the allowed suffixes, so what is known of a host is not kept for ever.
void PushClient::State::forget_idle_hosts() {
  if (hosts_.size() <= kMaxHosts) return;
  std::erase_if(hosts_, [](const auto& entry) { return entry.second.is_idle(); });
}

// Each transfer has a buffer that it seldom fills, and thousands of requests leave their traces all
// over the heap: kept, a process would grow from shard to shard until every page was touched once.
void PushClient::State::give_memory_back() {
  spare_.clear();
  malloc_trim(0);
}

std::unique_ptr<Transfer> PushClient::State::spare_transfer() {
  if (spare_.empty()) return std::make_unique<Transfer>(settings_, guard_, ca_bundle_.path());
  auto transfer = std::move(spare_.back());
  spare_.pop_back();
  return transfer;
}

void PushClient::State::drop_all() noexcept {
  for (auto& [handle, transfer] : in_flight_) curl_multi_remove_handle(multi_.get(), handle);
  in_flight_.clear();
  hosts_.clear();
  waiting_ = 0;
  busy_hosts_ = 0;
}

PushClient::PushClient(Settings settings) : state_(std::make_unique<State>(std::move(settings))) {}
PushClient::~PushClient() = default;

void PushClient::hold_back(std::string_view origin) { state_->hold_back(origin); }

void PushClient::send(const Source& next, const Report& done, const Tick& tick) {
  try {
    state_->send(next, done, tick);
  } catch (...) {
    state_->drop_all();
    throw;
  }
}

}  // namespace lamppost::curl
