#pragma once
// Where links lead, and how often they were followed: by campaign, button and hour, never by
// person.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/id.h"
#include "lib/core/message_id.h"

namespace lamppost::core {

struct ClickTarget {
  std::string action;  // the button, "0" or "1"; empty: the notification itself
  std::string url;     // absolute
  friend bool operator==(const ClickTarget&, const ClickTarget&) = default;
};

struct Clicks {                      // of one campaign
  std::vector<ClickTarget> targets;  // in the order of the actions; none: it has no such links
  std::map<std::string, std::uint64_t> actions;
  std::map<Time, std::uint64_t> hours;  // by their beginning; those without a click are not there
};

class ClickStore {  // port; the targets are stored with the campaign, by CampaignStore::create
 public:
  virtual ~ClickStore() = default;

  struct Destination {
    std::string url;
    std::optional<CampaignId> campaign;  // none: it has not begun
  };
  /// Where that link leads. None: there is no such message, or it has no such button.
  virtual std::optional<Destination> find(const MessageId&, std::string_view action) = 0;
  /// Counts one more.
  virtual void count(CampaignId, std::string_view action, Time now) = 0;

  virtual Clicks of(CampaignId) = 0;
  /// The sums of the campaigns from `first` to `last`; those without a click are not there.
  virtual std::map<CampaignId, std::uint64_t> sums(CampaignId first, CampaignId last) = 0;
};

}  // namespace lamppost::core
