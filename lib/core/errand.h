#pragma once
// An errand: a notification to one browser, asked for by the pool that cannot send and carried out
// by whoever can. And the port to where errands wait.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/id.h"

namespace lamppost::core {

enum class ErrandKind {
  Welcome,  // somebody has just subscribed
  Test,     // somebody wants to see whether it works
};
std::string_view to_text(ErrandKind);
std::optional<ErrandKind> parse_errand_kind(std::string_view text);

struct NewErrand {
  SubscriptionId subscription;
  ErrandKind kind;
  std::string language;  // of the subscription: BCP 47, at most 35 bytes; empty: not told
};

struct Errand {
  ErrandId id;
  NewErrand content;
  Time asked_at;
};

class ErrandStore {  // port; every function is one autocommit statement, or repeatable as a whole
 public:
  static constexpr Seconds kLife{600};     // nobody waits for it any longer
  static constexpr Seconds kTestRest{60};  // between two tests to the same subscription
  virtual ~ErrandStore() = default;

  virtual void add(const NewErrand&, Time now) = 0;
  /// Whether that subscription may have a test now; true once in kTestRest, and counts as one.
  virtual bool grant_test(SubscriptionId, Time now) = 0;
  /// Those after `after` in the order in which they were asked for.
  virtual std::vector<Errand> waiting(ErrandId after, std::size_t limit) = 0;
  /// Compare-and-swap: it is not there any more. True: it is the caller's alone.
  virtual bool take(ErrandId) = 0;
  /// Forgets what was asked for before kLife, and rests that are over.
  virtual void tidy(Time now) = 0;
};

}  // namespace lamppost::core
