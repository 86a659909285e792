#pragma once
// How a shard's recipients lie in their rows: ids as differences, fates in runs, sums as JSON.

#include <map>
#include <span>
#include <string>
#include <vector>

#include "lib/core/shard.h"

namespace lamppost::mysql {

// What the pack functions did not write is a StoreFailure to the others.

/// Rising ids, none of them 0, as the differences between them, each in base 128, low digits first,
/// the high bit set on all but the last digit: one byte each where ids are dense.
std::string pack_ids(std::span<const SubscriptionId>);
/// At least one, at most core::kShardSize.
std::vector<SubscriptionId> unpack_ids(std::string_view);

/// Runs of equal fates: a byte of the fate's number and sixteen times the run's length; where that
/// is above 15, sixteen times 0, and the length follows in base 128. Most have the same fate in the
/// end, so that a shard is some hundred bytes; one byte each at worst.
std::string pack_fates(std::span<const core::Fate>);
std::vector<core::Fate> unpack_fates(std::string_view);

/// {"all":{"accepted":n},"services":{"fcm.googleapis.com":{"counts":{...},"reasons":{"403 x":n}}}};
/// what is 0 is left out. Fates are named by their number, which never changes.
std::string pack_sums(const core::Counts& all,
                      const std::map<std::string, core::ServiceProgress>& services);
/// Adds what was packed to `progress`.
void add_sums(std::string_view packed, core::Progress& progress);

}  // namespace lamppost::mysql
