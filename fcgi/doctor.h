#pragma once
// What is wrong with this installation, one check after the other.

#include <functional>
#include <vector>

#include "fcgi/config.h"
#include "lib/core/installation.h"

namespace lamppost {

using core::Finding;
using core::Health;

/// Looks at the database and all that is in it, files, sockets and site, each for itself. Without a
/// database what is in it is not looked at.
std::vector<Finding> examine(const Config&);

class Findings {
 public:
  /// A check that throws a Failure has failed; `remedy` is what to do then.
  void look(const std::string& check, const std::function<Finding()>&,
            const std::string& remedy = {});
  void add(Finding finding) { list_.push_back(std::move(finding)); }
  const std::vector<Finding>& list() const noexcept { return list_; }

 private:
  std::vector<Finding> list_;
};

/// What cron does, what push services say, whose clock is right (see doctor_running.cpp).
void examine_running(const Config&, Findings&);

}  // namespace lamppost
