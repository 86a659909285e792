#pragma once
// What an error of the database means for us, by its number.

#include <string>
#include <string_view>

namespace lamppost::mysql {

enum class Fault {
  Lost,       // the connection is dead, or the server has forgotten our statements
  Elsewhere,  // this server cannot take it now, another one behind the same address perhaps can
  Busy,       // deadlock or lock wait: the statement was rolled back, a later try may pass
  Already,    // what is to be added is there: a column, an index
  Refused,    // it would be refused again
};

Fault to_fault(int code);

/// "database: Table 'x.y' doesn't exist (1146)". What the server quotes is left out where it may be
/// a stored value, since an endpoint or a key must not reach a log.
std::string to_reason(int code, std::string_view message);

}  // namespace lamppost::mysql
