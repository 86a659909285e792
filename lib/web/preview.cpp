#include "lib/web/preview.h"

#include "lib/core/delivery.h"
#include "lib/core/order.h"
#include "lib/core/warnings.h"
#include "lib/webpush/encrypt.h"

namespace lamppost::web {
namespace {

constexpr std::size_t kSample = 5;
constexpr std::size_t kRemembered = 50;  // campaigns that are looked through for the same
constexpr Seconds kRecently{86'400};

json::Object audience_json(const std::string& expression, const core::AudienceCount& count,
                           const std::vector<SubscriptionId>& some) {
  json::Array services, sample;
  for (const auto& [name, of_service] : count.services)
    services.push_back(json::Object{{"service", name}, {"count", of_service}});
  for (const auto id : some) sample.push_back(id.value);
  return {{"expression", expression},
          {"count", count.all()},
          {"services", std::move(services)},
          {"sample", std::move(sample)},
          {"paused", count.paused}};
}

json::Array warnings_json(const std::vector<core::Warning>& warnings) {
  json::Array array;
  for (const auto& [code, field, message] : warnings)
    array.push_back(json::Object{{"code", code}, {"field", field}, {"message", message}});
  return array;
}

}  // namespace

Response preview(const Request& request, const AdminPorts& ports) {
  const auto given = json::parse_object(request.body);
  if (!given) return bad_input(given.error());
  const auto now = ports.sending.clock.now();
  const auto delivery = core::parse_delivery(*given, ports.segments, ports.topics, now);
  if (!delivery) return bad_input(delivery.error());
  const auto parsed = core::parse_unfinished(*given, ports.site, ports.defaults);
  if (!parsed) return bad_input(parsed.error());

  auto notification = *parsed;
  const auto id = core::make_message_id();
  core::count_clicks(notification, id, ports.site, ports.defaults.clicks);
  const auto payload = core::make_payload(notification, id);
  auto& subscriptions = ports.sending.subscriptions;
  const auto count = subscriptions.count(delivery->audience, now);
  const auto sample = subscriptions.select(delivery->audience, {}, kSample, now);
  const auto recent = ports.campaigns.list({"", now - kRecently, std::nullopt}, {}, kRemembered);
  const auto* expression = given->find("audience");
  const auto read_back = json::parse(payload);
  return answer(
      200,
      json::Object{
          {"bytes", std::uint64_t{payload.size()}},
          {"limit", std::uint64_t{webpush::kMaxPlaintext}},
          {"payload", read_back ? *read_back : json::Value{}},
          {"audience", audience_json(expression && expression->text() ? *expression->text() : "",
                                     count, sample)},
          {"warnings", warnings_json(core::find_warnings(*given, payload.size(), count, recent))}});
}

}  // namespace lamppost::web
