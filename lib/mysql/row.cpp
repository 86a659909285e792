#include "lib/mysql/row.h"

#include <cppconn/resultset.h>

namespace lamppost::mysql {

// Connector/C++ counts from 1.
bool Row::is_null(unsigned column) const { return rows_.isNull(column + 1); }
std::uint64_t Row::number(unsigned column) const { return rows_.getUInt64(column + 1); }
std::string Row::text(unsigned column) const { return rows_.getString(column + 1).asStdString(); }
Time Row::time(unsigned column) const { return Time{Seconds{rows_.getInt64(column + 1)}}; }

}  // namespace lamppost::mysql
