#pragma once
// How far a campaign is, on a terminal; nothing where stderr is none.

#include "lib/core/campaign.h"

namespace lamppost {

class ProgressBar {
 public:
  ProgressBar();
  ~ProgressBar();  // wipes its line
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void show(const core::Progress&) const;

 private:
  bool terminal_;
};

/// One line of counts in the product's words, then a line for each reason of each push service.
std::string summary(const core::Progress&);

}  // namespace lamppost
