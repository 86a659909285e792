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
  LineWriter(Sink& sink, const Clock& clock) : sink_(sink), clock_(clock), last_at_(clock.now()) {}

  void tell(const core::Progress& progress, std::string_view state) {
    const auto now = clock_.now();
    const auto settled = progress.counts.audience() - progress.counts.waiting();
    const auto seconds = static_cast<std::uint64_t>((now - last_at_).count());
    const auto rate = seconds > 0 && settled > last_ ? (settled - last_) / seconds : 0;
    last_ = settled;
    last_at_ = now;
    write(progress_line(progress, state, rate));
  }
  void write(json::Object line) { sink_.write(json::write(std::move(line)) + '\n'); }

 private:
  Sink& sink_;
  const Clock& clock_;
  std::uint64_t last_ = 0;
  Time last_at_;
};

bool is_under_way(core::CampaignState state) {
  return state == core::CampaignState::Preparing || state == core::CampaignState::Sending;
}

void stream_lines(Sink& sink, CampaignId id, const AdminPorts& ports) {
  LineWriter lines(sink, ports.sending.clock);
  core::Progress last;
  last.id = id;
  // At once, since nginx holds the headers back until the first byte.
  lines.tell(last, "preparing");
  try {
    core::CampaignRun run(ports.sending);
    last = run.run(id, kPatience, ports.stop, [&](const core::Progress& progress) {
      last = progress;
      lines.tell(progress, core::to_text(progress.state));
    });
    if (is_under_way(last.state)) return lines.tell(last, "interrupted");
    if (const auto campaign = ports.sending.campaigns.read(id))
      lines.write(to_json(*campaign, last, ports.sending.services.states()));
  } catch (const Failure& failure) {
    log::error("send_interrupted", {{"campaign", id.value}, {"reason", failure.what()}});
    lines.tell(last, "interrupted");
  }
}

}  // namespace

core::Progress send_within_budget(CampaignId id, const AdminPorts& ports,
                                  const std::function<void()>& keep_alive) {
  auto& clock = ports.sending.clock;
  const auto deadline = clock.now() + kBudget;
  const auto stop = [&] { return ports.stop() || clock.now() >= deadline; };
  // The budget ends it, and not that others hold all shards: they may be done in a moment.
  core::CampaignRun run(ports.sending);
  return run.run(id, kBudget + core::ShardRun::kLease, stop, [&](const core::Progress&) { keep_alive(); });
}

Response show_standing(CampaignId id, int status, const AdminPorts& ports) {
  const auto campaign = ports.sending.campaigns.read(id);
  if (!campaign) return refusal(404, "not_found", "", "There is no such campaign");
  return answer(status,
                to_json(*campaign, ports.sending.shards.sum(id), ports.sending.services.states()));
}

Response send_campaign(const Request& request, CampaignId id, const AdminPorts& ports) {
  if (request.header("accept").find("application/x-ndjson") != std::string_view::npos) {
    Response response{.type = "application/x-ndjson", .headers = {}, .body = {}, .stream = {}};
    response.headers.emplace_back("X-Accel-Buffering", "no");
    response.stream = [id, ports](Sink& sink) { stream_lines(sink, id, ports); };
    return response;
  }
  const auto progress = send_within_budget(id, ports, [] {});
  return show_standing(id, is_under_way(progress.state) ? 202 : 200, ports);
}

}  // namespace lamppost::web
