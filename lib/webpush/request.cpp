#include "lib/webpush/request.h"

#include "lib/webpush/encrypt.h"

namespace lamppost::webpush {

PushRequest compose(std::uint64_t tag, const Message& message, const Recipient& recipient,
                    Vapid& vapid, Time now) {
  PushRequest request{.tag = tag, .url = recipient.endpoint.url(), .headers = {}, .body = {}};
  auto& headers = request.headers;
  headers.reserve(8);
  headers.push_back("TTL: " + std::to_string(message.ttl.count()));
  headers.push_back("Urgency: " + std::string(to_text(message.urgency)));
  if (!message.topic.empty()) headers.push_back("Topic: " + message.topic);
  headers.push_back("Authorization: " + vapid.authorization(recipient.endpoint.origin(), now));
  if (recipient.endpoint.host().ends_with(".notify.windows.com")) {
    // Without these the Windows service answers 400 to a TTL of 0.
    headers.push_back("X-WNS-Type: wns/raw");
    headers.push_back(message.ttl == Seconds{0} ? "X-WNS-Cache-Policy: no-cache"
                                                : "X-WNS-Cache-Policy: cache");
  }
  if (message.payload.empty()) return request;

  headers.push_back("Content-Encoding: aes128gcm");
  headers.push_back("Content-Type: application/octet-stream");
  Salt salt;
  crypto::fill_random(salt);
  const auto size = message.payload.size();
  const auto padding = message.padded_to > size ? message.padded_to - size : 0;
  request.body =
      encrypt(as_bytes(message.payload), padding, recipient, crypto::KeyPair::generate(), salt);
  return request;
}

}  // namespace lamppost::webpush
