#include "lib/web/sending.h"

#include "lib/base/failure.h"
#include "lib/base/log.h"
#include "lib/core/campaign_run.h"
#include "lib/web/campaign_json.h"

namespace lamppost::web {
namespace {

constexpr Seconds kPatience{60};  // with a push service that rests; then `lamppost resume` goes on

class LineWriter {
 public:
  LineWriter(Sink& sink, const Clock& clock, const core::Progress& first)
      : sink_(sink), clock_(clock), last_(settled_of(first)), last_at_(clock.now()) {}

  void tell(const core::Progress& progress, std::string_view state) {
    const auto now = clock_.now();
    const auto settled = settled_of(progress);
    const auto seconds = static_cast<std::uint64_t>((now - last_at_).count());
    const auto rate = seconds > 0 && settled > last_ ? (settled - last_) / seconds : 0;
    last_ = settled;
    last_at_ = now;
    write(progress_line(progress, state, rate));
  }
  void write(json::Object line) { sink_.write(json::write(std::move(line)) + '\n'); }

 private:
  static std::uint64_t settled_of(const core::Progress& progress) {
    return progress.counts.audience() - progress.counts.waiting();
  }

  Sink& sink_;
  const Clock& clock_;
  std::uint64_t last_;  // settled, when we told last
  Time last_at_;
};

bool is_under_way(core::CampaignState state) {
  return state == core::CampaignState::Preparing || state == core::CampaignState::Sending;
}

// standing  as it is at first
void stream_lines(Sink& sink, const core::Progress& standing, const AdminPorts& ports) {
  const auto id = standing.id;
  auto last = standing;
  LineWriter lines(sink, ports.sending.clock, last);
  // At once, since nginx holds the headers back until the first byte.
  lines.tell(last, core::to_text(last.state));
  try {
    core::CampaignRun run(ports.sending);
    last = run.run(id, kPatience, ports.stop, [&](const core::Progress& progress) {
      last = progress;
      lines.tell(progress, core::to_text(progress.state));
    });
    if (is_under_way(last.state)) return lines.tell(last, "interrupted");
    if (const auto campaign = ports.sending.campaigns.read(id))
      lines.write(
          to_json(*campaign, last, ports.sending.services.states(), count_clicks(id, ports)));
  } catch (const Failure& failure) {
    log::error("send_interrupted", {{"campaign", id.value}, {"reason", failure.what()}});
    lines.tell(last, "interrupted");
  }
}

Response stream_campaign(CampaignId id, const AdminPorts& ports) {
  const auto state = ports.campaigns.state(id);
  if (!state) return no_such_campaign();
  auto standing = ports.sending.shards.sum(id);
  standing.id = id;
  standing.state = *state;
  Response response{.type = "application/x-ndjson", .headers = {}, .body = {}, .stream = {}};
  response.headers.emplace_back("X-Accel-Buffering", "no");
  response.stream = [standing, ports](Sink& sink) { stream_lines(sink, standing, ports); };
  return response;
}

}  // namespace

Response no_such_campaign() { return refusal(404, "not_found", "", "There is no such campaign"); }

core::Progress send_within_budget(CampaignId id, const AdminPorts& ports,
                                  const std::function<void()>& keep_alive) {
  auto& clock = ports.sending.clock;
  const auto deadline = clock.now() + kBudget;
  const auto stop = [&] { return ports.stop() || clock.now() >= deadline; };
  // The budget ends it, and not that others hold all shards: they may be done in a moment.
  core::CampaignRun run(ports.sending);
  return run.run(id, kBudget + core::ShardRun::kLease, stop,
                 [&](const core::Progress&) { keep_alive(); });
}

std::uint64_t count_clicks(CampaignId id, const AdminPorts& ports) {
  const auto sums = ports.clicks.sums(id, id);
  const auto found = sums.find(id);
  return found == sums.end() ? 0 : found->second;
}

Response show_standing(CampaignId id, int status, const AdminPorts& ports) {
  const auto campaign = ports.campaigns.read(id);
  if (!campaign) return no_such_campaign();
  return answer(status, to_json(*campaign, ports.sending.shards.sum(id),
                                ports.sending.services.states(), count_clicks(id, ports)));
}

Response send_campaign(const Request& request, CampaignId id, const AdminPorts& ports) {
  if (request.header("accept").find("application/x-ndjson") != std::string_view::npos)
    return stream_campaign(id, ports);
  const auto progress = send_within_budget(id, ports, [] {});
  return show_standing(id, is_under_way(progress.state) ? 202 : 200, ports);
}

}  // namespace lamppost::web
