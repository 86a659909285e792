#pragma once
// What a function answers that may be given bad input: the value, or what is wrong with which
// field. Not for faults of our own or of the machine; those are a Failure (failure.h).

#include <string>
#include <utility>
#include <variant>

namespace lamppost {

struct Error {          // bad input, told to whoever gave it
  std::string field;    // "keys.p256dh"; empty when it is the whole
  std::string message;  // "must be 65 bytes"
};

template <class T>
class [[nodiscard]] Result {  // a T or an Error
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
  explicit operator bool() const noexcept { return state_.index() == 0; }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  const T* operator->() const { return &std::get<0>(state_); }
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

}  // namespace lamppost
