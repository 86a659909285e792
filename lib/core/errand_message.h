#pragma once
// What an errand says, in the words of the site's owner or else in the subscriber's language.

#include <string>

#include "lib/core/errand.h"
#include "lib/core/link.h"
#include "lib/webpush/message.h"

namespace lamppost::core {

struct ErrandWords {
  std::string site_name{};      // the title where the owner has set none
  std::string icon{};           // absolute; empty: none
  std::string welcome_title{};  // the owner's; empty: the site's name
  std::string welcome_body{};   // the owner's; empty: ours, in six languages
};

/// Lives for what is left of ErrandStore::kLife, at least a minute. Throws Failure if the words are
/// longer than a push message may be.
webpush::Message make_errand_message(const Errand&, const ErrandWords&, const Site&, Time now);

}  // namespace lamppost::core
