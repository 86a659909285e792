#include "lib/mysql/shard_blob.h"

#include "lib/base/failure.h"
#include "lib/base/json.h"

#include <algorithm>
#include <charconv>

namespace lamppost::mysql {
namespace {

constexpr std::uint64_t kDigit = 0x7f;
constexpr std::uint8_t kMore = 0x80;

json::Object pack_counts(const core::Counts& counts) {
  json::Object object;
  for (std::size_t i = 0; i < core::kFates; ++i)
    if (const auto n = counts[static_cast<core::Fate>(i)]; n > 0)
      object.append(std::to_string(i), n);
  return object;
}

core::Counts unpack_counts(const json::Value* value) {
  core::Counts counts;
  if (!value || !value->object()) return counts;
  for (const auto& [name, number] : value->object()->members()) {
    std::size_t fate = core::kFates;
    std::from_chars(name.data(), name.data() + name.size(), fate);
    if (fate < core::kFates && number.integer())
      counts[static_cast<core::Fate>(fate)] += static_cast<std::uint64_t>(*number.integer());
  }
  return counts;
}

}  // namespace

std::string pack_ids(std::span<const SubscriptionId> ids) {
  std::string packed;
  packed.reserve(ids.size());
  std::uint64_t last = 0;
  for (const auto id : ids) {
    auto difference = id.value - last;
    last = id.value;
    for (; difference > kDigit; difference >>= 7)
      packed += static_cast<char>((difference & kDigit) | kMore);
    packed += static_cast<char>(difference);
  }
  return packed;
}

std::vector<SubscriptionId> unpack_ids(std::string_view packed) {
  std::vector<SubscriptionId> ids;
  std::uint64_t last = 0, difference = 0;
  unsigned shift = 0;
  for (const char c : packed) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (shift > 63) throw StoreFailure("a shard's ids are not readable");
    difference |= (byte & kDigit) << shift;
    shift += 7;
    if ((byte & kMore) != 0) continue;
    ids.push_back({last += difference});
    difference = 0;
    shift = 0;
  }
  if (shift != 0) throw StoreFailure("a shard's ids are not readable");
  return ids;
}

std::string pack_fates(std::span<const core::Fate> fates) {
  std::string packed(fates.size(), '\0');
  std::ranges::transform(fates, packed.begin(), [](core::Fate f) { return static_cast<char>(f); });
  return packed;
}

std::vector<core::Fate> unpack_fates(std::string_view packed) {
  std::vector<core::Fate> fates;
  fates.reserve(packed.size());
  for (const char c : packed) {
    if (static_cast<std::uint8_t>(c) >= core::kFates)
      throw StoreFailure("a shard's fates are not readable");
    fates.push_back(static_cast<core::Fate>(c));
  }
  return fates;
}

std::string pack_sums(const core::Counts& all,
                      const std::map<std::string, core::ServiceProgress>& services) {
  json::Object by_service;
  for (const auto& [name, service] : services) {
    json::Object reasons;
    for (const auto& [reason, n] : service.reasons) reasons.append(reason, n);
    by_service.append(name, json::Object{{"counts", pack_counts(service.counts)},
                                         {"reasons", std::move(reasons)}});
  }
  return json::write(json::Object{{"all", pack_counts(all)}, {"services", std::move(by_service)}});
}

void add_sums(std::string_view packed, core::Progress& progress) {
  const auto sums = json::parse_object(packed);
  if (!sums) throw StoreFailure("a shard's sums are not readable");
  progress.counts.add(unpack_counts(sums->find("all")));
  const auto* services = sums->find("services");
  if (!services || !services->object()) return;
  for (const auto& [name, value] : services->object()->members()) {
    auto& service = progress.services[name];
    if (!value.object()) continue;
    service.counts.add(unpack_counts(value.object()->find("counts")));
    const auto* reasons = value.object()->find("reasons");
    if (!reasons || !reasons->object()) continue;
    for (const auto& [reason, n] : reasons->object()->members())
      if (n.integer()) service.reasons[reason] += static_cast<std::uint64_t>(*n.integer());
  }
}

}  // namespace lamppost::mysql
