#include "lib/mysql/shard_blob.h"

#include "lib/base/failure.h"
#include "lib/base/json.h"
#include "lib/base/text.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <optional>

namespace lamppost::mysql {
namespace {

constexpr unsigned kDigitBits = 7;
constexpr std::uint64_t kDigit = 0x7f;
constexpr std::uint8_t kMore = 0x80;
constexpr unsigned kFateBits = 4;
constexpr std::uint64_t kShortRun = 15;  // what the rest of a fate's byte can count
static_assert(core::kFates <= kShortRun + 1);

// In base 128, low digits first, the high bit set on all but the last one.
void append_number(std::string& packed, std::uint64_t number) {
  for (; number > kDigit; number >>= kDigitBits)
    packed += static_cast<char>((number & kDigit) | kMore);
  packed += static_cast<char>(number);
}

// None: it does not end, or is more than 64 bits.
std::optional<std::uint64_t> take_number(std::string_view& packed) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; !packed.empty(); shift += kDigitBits) {
    const auto byte = static_cast<std::uint8_t>(packed.front());
    const auto digit = byte & kDigit;
    packed.remove_prefix(1);
    if (shift >= 64 || digit << shift >> shift != digit) return std::nullopt;
    number |= digit << shift;
    if ((byte & kMore) == 0) return number;
  }
  return std::nullopt;
}

json::Object pack_counts(const core::Counts& counts) {
  json::Object object;
  for (std::size_t i = 0; i < core::kFates; ++i)
    if (const auto n = counts[static_cast<core::Fate>(i)]; n > 0)
      object.append(std::to_string(i), n);
  return object;
}

[[noreturn]] void refuse(const char* what) {
  throw StoreFailure(std::string("a shard's ") + what + " are not readable");
}

const json::Object& object_of(const json::Value* value) {
  if (!value || !value->object()) refuse("sums");
  return *value->object();
}

std::uint64_t number_of(const json::Value& value) {
  if (!value.integer() || *value.integer() < 0) refuse("sums");
  return static_cast<std::uint64_t>(*value.integer());
}

core::Counts unpack_counts(const json::Object& object) {
  core::Counts counts;
  for (const auto& [name, number] : object.members()) {
    std::size_t fate = core::kFates;
    const auto end = name.data() + name.size();
    if (std::from_chars(name.data(), end, fate).ptr != end || fate >= core::kFates) refuse("sums");
    counts[static_cast<core::Fate>(fate)] = number_of(number);
  }
  return counts;
}

}  // namespace

std::string pack_ids(std::span<const SubscriptionId> ids) {
  std::string packed;
  packed.reserve(ids.size());
  std::uint64_t last = 0;
  for (const auto id : ids) {
    assert(id.value > last);
    append_number(packed, id.value - last);
    last = id.value;
  }
  return packed;
}

std::vector<SubscriptionId> unpack_ids(std::string_view packed) {
  std::vector<SubscriptionId> ids;
  ids.reserve(std::min(packed.size(), core::kShardSize));
  std::uint64_t last = 0;
  while (!packed.empty()) {
    const auto difference = take_number(packed);
    if (!difference || *difference == 0 || *difference > UINT64_MAX - last ||
        ids.size() == core::kShardSize)
      refuse("ids");
    ids.push_back({last += *difference});
  }
  if (ids.empty()) refuse("ids");
  return ids;
}

std::string pack_fates(std::span<const core::Fate> fates) {
  std::string packed;
  for (auto run = fates.begin(); run != fates.end();) {
    const auto end = std::find_if(run, fates.end(), [&](auto fate) { return fate != *run; });
    const auto length = static_cast<std::uint64_t>(end - run);
    const auto fate = static_cast<std::uint64_t>(*run);
    const bool is_short = length <= kShortRun;
    packed += static_cast<char>(is_short ? length << kFateBits | fate : fate);
    if (!is_short) append_number(packed, length);
    run = end;
  }
  return packed;
}

std::vector<core::Fate> unpack_fates(std::string_view packed) {
  std::vector<core::Fate> fates;
  fates.reserve(core::kShardSize);
  while (!packed.empty()) {
    const auto byte = static_cast<std::uint8_t>(packed.front());
    packed.remove_prefix(1);
    const auto fate = byte & kShortRun;
    auto length = std::optional<std::uint64_t>(byte >> kFateBits);
    if (length == 0) length = take_number(packed);
    if (fate >= core::kFates || !length || *length == 0 ||
        *length > core::kShardSize - fates.size())
      refuse("fates");
    fates.insert(fates.end(), *length, static_cast<core::Fate>(fate));
  }
  return fates;
}

std::string pack_sums(const core::Counts& all,
                      const std::map<std::string, core::ServiceProgress>& services) {
  // Text that is not UTF-8 is mended when JSON is written, and must not be one name twice then.
  std::map<std::string, core::ServiceProgress> named;
  for (const auto& [name, service] : services) {
    auto& progress = named[valid_utf8(name)];
    progress.counts.add(service.counts);
    for (const auto& [reason, n] : service.reasons) progress.reasons[valid_utf8(reason)] += n;
  }
  json::Object by_service;
  for (const auto& [name, service] : named) {
    json::Object reasons;
    for (const auto& [reason, n] : service.reasons) reasons.append(reason, n);
    by_service.append(name, json::Object{{"counts", pack_counts(service.counts)},
                                         {"reasons", std::move(reasons)}});
  }
  return json::write(json::Object{{"all", pack_counts(all)}, {"services", std::move(by_service)}});
}

void add_sums(std::string_view packed, core::Progress& progress) {
  const auto sums = json::parse_object(packed);
  if (!sums) refuse("sums");
  progress.counts.add(unpack_counts(object_of(sums->find("all"))));
  for (const auto& [name, value] : object_of(sums->find("services")).members()) {
    const auto& stored = object_of(&value);
    auto& service = progress.services[name];
    service.counts.add(unpack_counts(object_of(stored.find("counts"))));
    for (const auto& [reason, n] : object_of(stored.find("reasons")).members())
      service.reasons[reason] += number_of(n);
  }
}

}  // namespace lamppost::mysql
