#pragma once
// How a shard's recipients lie in their row: ids as differences, fates as bytes, sums as JSON.

#include <map>
#include <span>
#include <string>
#include <vector>

#include "lib/core/shard.h"

namespace lamppost::mysql {

/// Rising ids as the differences between them, each in base 128, low digits first, the high bit set
/// on all but the last digit: one byte each where ids are dense.
std::string pack_ids(std::span<const SubscriptionId>);
/// Throws StoreFailure for what pack_ids did not write.
std::vector<SubscriptionId> unpack_ids(std::string_view);

std::string pack_fates(std::span<const core::Fate>);
std::vector<core::Fate> unpack_fates(std::string_view);

/// {"all":{"accepted":n},"services":{"fcm.googleapis.com":{"counts":{...},"reasons":{"403 x":n}}}};
/// what is 0 is left out. Fates are named by their number, which never changes.
std::string pack_sums(const core::Counts& all,
                      const std::map<std::string, core::ServiceProgress>& services);
/// Adds what was packed to `progress`.
void add_sums(std::string_view packed, core::Progress& progress);

}  // namespace lamppost::mysql
