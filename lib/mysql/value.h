#pragma once
// What stands for one `?` of a statement. Holds a view: made for the call, not kept.

#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "lib/base/bytes.h"
#include "lib/base/clock.h"
#include "lib/base/id.h"

namespace lamppost::mysql {

/// A `?` takes values of one sign at each call: Connector/C++ reads every later number of a
/// placeholder as unsigned once one was, also after clearParameters().
class Value {  // implicit, since it is written in lists: {id, now, nullptr}
 public:
  using Content = std::variant<std::nullptr_t, std::uint64_t, std::int64_t, std::string_view>;

  Value(std::nullptr_t) : content_(nullptr) {}
  Value(std::uint64_t number) : content_(number) {}
  Value(std::uint32_t number) : content_(std::uint64_t{number}) {}
  Value(Time time) : content_(std::int64_t{time.time_since_epoch().count()}) {}
  template <class Tag>
  Value(Id<Tag> id) : content_(id.value) {}
  template <class Text>
  requires std::convertible_to<const Text&, std::string_view> Value(const Text& text)
      : content_(std::string_view(text)) {}
  template <class Binary>  // any bytes, lossless
  requires std::convertible_to<const Binary&, ByteView> Value(const Binary& bytes)
      : content_(as_text(bytes)) {}
  template <class T>
  Value(const std::optional<T>& maybe) : content_(maybe ? Value(*maybe).content_ : nullptr) {}

  const Content& content() const noexcept { return content_; }

 private:
  Content content_;
};

}  // namespace lamppost::mysql
