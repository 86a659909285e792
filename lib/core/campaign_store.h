#pragma once
// The port to where campaigns are kept: what was asked for, by whom, and how far it is as a whole.

#include <array>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/crypto.h"
#include "lib/base/id.h"
#include "lib/core/campaign.h"
#include "lib/core/click_store.h"
#include "lib/core/shard.h"
#include "lib/webpush/message.h"

namespace lamppost::core {

struct NewCampaign {
  std::array<std::uint8_t, 16> message_id;  // random; the service worker knows a repeat by it
  std::string request_key;                  // Idempotency-Key; empty: none
  crypto::Digest body_sha;                  // of what was asked for, to know the same again
  std::string owner;                        // the login that sends; empty: the command line
  std::string given;                        // the message as it was given, JSON
  webpush::Message message;                 // what is pushed
  CampaignState state = CampaignState::Preparing;
  std::string audience = {};               // Audience::text(); empty: everybody
  std::optional<Time> send_at = {};        // of a scheduled one
  std::vector<ClickTarget> click_targets;  // of the links in it that are counted
};

struct Campaign {
  CampaignId id;
  crypto::Digest body_sha;
  std::string owner;
  std::string given;
  webpush::Message message;
  CampaignState state;
  std::string reason;
  Time created_at;
  std::optional<Time> started_at;
  std::optional<Time> finished_at;
  std::string audience;         // Audience::text(); empty: everybody
  std::optional<Time> send_at;  // a scheduled one goes by itself then

  /// From when on nothing of it is sent any more: `ttl` after its start. With a ttl of 0 every one
  /// is tried once, and only once.
  std::optional<Time> expires_at() const;
};

struct CampaignFilter {
  std::string text;              // in the title or the body, small or capital; empty: any
  std::optional<Time> from, to;  // when it was created, both included
};

class CampaignStore {  // port; every function is one autocommit statement, or repeatable as a whole
 public:
  virtual ~CampaignStore() = default;

  struct Created {
    CampaignId id;
    bool fresh;      // false: the request key was known
    bool same_body;  // of a known one: whether it asked for the same
  };
  /// Stores it with its click targets, unless it is known already.
  virtual Created create(const NewCampaign&, Time now) = 0;
  virtual std::optional<Campaign> read(CampaignId) = 0;
  /// Its state alone, which a worker looks at with every step. None: there is no such campaign.
  virtual std::optional<CampaignState> state(CampaignId) = 0;
  /// The newest first; only ids below `before` (0: all).
  virtual std::vector<Campaign> list(const CampaignFilter&, CampaignId before,
                                     std::size_t limit) = 0;
  /// The newest of that owner with the same body since then, but drafts and cancelled ones.
  virtual std::optional<CampaignId> find_same(const std::string& owner,
                                              const crypto::Digest& body_sha, Time since) = 0;
  /// Compare-and-swap: true if it was in one of `from`. Sets started_at with the first `preparing`,
  /// finished_at with `finished`, `cancelled` and `expired`.
  virtual bool set_state(CampaignId, std::initializer_list<CampaignState> from, CampaignState to,
                         const std::string& reason, Time now) = 0;
  /// Takes or renews the lease of the cut. False: somebody else has it.
  virtual bool lease_cut(CampaignId, const LeaseOwner&, Time now, Time until) = 0;
  /// Those that somebody should work on now: preparing or sending, or scheduled for a time that has
  /// come.
  virtual std::vector<CampaignId> due(Time now) = 0;
};

}  // namespace lamppost::core
