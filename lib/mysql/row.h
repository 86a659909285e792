#pragma once
// One row of what was read. Columns are counted from 0, in the order of the SELECT.

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "lib/base/bytes.h"
#include "lib/base/clock.h"

namespace sql {
class ResultSet;
}

namespace lamppost::mysql {

class Row {  // valid during the call that it is given to
 public:
  explicit Row(const sql::ResultSet& rows) : rows_(rows) {}

  bool is_null(unsigned column) const;
  std::uint64_t number(unsigned column) const;
  std::string text(unsigned column) const;  // any bytes, lossless
  Time time(unsigned column) const;

  /// The first `Size` bytes of a BINARY column, zeros where it is shorter: a row that others have
  /// spoilt is no reason to fail.
  template <std::size_t Size>
  std::array<std::uint8_t, Size> bytes(unsigned column) const {
    const auto stored = text(column);
    std::array<std::uint8_t, Size> exact{};
    std::copy_n(as_bytes(stored).begin(), std::min(stored.size(), Size), exact.begin());
    return exact;
  }

 private:
  const sql::ResultSet& rows_;
};

}  // namespace lamppost::mysql
