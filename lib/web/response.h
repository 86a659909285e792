#pragma once
// An HTTP response as the API makes it: a plain value, or a body that is written as it comes.

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/json.h"
#include "lib/base/result.h"

namespace lamppost::web {

class Sink {  // where a streamed body goes
 public:
  virtual ~Sink() = default;
  /// Writes and flushes; false once and for ever when the reader is gone.
  virtual bool write(std::string_view text) = 0;
};

struct Response {
  int status = 200;
  std::string type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::function<void(Sink&)> stream;  // if set, writes the body instead, after the headers went out
};

/// A JSON body.
Response answer(int status, const json::Value& body);

/// {"status":"error","error":{"code","field","message"}}.
Response refusal(int status, std::string_view code, std::string_view field,
                 std::string_view message);

/// 400 for bad input: code `missing_<member>` or `bad_<member>`, after the last part of the field's
/// name; `bad_json` when the error is about the whole body.
Response bad_input(const Error&);

/// 503 `unavailable` with Retry-After.
Response unavailable(std::string_view message);

}  // namespace lamppost::web
