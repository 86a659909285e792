#include "tests/core/history.h"

#include "lib/core/shard_run.h"

namespace lamppost::testing {
namespace {

constexpr Time kStart{Seconds{1'800'000'000}};
constexpr Seconds kTick{60};  // of cron, which brings a new worker

// Three services, one of which shows twins.
std::string url_of(std::size_t i) {
  constexpr std::array kHosts{"push.example.net", "a.push.example.org", "web.push.apple.com"};
  return "https://" + std::string(kHosts[i % kHosts.size()]) + '/' + std::to_string(i);
}

const crypto::KeyPair& vapid_key() {
  static const auto key = crypto::KeyPair::generate();  // as costly as a whole history
  return key;
}

}  // namespace

History::History(HistoryPlan plan)
    : plan_(std::move(plan)), time_(plan_.seed, kStart, plan_.chances), shards_(plan_.seed) {
  vapid_.add(kKeyId, {vapid_key(), "mailto:push@example.com"});
  core::NewCampaign order{};
  order.message.ttl = webpush::kMaxTtl;
  order.state = core::CampaignState::Preparing;
  campaign_ = campaigns_.create(order, kStart).id;
  campaigns_.set_state(campaign_, {order.state}, core::CampaignState::Sending, "", kStart);

  std::size_t i = 0;
  for (std::uint32_t number = 0; number < plan_.shards.size(); ++number) {
    std::vector<SubscriptionId> ids;
    for (const auto end = i + plan_.shards[number]; i < end; ++i) {
      const auto url = url_of(i);
      const auto id = subscriptions_.put(subscription(url), kStart).id;
      ids.push_back(id);
      urls_[id] = url;
      recipients_[url] = {.id = id,
                          .shows_twins = url.find("apple") != std::string::npos,
                          .is_gone = time_.random() % plan_.gone == 0};
    }
    shards_.cut(campaign_, number, ids);
  }

  const auto call = [this](std::string_view) { on_call(); };
  for (fakes::Disturbance* store : std::initializer_list<fakes::Disturbance*>{
           &subscriptions_, &campaigns_, &shards_.rows, &services_}) {
    store->before = call;
    store->after = call;
  }
  shards_.on_claim = [this](const core::Shard& shard) { on_claim(shard); };
  shards_.on_advance = [this](const core::Shard& shard) { on_advance(shard); };
}

void History::run() {
  for (std::size_t i = 0; i < plan_.workers; ++i) start(Seconds{0});
  time_.run();
  check_end();
}

void History::on_call() {
  if (quiet_) return;
  time_.pause();
  if (plan_.store_fails > 0 && time_.random() % plan_.store_fails == 0)
    throw StoreFailure("away, as the seed says");
}

void History::start(Seconds later) {
  auto& worker = *workers_.emplace_back(std::make_unique<Worker>());
  worker.push = std::make_unique<TimedPushService>(time_, time_.random());
  worker.push->streams = plan_.streams;
  worker.push->shuffled = true;
  worker.push->on_reply = [this] { time_.pause(); };
  worker.push->on_request = [this](const auto& request) { on_request(request.url); };
  worker.push->answer = [this](const std::string& url) { return answer(url); };
  time_.start([this, later, number = workers_.size() - 1] {
    try {
      time_.sleep(later);
      work(number);
    } catch (const Killed&) {
      ++killed;
    } catch (const StoreFailure&) {
      ++interrupted;
    }
    if (killed + interrupted >= plan_.accidents) {
      time_.calm_down();
      plan_.store_fails = 0;
    }
    if (!is_finished()) start(kTick);
  });
}

void History::work(std::size_t number) {
  auto& worker = *workers_[number];
  const core::SendingPorts ports{subscriptions_, campaigns_, shards_, services_,
                                 *worker.push,   vapid_,     policy_, time_};
  core::CampaignRun run(ports);
  run.run(
      campaign_, Seconds{time_.random() % 120}, [this] { return time_.is_stopping(); },
      [this](const core::Progress& told) {
        if (told.counts.audience() != recipients_.size()) say("the audience changed");
      });
}

bool History::is_finished() {
  quiet_ = true;
  const auto state = campaigns_.state(campaign_);
  quiet_ = false;
  return state == core::CampaignState::Finished;
}

void History::on_claim(const core::Shard& shard) {
  holder_[shard.number] = time_.current();
  workers_[time_.current()]->shard = shard.number;
  workers_[time_.current()]->sent.clear();
  for (std::size_t i = 0; i < shard.ids.size(); ++i)
    if (shard.fates[i] == core::Fate::HandedOut) recipients_[urls_[shard.ids[i]]].is_unsure = true;
}

void History::on_advance(const core::Shard& shard) {
  using enum core::Fate;
  most_marked = std::max<std::size_t>(most_marked, shard.count(HandedOut));
  // What is stored now, not what was given: its writer may have been suspended since, and others
  // went on.
  const auto stored = shards_.quietly([&] { return shards_.fates(campaign_, shard.number); });
  for (std::size_t i = 0; i < shard.ids.size(); ++i) {
    const auto fate = stored->at(i);
    const auto& url = urls_[shard.ids[i]];
    const auto& it = recipients_[url];
    if (it.is_unsure && (fate == Waiting || fate == Later || fate == Expired))
      say(url + " was unsure and is no more");
    if (fate == Accepted && it.accepted == 0) say(url + " is told accepted and was not");
  }
}

void History::on_request(const std::string& url) {
  auto& it = recipients_.at(url);
  auto& worker = *workers_[time_.current()];
  const auto place = shards_.places.at(it.id);
  const auto fates = shards_.quietly([&] { return shards_.fates(campaign_, place.number); });
  if (fates->at(place.position) != core::Fate::HandedOut) say(url + " was not marked");
  if (place.number != worker.shard || holder_[place.number] != time_.current())
    say(url + " was sent to by one who does not hold its shard");
  if (!worker.sent.insert(url).second) say(url + " was sent to twice in a round");
  if (it.accepted > 0 && !it.is_unsure) say(url + " was sent to again after it was accepted");
  if (it.is_unsure && it.shows_twins) say(url + " would show a twin");
  twins += it.is_unsure;
  ++it.sent;
  ++sent;
}

TimedPushService::Answer History::answer(const std::string& url) {
  auto& it = recipients_.at(url);
  TimedPushService::Answer answer;
  if (it.is_gone) {
    answer.status = 410;
  } else if (time_.random() % plan_.troubled != 0) {
    ++it.accepted;
  } else {
    constexpr std::array kStatuses{500, 503, 429, 403, 400};
    const auto kind = time_.random() % 9;
    if (kind < kStatuses.size()) {
      answer.status = kStatuses[kind];
    } else if (kind == 5) {
      answer = {.status = 429, .retry_after = Seconds{7}};
    } else {
      answer = TimedPushService::no_answer(kind > 6);
      it.accepted += kind == 8;  // it got there, but its answer was lost
      it.is_unsure = it.is_unsure || kind > 6;
    }
  }
  answer.after = Seconds{time_.random() % static_cast<unsigned>(plan_.slowest.count() + 1)};
  return answer;
}

void History::check_end() {
  using enum core::Fate;
  quiet_ = true;
  counts = shards_.sum(campaign_).counts;
  core::Counts recount;
  for (const auto& [url, it] : recipients_) {
    const auto place = shards_.places.at(it.id);
    const auto fate = shards_.fates(campaign_, place.number)->at(place.position);
    ++recount[fate];
    if (is_open(fate)) say(url + " is open still");
    if (it.sent == 0 && fate != UnsureKept) say(url + " was lost");
    if (it.accepted > 0 && fate != Accepted && !it.is_unsure) say(url + " was accepted, untold");
    if ((fate == Gone) != it.is_gone && !it.is_unsure) say(url + " is gone or not, untold");
    if (!it.is_gone && subscriptions_.rows().at(it.id).gone_at) say(url + " was marked as gone");
  }
  for (std::size_t i = 0; i < core::kFates; ++i) {
    const auto fate = static_cast<core::Fate>(i);
    if (recount[fate] != counts[fate]) say("the counts are no sums");
  }
  if (most_marked > core::ShardRun::kWindow) say("more than a window was marked");
}

}  // namespace lamppost::testing
