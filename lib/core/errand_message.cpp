#include "lib/core/errand_message.h"

#include "lib/base/failure.h"
#include "lib/base/text.h"
#include "lib/core/notification.h"

#include <algorithm>
#include <array>

namespace lamppost::core {
namespace {

struct Phrases {
  std::string_view language, dir, welcome, test, manage;
};

constexpr std::array<Phrases, 6> kPhrases{{
    {"en", "", "Notifications are on. You can change or end them at any time.",
     "This is a test: notifications reach you here.", "Settings"},
    {"de", "", "Benachrichtigungen sind an. Sie können sie jederzeit ändern oder beenden.",
     "Das ist ein Test: Benachrichtigungen kommen hier an.", "Einstellungen"},
    {"es", "",
     "Las notificaciones están activadas. Puede cambiarlas o desactivarlas cuando quiera.",
     "Esto es una prueba: las notificaciones le llegan aquí.", "Ajustes"},
    {"fr", "",
     "Les notifications sont activées. Vous pouvez les modifier ou les arrêter à tout moment.",
     "Ceci est un test : les notifications arrivent bien ici.", "Réglages"},
    {"pt", "", "As notificações estão ativas. Pode alterá-las ou desativá-las a qualquer momento.",
     "Isto é um teste: as notificações chegam aqui.", "Definições"},
    {"ar", "rtl", "الإشعارات مفعّلة. يمكنك تغييرها أو إيقافها في أي وقت.",
     "هذا اختبار: الإشعارات تصل إليك هنا.", "الإعدادات"},
}};

// "de-AT" -> German; English where we have no better.
const Phrases& phrases_of(std::string_view language) {
  const auto primary = lower_case(language.substr(0, language.find('-')));
  const auto found = std::ranges::find(kPhrases, primary, &Phrases::language);
  return found == kPhrases.end() ? kPhrases.front() : *found;
}

}  // namespace

webpush::Message make_errand_message(const Errand& errand, const ErrandWords& words,
                                     const Site& site, Time now) {
  const auto& phrases = phrases_of(errand.content.language);
  const bool is_welcome = errand.content.kind == ErrandKind::Welcome;
  const auto settings = site.origin + "/push/preferences";
  const auto own = [&](const std::string& text, std::string_view otherwise) {
    return is_welcome && !text.empty() ? text : std::string(otherwise);
  };

  Notification it;
  it.title = own(words.welcome_title, words.site_name);
  it.body = own(words.welcome_body, is_welcome ? phrases.welcome : phrases.test);
  it.url = is_welcome ? site.origin + "/" : settings;
  it.icon = words.icon;
  it.tag = "lamppost-" + std::string(to_text(errand.content.kind));
  it.renotify = true;  // a second test is to be seen too
  // In which language the owner's words are is not known.
  if (!is_welcome || (words.welcome_title.empty() && words.welcome_body.empty())) {
    it.lang = phrases.language;
    it.dir = phrases.dir;
  }
  if (is_welcome) it.actions.push_back({std::string(phrases.manage), settings});
  it.ttl = std::max(Seconds{60}, errand.asked_at + ErrandStore::kLife - now);
  it.urgency = webpush::Urgency::High;  // somebody is looking at the screen
  auto message = make_message(it, make_message_id());
  if (!message)
    throw Failure("the words of welcome_title and welcome_body: " + message.error().message);
  return *std::move(message);
}

}  // namespace lamppost::core
