#include "fcgi/progress_bar.h"

#include <unistd.h>

#include <iostream>

namespace lamppost {

ProgressBar::ProgressBar() : terminal_(isatty(STDERR_FILENO) != 0) {}

ProgressBar::~ProgressBar() {
  if (terminal_) std::cerr << "\r\033[K" << std::flush;
}

void ProgressBar::show(const core::Progress& progress) const {
  if (!terminal_) return;
  constexpr std::uint64_t kWidth = 40;
  const auto all = progress.counts.audience();
  const auto done = all - progress.counts.waiting();
  const auto filled = all == 0 ? 0 : kWidth * done / all;
  std::cerr << "\r\033[K[" << std::string(filled, '#') << std::string(kWidth - filled, ' ') << "] "
            << done << " of " << all << std::flush;
}

std::string summary(const core::Progress& progress) {
  using core::Fate;
  const auto& counts = progress.counts;
  const auto part = [](std::uint64_t n, const char* word) {
    return std::to_string(n) + ' ' + word + ", ";
  };
  auto text = part(counts.audience(), "in the audience") +
              part(counts[Fate::Accepted], "accepted") + part(counts[Fate::Gone], "gone") +
              part(counts[Fate::Failed], "failed") + part(counts[Fate::Expired], "expired") +
              part(counts.unsure(), "unsure") + part(counts[Fate::Skipped], "skipped") +
              std::to_string(counts.waiting()) + " waiting\n";
  for (const auto& [name, service] : progress.services)
    for (const auto& [reason, n] : service.reasons)
      text += "  " + name + ": " + reason + " (" + std::to_string(n) + ")\n";
  return text;
}

}  // namespace lamppost
