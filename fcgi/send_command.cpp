#include "fcgi/assembly.h"
#include "fcgi/command.h"
#include "fcgi/progress_bar.h"
#include "fcgi/stop.h"
#include "lib/base/utc.h"
#include "lib/core/campaign_run.h"
#include "lib/core/delivery.h"
#include "lib/core/order.h"

#include <charconv>
#include <iostream>

namespace lamppost {
namespace {

// Unix seconds, or 2026-12-24T18:30Z with or without seconds.
Time read_time(const std::string& text) {
  std::int64_t seconds = 0;
  const auto* end = text.data() + text.size();
  if (const auto [stop, error] = std::from_chars(text.data(), end, seconds);
      error == std::errc{} && stop == end)
    return Time{Seconds{seconds}};
  if (const auto time = parse_utc(text)) return *time;
  throw UsageFailure("--at must be a time such as 2026-12-24T18:30Z, or Unix seconds");
}

// The message that the options describe, in the form of the API's, so that both are read alike.
json::Object to_message(const Arguments& arguments) {
  json::Object message;
  for (const auto* name : {"title", "body", "url", "icon", "image", "badge", "tag", "lang", "dir",
                           "urgency", "replace", "audience"})
    if (const auto value = arguments.value("--" + std::string(name))) message.set(name, *value);
  if (arguments.has("--silent")) message.set("silent", true);
  if (arguments.has("--renotify")) message.set("renotify", true);
  if (arguments.has("--require-interaction")) message.set("require_interaction", true);
  if (const auto ttl = arguments.value("--ttl")) {
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(ttl->data(), ttl->data() + ttl->size(), seconds);
    if (error != std::errc{} || end != ttl->data() + ttl->size())
      throw UsageFailure("--ttl must be a number of seconds");
    message.set("ttl", seconds);
  }
  if (const auto at = arguments.value("--at"))
    message.set("send_at", std::int64_t{read_time(*at).time_since_epoch().count()});
  return message;
}

// "require_interaction" -> "--require-interaction: ...".
UsageFailure to_usage_failure(const Error& error) {
  auto option = error.field == "send_at" ? "at" : error.field;
  for (auto& c : option)
    if (c == '_') c = '-';
  return UsageFailure("--" + option + ' ' + error.message);
}

constexpr Seconds kPatience{60};  // with a push service that rests; then `lamppost resume` goes on

std::uint64_t read_campaign(const std::string& text) {
  std::uint64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size() || id > INT64_MAX)
    throw UsageFailure("--campaign must be the id of a campaign");
  return id;
}

// Makes a campaign of the options, or starts or joins the one that is named.
CampaignId order(const Arguments& arguments, const Config& config, SendingDesk& desk) {
  const auto now = desk.clock.now();
  if (const auto named = arguments.value("--campaign")) {
    const CampaignId id{read_campaign(*named)};
    if (!desk.campaigns.state(id)) throw UsageFailure("there is no campaign " + *named);
    using enum core::CampaignState;
    desk.campaigns.set_state(id, {Draft, Scheduled}, Preparing, "", now);
    return id;
  }
  const auto message = to_message(arguments);
  const auto delivery = core::parse_delivery(message, desk.segments, desk.topics, now);
  if (!delivery) throw to_usage_failure(delivery.error());
  const auto ordered =
      core::order_campaign(message, desk.site, make_defaults(config), "", *delivery);
  if (!ordered) throw to_usage_failure(ordered.error());
  return desk.campaigns.create(*ordered, now).id;
}

int run(const Arguments& arguments) {
  const auto config = arguments.config();
  const Stop stop;
  SendingDesk desk(config);
  // With another key everybody would be skipped, and nobody be wiser.
  require_current_key(config, desk.vapid_keys, load_vapid_key(config).public_point());
  const auto id = order(arguments, config, desk);
  if (desk.campaigns.state(id) == core::CampaignState::Scheduled) {
    std::cout << "campaign " << id.value
              << " scheduled: lamppost resume sends it when its time has come\n";
    return 0;
  }
  core::CampaignRun sending(desk.ports());
  core::Progress progress;
  {
    const ProgressBar bar;
    progress = sending.run(id, kPatience, stop.check(),
                           [&](const core::Progress& so_far) { bar.show(so_far); });
  }
  std::cout << "campaign " << id.value << ' ' << core::to_text(progress.state) << ": "
            << summary(progress);
  if (progress.state == core::CampaignState::Finished) return 0;
  std::cerr << "lamppost: not all is settled; lamppost resume goes on\n";
  return 1;
}

}  // namespace

const Command& send_command() {
  static const Command command{
      "send",
      "",
      "Sends a notification, to everybody or to an audience",
      {{"--campaign", "ID", "sends or joins this one; without it, the message is:"},
       {"--title", "TEXT", "what it is about; must be given"},
       {"--body", "TEXT", "what it says"},
       {"--url", "URL", "where a click goes: a path such as /news, or an allowed https URL"},
       {"--icon", "URL", "a small picture"},
       {"--image", "URL", "a large picture"},
       {"--badge", "URL", "a picture for a phone's status bar"},
       {"--audience", "WHO", "such as news or 'lang:de && !sport'; without it, everybody"},
       {"--at", "TIME", "not before: Unix seconds or 2026-12-24T18:30Z; within a year"},
       {"--tag", "NAME", "takes the place of what is on the screen with the same tag"},
       {"--replace", "NAME", "takes the place of what is not delivered yet, too"},
       {"--lang", "TAG", "language of the texts"},
       {"--dir", "auto|ltr|rtl", "direction of the texts"},
       {"--ttl", "SECONDS", "how long push services keep it, 0 to 2419200"},
       {"--urgency", "LEVEL", "very-low, low, normal or high"},
       {"--silent", "", "without a sound"},
       {"--renotify", "", "with a sound although the tag is on the screen"},
       {"--require-interaction", "", "stays until it is dealt with"}},
      run};
  return command;
}

}  // namespace lamppost
