#include "lib/mysql/fault.h"

#include "lib/base/text.h"

namespace lamppost::mysql {
namespace {

constexpr std::size_t kReasonLimit = 300;

// Quotes names of ours, or of the server's, never a value.
bool quotes_names_only(int code) {
  if (code >= 2000 && code < 3000) return true;  // the client library's own
  switch (code) {
    case 1044:  // access to the database denied
    case 1045:  // access denied
    case 1048:  // column cannot be null
    case 1049:  // unknown database
    case 1050:  // table exists
    case 1054:  // unknown column
    case 1060:  // column exists
    case 1061:  // index exists
    case 1064:  // syntax: our own text
    case 1142:  // no privilege on a table
    case 1143:  // no privilege on a column
    case 1146:  // no such table
    case 1227:  // a privilege is missing
    case 1264:  // out of range for a column
    case 1290:  // read-only
    case 1305:  // no such function
    case 1364:  // no default
    case 1406:  // too long for a column
    case 1698:  // access denied by unix_socket
      return true;
    default:
      return false;
  }
}

std::string without_quoted(std::string_view message) {
  std::string kept;
  bool inside = false;
  for (const char c : message) {
    if (c == '\'') {
      inside = !inside;
      kept += inside ? "'..." : "'";
    } else if (!inside) {
      kept += c;
    }
  }
  return kept;
}

}  // namespace

Fault to_fault(int code) {
  if (code >= 2000 && code < 3000) return Fault::Lost;  // the client library's own
  switch (code) {
    case 1053:  // the server shuts down
    case 1158:  // network error, reading
    case 1159:  // network timeout, reading
    case 1160:  // network error, writing
    case 1161:  // network timeout, writing
    case 1243:  // unknown prepared statement
    case 1615:  // the statement must be prepared again
    case 1927:  // the connection was killed (MariaDB)
    case 3169:  // the session was killed (MySQL)
    case 4031:  // closed for being idle (MySQL)
      return Fault::Lost;
    case 1040:  // too many connections
    case 1047:  // a Galera node without a quorum
    case 1290:  // read_only
    case 1792:  // read-only transaction
    case 1836:  // read-only mode
    case 3032:  // a server that was taken offline (MySQL)
      return Fault::Elsewhere;
    case 1205:  // lock wait timeout
    case 1213:  // deadlock; on Galera, another node was first
    case 3101:  // Group Replication: another node was first
      return Fault::Busy;
    case 1060:  // column exists
    case 1061:  // index exists
      return Fault::Already;
    default:
      return Fault::Refused;
  }
}

std::string to_reason(int code, std::string_view message) {
  const auto told = quotes_names_only(code) ? std::string(message) : without_quoted(message);
  return "database: " + printable(told, kReasonLimit) + " (" + std::to_string(code) + ")";
}

}  // namespace lamppost::mysql
