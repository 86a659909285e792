#pragma once
// What names a message on its way: the service worker knows a repeat by it, and a link its message.

#include <array>
#include <cstdint>

namespace lamppost::core {

using MessageId = std::array<std::uint8_t, 16>;  // random

MessageId make_message_id();

}  // namespace lamppost::core
