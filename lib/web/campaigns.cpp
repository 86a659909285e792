#include "lib/web/campaigns.h"

#include "lib/base/base64url.h"
#include "lib/core/members.h"
#include "lib/core/order.h"
#include "lib/web/campaign_json.h"
#include "lib/web/sending.h"

#include <algorithm>
#include <charconv>

namespace lamppost::web {
namespace {

using core::CampaignState;

constexpr Seconds kSameAgain{60};
constexpr std::size_t kListed = 50;
constexpr std::size_t kMaxKey = 200;

std::optional<std::uint64_t> read_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number > INT64_MAX)
    return std::nullopt;
  return number;
}

Response no_such_campaign() { return refusal(404, "not_found", "", "There is no such campaign"); }

Response duplicate(CampaignId first) {
  auto response =
      refusal(409, "duplicate", "",
              "The same message was sent less than a minute ago, as campaign " +
                  std::to_string(first.value) + "; \"force\": true sends it all the same");
  return response;
}

// A key that two posts of the same message in the same minute share, so that a double click that
// passes the look for a duplicate twice still makes one campaign. No caller's key has a space.
std::string minute_key(const core::NewCampaign& order, Time now) {
  return "auto " + encode_base64url(crypto::sha256(as_bytes(order.owner))) + ' ' +
         encode_base64url(order.body_sha) + ' ' +
         std::to_string(now.time_since_epoch() / kSameAgain);
}

// Sets the campaign's state and goes on with `then`; 409 if it is in another than these.
Response change_state(const Parts& parts, const AdminPorts& ports,
                      std::initializer_list<CampaignState> from, CampaignState to,
                      const std::function<Response(CampaignId)>& then) {
  const auto number = read_number(parts[0]);
  if (!number) return no_such_campaign();
  const CampaignId id{*number};
  auto& campaigns = ports.campaigns;
  if (campaigns.set_state(id, from, to, "", ports.sending.clock.now())) return then(id);
  const auto state = campaigns.state(id);
  if (!state) return no_such_campaign();
  if (*state == to) return then(id);
  return refusal(409, "bad_state", "",
                 "The campaign is " + std::string(core::to_text(*state)) + " and cannot become " +
                     std::string(core::to_text(to)));
}

}  // namespace

Response create_campaign(const Request& request, const Parts&, const AdminPorts& ports) {
  const auto given = json::parse_object(request.body);
  if (!given) return bad_input(given.error());
  core::Members members(*given, "");
  const bool send_now = members.boolean("send");
  const bool force = members.boolean("force");
  if (members.error()) return bad_input(*members.error());
  auto ordered = core::order_campaign(*given, ports.site, ports.defaults, request.owner);
  if (!ordered) return bad_input(ordered.error());
  auto order = *std::move(ordered);
  order.state = send_now ? CampaignState::Preparing : CampaignState::Draft;

  auto& campaigns = ports.campaigns;
  const auto now = ports.sending.clock.now();
  const auto key = request.header("idempotency-key");
  if (key.size() > kMaxKey || !std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; }))
    return refusal(400, "bad_idempotency_key", "Idempotency-Key",
                   "Idempotency-Key must be at most 200 visible ASCII characters");
  if (!key.empty()) {
    order.request_key = key;
  } else if (send_now && !force) {
    if (const auto first = campaigns.find_same(order.owner, order.body_sha, now - kSameAgain))
      return duplicate(*first);
    order.request_key = minute_key(order, now);
  }
  const auto created = campaigns.create(order, now);
  if (!created.fresh && key.empty()) return duplicate(created.id);
  if (!created.fresh && !created.same_body)
    return refusal(422, "key_reused", "Idempotency-Key",
                   "This Idempotency-Key belongs to campaign " + std::to_string(created.id.value) +
                       ", which has another message");
  if (!send_now) return show_standing(created.id, 201, ports);
  return send_campaign(request, created.id, ports);
}

Response list_campaigns(const Request& request, const Parts&, const AdminPorts& ports) {
  CampaignId before{};
  if (const auto text = request.query_value("before"); !text.empty()) {
    const auto number = read_number(text);
    if (!number) return bad_input({"before", "must be the id of a campaign"});
    before.value = *number;
  }
  json::Array list;
  const auto states = ports.sending.services.states();
  for (const auto& campaign : ports.campaigns.list(before, kListed))
    list.push_back(to_json(campaign, ports.sending.shards.sum(campaign.id), states));
  return answer(200, json::Object{{"campaigns", std::move(list)}});
}

Response show_campaign(const Request&, const Parts& parts, const AdminPorts& ports) {
  const auto number = read_number(parts[0]);
  return number ? show_standing({*number}, 200, ports) : no_such_campaign();
}

Response start_campaign(const Request& request, const Parts& parts, const AdminPorts& ports) {
  const auto number = read_number(parts[0]);
  const auto state = number ? ports.campaigns.state({*number}) : std::nullopt;
  if (state == CampaignState::Sending || state == CampaignState::Finished)
    return send_campaign(request, {*number}, ports);  // joins; of a finished one it tells the end
  return change_state(parts, ports, {CampaignState::Draft}, CampaignState::Preparing,
                      [&](CampaignId id) { return send_campaign(request, id, ports); });
}

Response pause_campaign(const Request&, const Parts& parts, const AdminPorts& ports) {
  return change_state(parts, ports, {CampaignState::Sending}, CampaignState::Paused,
                      [&](CampaignId id) { return show_standing(id, 200, ports); });
}

Response resume_campaign(const Request& request, const Parts& parts, const AdminPorts& ports) {
  return change_state(parts, ports, {CampaignState::Paused}, CampaignState::Sending,
                      [&](CampaignId id) { return send_campaign(request, id, ports); });
}

Response cancel_campaign(const Request&, const Parts& parts, const AdminPorts& ports) {
  using enum CampaignState;
  return change_state(parts, ports, {Draft, Scheduled, Preparing, Sending, Paused}, Cancelled,
                      [&](CampaignId id) { return show_standing(id, 200, ports); });
}

Response retry_campaign(const Request& request, const Parts& parts, const AdminPorts& ports) {
  const auto given = json::parse_object(request.body);
  if (!given) return bad_input(given.error());
  core::Members members(*given, "");
  const bool unsure = members.boolean("unsure");
  if (members.error()) return bad_input(*members.error());
  return change_state(
      parts, ports, {CampaignState::Finished}, CampaignState::Sending, [&](CampaignId id) {
        const auto now = ports.sending.clock.now();
        ports.sending.shards.reopen(id, core::Fate::Failed, core::Fate::Later, now);
        if (unsure) ports.sending.shards.reopen(id, core::Fate::UnsureKept, core::Fate::Later, now);
        return send_campaign(request, id, ports);
      });
}

}  // namespace lamppost::web
