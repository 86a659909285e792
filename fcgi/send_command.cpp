#include "fcgi/assembly.h"
#include "fcgi/command.h"
#include "fcgi/stop.h"
#include "lib/core/campaign_run.h"

#include <unistd.h>

#include <charconv>
#include <iostream>

namespace lamppost {
namespace {

using core::Fate;

// The message that the options describe, in the form of the API's, so that both are read alike.
json::Object to_message(const Arguments& arguments) {
  json::Object message;
  for (const auto* name : {"title", "body", "url", "icon", "image", "badge", "tag", "lang", "dir",
                           "urgency", "replace"})
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
  return message;
}

// "require_interaction" -> "--require-interaction: ...".
UsageFailure to_usage_failure(const Error& error) {
  auto option = error.field;
  for (auto& c : option)
    if (c == '_') c = '-';
  return UsageFailure("--" + option + ' ' + error.message);
}

void show(const core::Progress& progress) {
  const auto& counts = progress.counts;
  std::cout << counts[Fate::Accepted] << " accepted, " << counts[Fate::Gone] << " gone, "
            << counts[Fate::Failed] << " failed, " << counts[Fate::Unsure] << " unsure, "
            << counts[Fate::Skipped] << " skipped\n";
  for (const auto& [host, service] : progress.services)
    for (const auto& [reason, count] : service.reasons)
      std::cout << "  " << host << ": " << reason << " (" << count << ")\n";
}

int run(const Arguments& arguments) {
  const auto config = arguments.config();
  const auto site = make_site(config);
  const auto given = to_message(arguments);
  const auto notification = core::parse_notification(given, site, make_defaults(config));
  if (!notification) throw to_usage_failure(notification.error());
  const auto id = core::make_message_id();
  const auto message = core::make_message(*notification, id);
  if (!message) throw UsageFailure("the " + message.error().field + ' ' + message.error().message);

  const Stop stop;
  SendingDesk desk(config);
  // With another key everybody would be skipped, and nobody be wiser.
  require_current_key(config, desk.vapid_keys, load_vapid_key(config).public_point());
  const auto campaign = desk.campaigns.create(
      {.message_id = id, .message = json::write(given), .owner = ""}, desk.clock.now());
  core::CampaignRun sending(desk.subscriptions, desk.push, desk.vapid, desk.policy, desk.clock);
  const bool terminal = isatty(STDERR_FILENO) != 0;
  const auto progress = sending.run(
      campaign, *message, stop.check(), [](auto) {},
      [&](const core::Progress& so_far) {
        const auto settled = so_far.counts.audience() - so_far.counts.waiting();
        if (terminal) std::cerr << "\r" << settled << " sent" << std::flush;
      });
  if (terminal) std::cerr << "\r\033[K";
  desk.campaigns.set_state(campaign, progress.state, desk.clock.now());
  show(progress);
  return progress.state == core::CampaignState::Finished ? 0 : 1;
}

}  // namespace

const Command& send_command() {
  static const Command command{
      "send",
      "",
      "Sends a notification to everybody",
      {{"--title", "TEXT", "what it is about; must be given"},
       {"--body", "TEXT", "what it says"},
       {"--url", "URL", "where a click goes: a path such as /news, or an allowed https URL"},
       {"--icon", "URL", "a small picture"},
       {"--image", "URL", "a large picture"},
       {"--badge", "URL", "a picture for a phone's status bar"},
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
