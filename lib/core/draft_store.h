#pragma once
// Messages that are being written, and the port to where they are kept: several may write at once.

#include <optional>
#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/id.h"

namespace lamppost::core {

struct DraftText {
  std::string owner;    // the login that saves it
  std::string title;    // of the content, at most 255 characters
  std::string content;  // JSON, finished or not
};

struct Draft {
  DraftId id;
  std::uint64_t version;  // 1, and one more with each change
  Time updated_at;
  DraftText text;
};

class DraftStore {  // port
 public:
  virtual ~DraftStore() = default;

  virtual DraftId create(const DraftText&, Time now) = 0;
  /// Those changed last come first, without their contents.
  virtual std::vector<Draft> list(std::size_t limit) = 0;
  virtual std::optional<Draft> read(DraftId) = 0;
  /// Compare-and-swap: true if it was at that version and is at the next one now. After a lost
  /// answer it may say false although it was this one that changed it: callers look then.
  virtual bool change(DraftId, std::uint64_t version, const DraftText&, Time now) = 0;
  /// True if it was there.
  virtual bool remove(DraftId) = 0;
};

}  // namespace lamppost::core
