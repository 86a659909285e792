#pragma once
// Reads the members of a JSON object that a stranger sent, and keeps the first thing that is wrong,
// so that a reader of ten members says each of them once and not its errors.

#include <optional>
#include <string>

#include "lib/base/json.h"
#include "lib/base/result.h"

namespace lamppost::core {

class Members {
 public:
  /// prefix  stands before a member's name in errors: "actions[0]."
  Members(const json::Object& object, std::string prefix)
      : object_(object), prefix_(std::move(prefix)) {}

  /// A text of at most `limit` bytes; empty when the member is missing or null.
  std::string text(const std::string& name, std::size_t limit);
  /// As text, but must be there and must not be empty or white.
  std::string required_text(const std::string& name, std::size_t limit);
  bool boolean(const std::string& name);
  std::int64_t integer(const std::string& name, std::int64_t otherwise, std::int64_t least,
                       std::int64_t most);
  /// nullptr when the member is missing, null or wrong.
  const json::Array* array(const std::string& name, std::size_t limit);
  const json::Object* object(const std::string& name);

  void refuse(const std::string& name, std::string message);
  void refuse(Error error);
  const std::optional<Error>& error() const noexcept { return error_; }

  /// Whether the message of an error says that the member is not there.
  static constexpr std::string_view kMissing = "is missing";

 private:
  const json::Value* find(const std::string& name) const;
  const json::Object& object_;
  std::string prefix_;
  std::optional<Error> error_;
};

}  // namespace lamppost::core
