#include "lib/core/message_id.h"

#include "lib/base/crypto.h"

namespace lamppost::core {

MessageId make_message_id() {
  MessageId id{};
  crypto::fill_random(id);
  return id;
}

}  // namespace lamppost::core
