#pragma once
// A shard: part of one campaign's audience, held by one worker at a time. It knows each recipient's
// fate and who may be sent to next; it knows nothing of stores or transports.
//
//   Waiting ──hand_out──> HandedOut ──settle──> Accepted | Gone | Failed | Skipped | UnsureKept
//   (final)
//      ^                    │   │
//      │                    │   └──settle──> Later | Unsure | UnsureAsked ──take_over──> may be
//      └─────take_back──────┘   its holder died: Unsure                        handed out again
//
//   past the campaign's time:  Waiting, Later -> Expired; Unsure, UnsureAsked -> UnsureKept
//   after the last round:      Later -> Failed; Unsure, UnsureAsked -> UnsureKept
//   the owner's word:          Failed -> Later; UnsureKept -> UnsureAsked
//
// A round is one try for everybody that is open. Who is put off since its push service rests has
// not been tried: it stays Waiting, its turn comes when that rest ends, and no try of it is
// counted.

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
  Time round_at{};  // when the next round begins; 0: nothing was tried so far in the one under way
  LeaseOwner owner{};
  std::map<std::string, ServiceProgress> services;  // settled ones, by push service

  /// Whoever held it before is dead: what it had handed out is unsure. Then, if it is time or
  /// nobody is left in the round under way, the next one begins.
  void take_over(Time now);

  struct HandedOut {
    std::size_t position;
    bool again;          // it was unsure: its browser may have it already
    bool asked = false;  // and the owner wants it sent all the same
  };
  /// Marks at most `limit` more as handed out: unsure ones first, then in the order of the ids.
  std::vector<HandedOut> hand_out(std::size_t limit);

  /// Notes what became of one. The reason may be empty, the service too when it is not known; there
  /// are names for only so many of both, the rest is "other".
  void settle(std::size_t position, Fate fate, const std::string& service,
              const std::string& reason);

  /// One that was handed out and for certain never sent may be handed out again.
  void take_back(const HandedOut&);
  /// The same, but not by this holder.
  void put_off(const HandedOut&);

  /// This holder hands out nobody more. The unsure ones that it did not come to wait for the next
  /// round, as those do that it did.
  void end_hand_out();

  void expire_rest();
  void give_up_rest();

  /// Opens again what was closed, and with it the count of rounds. False: there was nothing.
  bool reopen(Fate from, Fate to);

  std::uint64_t count(Fate fate) const;
  /// Those that a later round tries again.
  std::uint64_t to_try_again() const;
  Counts counts() const;
  /// This holder has nobody left to hand out or to settle.
  bool is_round_over() const;
  /// Nothing changes any more, but by the owner's word.
  bool is_finished() const;

 private:
  void replace(Fate from, Fate to);
  std::vector<std::size_t> again_;  // unsure ones that this round sends again, last one first
  std::size_t looked_at_ = 0;       // those before it that wait were put off
};

}  // namespace lamppost::core
