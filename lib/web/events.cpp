#include "lib/web/events.h"

#include "lib/base/base64url.h"
#include "lib/core/members.h"

#include <algorithm>

namespace lamppost::web {
namespace {

using core::EventKind;

struct Report {
  core::MessageId message;
  EventKind kind;
  std::string action;
};

Result<Report> read_report(std::string_view body) {
  const auto object = json::parse_object(body);
  if (!object) return object.error();
  core::Members members(*object, "");
  const auto bytes = decode_base64url(members.required_text("id", 64));
  const auto event = members.required_text("event", 16);
  Report report{{}, EventKind::Shown, members.text("action", 1)};
  if (members.error()) return *members.error();

  if (!bytes || bytes->size() != report.message.size())
    return Error{"id", "must be the id of a message: 16 bytes of base64url"};
  std::ranges::copy(*bytes, report.message.begin());
  if (event == "clicked")
    report.kind = EventKind::Clicked;
  else if (event == "closed")
    report.kind = EventKind::Closed;
  else if (event != "shown")
    return Error{"event", "must be shown, clicked or closed"};
  const bool is_button = report.action == "0" || report.action == "1";
  if (!report.action.empty() && (!is_button || report.kind != EventKind::Clicked))
    return Error{"action", "must be 0 or 1, of a button that was clicked"};
  return report;
}

}  // namespace

Response report_event(const Request& request, const PublicPorts& ports) {
  if (!ports.report_events) return refusal(404, "not_found", "", "This site does not want to know");
  const auto report = read_report(request.body);
  if (!report) return bad_input(report.error());
  if (!ports.events.count(report->message, report->kind, report->action, ports.clock.now()))
    return refusal(404, "not_found", "id", "No message has this id");
  return {.status = 204, .headers = {}, .body = {}, .stream = {}};
}

}  // namespace lamppost::web
