#include "lib/web/campaigns.h"

#include "lib/base/base64url.h"
#include "lib/core/members.h"
#include "lib/core/order.h"
#include "lib/web/campaign_json.h"
#include "lib/web/query.h"
#include "lib/web/sending.h"

#include <algorithm>
#include <charconv>

namespace lamppost::web {
namespace {

using core::CampaignState;

constexpr Seconds kSameAgain{60};
constexpr std::size_t kListed = 50, kMostListed = 100;
constexpr std::size_t kMaxSearch = 200;  // bytes
constexpr std::size_t kMaxKey = 200;

Response duplicate(CampaignId first) {
  return refusal(409, "duplicate", "",
                 "The same message was sent less than a minute ago, as campaign " +
                     std::to_string(first.value) + "; \"force\": true sends it all the same");
}

// A key that two posts of the same message in the same minute share, so that a double click that
// passes the look for a duplicate twice still makes one campaign. No caller's key has a space.
std::string minute_key(const core::NewCampaign& order, Time now) {
  return "auto " + encode_base64url(crypto::sha256(as_bytes(order.owner))) + ' ' +
         encode_base64url(order.body_sha) + ' ' +
         std::to_string(now.time_since_epoch() / kSameAgain);
}

// The one campaign of this message in this minute; one that was cancelled makes room for another.
core::CampaignStore::Created create_once(core::NewCampaign order, core::CampaignStore& campaigns,
                                         Time now) {
  const auto key = minute_key(order, now);
  order.request_key = key;
  for (;;) {
    const auto created = campaigns.create(order, now);
    if (created.fresh || campaigns.state(created.id) != CampaignState::Cancelled) return created;
    order.request_key = key + " after " + std::to_string(created.id.value);
  }
}

struct Asked {
  core::NewCampaign order;
  bool send_now, force;
  bool is_scheduled() const { return order.send_at.has_value(); }
};

Result<Asked> read_asked(const Request& request, const AdminPorts& ports) {
  const auto given = json::parse_object(request.body);
  if (!given) return given.error();
  core::Members members(*given, "");
  const bool send_now = members.boolean("send");
  const bool force = members.boolean("force");
  if (members.error()) return *members.error();
  const auto delivery =
      core::parse_delivery(*given, ports.segments, ports.topics, ports.sending.clock.now());
  if (!delivery) return delivery.error();
  auto ordered = core::order_campaign(*given, ports.site, ports.defaults, request.owner, *delivery);
  if (!ordered) return ordered.error();
  Asked asked{*std::move(ordered), send_now, force};
  if (!send_now && !asked.is_scheduled()) asked.order.state = CampaignState::Draft;
  return asked;
}

Response create_with_key(const Request& request, Asked asked, std::string_view key,
                         const AdminPorts& ports) {
  if (key.size() > kMaxKey || !std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; }))
    return refusal(400, "bad_idempotency_key", "Idempotency-Key",
                   "Idempotency-Key must be at most 200 visible ASCII characters");
  asked.order.request_key = key;
  const auto now = ports.sending.clock.now();
  const auto [id, fresh, same_body] = ports.campaigns.create(asked.order, now);
  if (!fresh && !same_body)
    return refusal(422, "key_reused", "Idempotency-Key",
                   "This Idempotency-Key belongs to campaign " + std::to_string(id.value) +
                       ", which has another message");
  if (!asked.send_now || asked.is_scheduled()) return show_standing(id, fresh ? 201 : 200, ports);
  // It may have been kept as a draft until now.
  if (!fresh)
    ports.campaigns.set_state(id, {CampaignState::Draft}, CampaignState::Preparing, "", now);
  return send_campaign(request, id, ports);
}

struct Page {
  core::CampaignFilter filter;
  CampaignId before{};
  std::size_t limit;
};

Result<std::optional<Time>> read_time(const Request& request, const std::string& name) {
  constexpr std::uint64_t kLatest = 100'000'000'000;  // the year 5138
  if (request.query_value(name).empty()) return std::optional<Time>{};
  const auto seconds = query_number(request, name, 0, 0, kLatest);
  if (!seconds) return seconds.error();
  return std::optional<Time>{Seconds{static_cast<Seconds::rep>(*seconds)}};
}

