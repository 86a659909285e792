#pragma once
// JSON as values (RFC 8259): strict reading of what strangers send, and writing. The only room that
// knows RapidJSON, whose documents assert on a missing member: ours answer a Result or a pointer.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "lib/base/result.h"

namespace lamppost::json {

class Value;
using Array = std::vector<Value>;

class Object {  // members in the order in which they were written, each name once
 public:
  using Member = std::pair<std::string, Value>;
  Object() = default;
  Object(std::initializer_list<Member> members);

  /// The member of that name, or nullptr.
  const Value* find(std::string_view name) const;
  /// Adds a member, or replaces the one of that name.
  void set(std::string name, Value value);
  /// Adds a member whose name is known to be new; the reader has checked it.
  void append(std::string name, Value value);

  const std::vector<Member>& members() const noexcept { return members_; }

 private:
  std::vector<Member> members_;
};

class Value {
 public:
  Value() = default;  // null
  Value(std::nullptr_t) {}
  Value(bool truth) : state_(truth) {}
  Value(int number) : state_(std::int64_t{number}) {}
  Value(std::int64_t number) : state_(number) {}
  Value(std::uint32_t number) : state_(std::int64_t{number}) {}
  Value(std::uint64_t number) {  // a double when no int64 holds it
    if (number > INT64_MAX) {
      state_ = static_cast<double>(number);
    } else {
      state_ = static_cast<std::int64_t>(number);
    }
  }
  Value(double number) : state_(number) {}
  Value(const char* text) : state_(std::string(text)) {}
  template <class T>
  Value(const T*) = delete;  // would become a truth
  Value(std::string_view text) : state_(std::string(text)) {}
  Value(std::string text) : state_(std::move(text)) {}
  Value(Array array) : state_(std::move(array)) {}
  Value(Object object) : state_(std::move(object)) {}

  bool is_null() const noexcept { return state_.index() == 0; }
  const bool* boolean() const noexcept { return std::get_if<bool>(&state_); }
  const std::int64_t* integer() const noexcept { return std::get_if<std::int64_t>(&state_); }
  const double* number() const noexcept { return std::get_if<double>(&state_); }
  const std::string* text() const noexcept { return std::get_if<std::string>(&state_); }
  const Array* array() const noexcept { return std::get_if<Array>(&state_); }
  const Object* object() const noexcept { return std::get_if<Object>(&state_); }

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> state_;
};

constexpr std::size_t kMaxDepth = 32;

/// Reads a whole text. Error (no field): not JSON, with the byte at which it stops being so; deeper
/// than kMaxDepth; a member named twice; invalid UTF-8, a lone surrogate or a NUL. Integers beyond
/// an int64 become doubles.
Result<Value> parse(std::string_view text);

/// As parse, for a text that must be an object.
Result<Object> parse_object(std::string_view text);

/// One line without spaces. Text that is not UTF-8 is written with U+FFFD in the place of bad
/// bytes, a number that is not finite as null.
std::string write(const Value& value);

}  // namespace lamppost::json
