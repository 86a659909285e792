#pragma once
// A notification as the owner wrote it, and its one form on the wire: a JSON that is at once a
// Declarative Web Push message and what our service worker reads.

#include <string>
#include <vector>

#include "lib/base/json.h"
#include "lib/core/click_link.h"
#include "lib/core/link.h"
#include "lib/core/message_id.h"
#include "lib/webpush/message.h"

namespace lamppost::core {

struct Action {
  std::string title;
  std::string url;  // absolute
};

struct Notification {
  std::string title;
  std::string url;  // absolute; the site's root when none was given
  std::string body, icon, image, badge, tag, lang, dir;  // empty: not set; pictures absolute
  std::vector<Action> actions;                           // at most 2
  bool renotify = false, require_interaction = false, silent = false;
  bool report = false;  // the service worker is to tell what becomes of it
  Seconds ttl{86'400};
  webpush::Urgency urgency = webpush::Urgency::Normal;
  std::string replace;  // a name: a newer notification replaces an undelivered older one of it
};

/// What is taken when the message does not say it.
struct NotificationDefaults {
  Seconds ttl{86'400};
  std::string icon;  // absolute; empty: none
  // Not the message's to say:
  bool report = false;
  ClickLinks clicks{};  // in the place of its own links
};

/// Reads the API's message: title, body, url and the rest. Error: the member that is missing, of
/// the wrong type, too long, or not supported.
Result<Notification> parse_notification(const json::Object&, const Site&,
                                        const NotificationDefaults&);

/// As parse_notification, of one whose title may still be missing.
Result<Notification> parse_unfinished(const json::Object&, const Site&,
                                      const NotificationDefaults&);

/// The payload on the wire; what is not set is left out.
std::string make_payload(const Notification&, const MessageId&);

/// The same for a browser that is to ask its service worker and not show it by itself: without the
/// mark of a declarative message.
std::string to_classic(const std::string& payload);

/// The whole push message. Error: field "message" with the bytes by which it is too long.
Result<webpush::Message> make_message(const Notification&, const MessageId&);

}  // namespace lamppost::core