Result<Page> read_page(const Request& request) {
  Page page;
  if (const auto text = request.query_value("before"); !text.empty()) {
    const auto id = read_campaign_id(text);
    if (!id) return Error{"before", "must be the id of a campaign"};
    page.before = *id;
  }
  const auto limit = query_number(request, "limit", kListed, 1, kMostListed);
  if (!limit) return limit.error();
  page.limit = *limit;
  auto text = query_text(request, "q", kMaxSearch);
  if (!text) return text.error();
  page.filter.text = *std::move(text);
  const auto from = read_time(request, "from"), to = read_time(request, "to");
  if (!from) return from.error();
  if (!to) return to.error();
  page.filter.from = *from;
  page.filter.to = *to;
  return page;
}

}  // namespace

std::optional<CampaignId> read_campaign_id(std::string_view text) {
  std::uint64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size() || id > INT64_MAX)
    return std::nullopt;
  return CampaignId{id};
}

Response create_campaign(const Request& request, const Parts&, const AdminPorts& ports) {
  auto asked = read_asked(request, ports);
  if (!asked) return bad_input(asked.error());
  if (const auto key = request.header("idempotency-key"); !key.empty())
    return create_with_key(request, *std::move(asked), key, ports);
  auto& campaigns = ports.campaigns;
  const auto now = ports.sending.clock.now();
  const auto& order = asked->order;
  const auto go_on = [&](CampaignId id) {
    return asked->is_scheduled() ? show_standing(id, 201, ports)
                                 : send_campaign(request, id, ports);
  };
  if (order.state == CampaignState::Draft)
    return show_standing(campaigns.create(order, now).id, 201, ports);
  if (asked->force) return go_on(campaigns.create(order, now).id);
  if (const auto first = campaigns.find_same(order.owner, order.body_sha, now - kSameAgain))
    return duplicate(*first);
  const auto [id, fresh, same_body] = create_once(order, campaigns, now);
  return fresh ? go_on(id) : duplicate(id);
}

Response list_campaigns(const Request& request, const Parts&, const AdminPorts& ports) {
  const auto asked = read_page(request);
  if (!asked) return bad_input(asked.error());
  // One more than is told: then there is a next page.
  auto campaigns = ports.campaigns.list(asked->filter, asked->before, asked->limit + 1);
  json::Value next = nullptr;
  if (campaigns.size() > asked->limit) {
    campaigns.pop_back();
    next = campaigns.back().id.value;
  }
  std::vector<CampaignId> ids;
  for (const auto& campaign : campaigns) ids.push_back(campaign.id);
  const auto sums = ports.sending.shards.sums(ids);
  const auto states = ports.sending.services.states();
  const auto clicks = campaigns.empty()
                          ? std::map<CampaignId, std::uint64_t>{}
                          : ports.clicks.sums(campaigns.back().id, campaigns.front().id);
  json::Array list;
  for (std::size_t i = 0; i < campaigns.size(); ++i) {
    const auto found = clicks.find(campaigns[i].id);
    list.push_back(
        to_json(campaigns[i], sums[i], states, found == clicks.end() ? 0 : found->second));
  }
  return answer(200, json::Object{{"campaigns", std::move(list)}, {"next", std::move(next)}});
}

Response show_campaign(const Request&, const Parts& parts, const AdminPorts& ports) {
  const auto id = read_campaign_id(parts[0]);
  const auto campaign = id ? ports.campaigns.read(*id) : std::nullopt;
  if (!campaign) return no_such_campaign();
  const auto clicks = ports.clicks.of(*id);
  std::uint64_t sum = 0;
  for (const auto& [action, n] : clicks.actions) sum += n;
  auto shown =
      to_json(*campaign, ports.sending.shards.sum(*id), ports.sending.services.states(), sum);
  append_clicks(shown, *campaign, clicks);
  return answer(200, shown);
}

}  // namespace lamppost::web
