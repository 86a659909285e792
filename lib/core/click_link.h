#pragma once
// Links that are counted: signed, so that nobody but us can make one, and naming a message and a
// button of it, never a target or a person. Where one leads is looked up (click_store.h).
//
//   <origin>/api/c/ AAECAwQFBgcICQoLDA0O_w  -        d7rQcEaEpUvOVGkB
//                   message, base64url     button   12 bytes of an HMAC-SHA-256, base64url

#include <optional>
#include <string>
#include <string_view>

#include "lib/core/link.h"
#include "lib/core/message_id.h"

namespace lamppost::core {

class ClickLinks {
 public:
  static constexpr std::size_t kLeastSecret = 16;  // bytes; guessing a shorter one is no work

  /// None are made, and none is ours.
  ClickLinks() = default;
  /// secret  signs them; with another one, all that were made before lead nowhere
  explicit ClickLinks(std::string secret) : secret_(std::move(secret)) {}

  bool are_made() const noexcept { return secret_.has_value(); }

  /// The link to be pushed. Only if are_made().
  ///
  /// action  the button, "0" or "1"; empty: the notification itself
  /// target  absolute. The link to one on another site ends with "?", so that the service worker
  ///         opens a tab of its own for it.
  std::string make(const Site&, const MessageId&, std::string_view action,
                   std::string_view target) const;

  struct Named {
    MessageId message;
    std::string action;
  };
  /// What the last part of a link's path names; none if it is not letter by letter one of ours.
  std::optional<Named> check(std::string_view token) const;

 private:
  std::string token(const MessageId&, char button) const;

  std::optional<std::string> secret_;
};

}  // namespace lamppost::core
