#pragma once
// A shard: part of one campaign's audience, held by one worker at a time. It knows each recipient's
// fate and who may be sent to next; it knows nothing of stores or transports.
//
//   Waiting ──hand_out──> HandedOut ──settle──> Accepted | Gone | Failed | Skipped | UnsureKept
//   (final)
//      ^                    │   │
//      │                    │   └──settle──> Later | Unsure ──begin_round──> may be handed out
//      again └─────take_back──────┘   its holder died: Unsure
//
//   past the campaign's time:  Waiting, Later -> Expired; Unsure -> UnsureKept
//   after the last round:      Later -> Failed; Unsure -> UnsureKept
//
// Nobody is handed out twice in a round. Those of before that are sent again are so first, so that
// a round under way is one in which somebody is Waiting: it needs no memory beyond the fates.

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "lib/base/id.h"
#include "lib/core/campaign.h"

namespace lamppost::core {

constexpr std::size_t kShardSize = 5000;

using LeaseOwner = std::array<std::uint8_t, 8>;  // random, of one run

class Shard {
 public:
  CampaignId campaign;
  std::uint32_t number = 0;         // in the order of the ids
  std::vector<SubscriptionId> ids;  // rising; at most kShardSize
  std::vector<Fate> fates;          // one each
  std::uint32_t attempt = 0;        // rounds in which something was tried
  LeaseOwner owner{};
  std::map<std::string, ServiceProgress> services;  // settled ones, by push service

  /// Whoever held it before is dead: what it had handed out is unsure. Then, if no round is under
  /// way, the next one begins.
  void take_over();

  struct HandedOut {
    std::size_t position;
    bool again;  // it was unsure: its browser may have it already
  };
  /// Marks at most `limit` more as handed out: unsure ones first, then in the order of the ids.
  std::vector<HandedOut> hand_out(std::size_t limit);

  /// Notes what became of one. The reason may be empty, the service too when it is not known; there
  /// are names for only so many of both, the rest is "other".
  void settle(std::size_t position, Fate fate, const std::string& service,
              const std::string& reason);

  /// One that was handed out and for certain never sent may be handed out again.
  void take_back(const HandedOut&);

  void expire_rest();
  void give_up_rest();

  /// Opens again what was closed, and with it the count of rounds. False: there was nothing.
  bool reopen(Fate from, Fate to);

  std::uint64_t count(Fate fate) const;
  Counts counts() const;
  /// Nobody is left to hand out or to settle.
  bool is_round_over() const;
  /// Nothing changes any more, but by the owner's word.
  bool is_finished() const;

 private:
  void replace(Fate from, Fate to);
  std::vector<std::size_t> again_;  // unsure ones that this round sends again, last one first
};

}  // namespace lamppost::core
