#include "lib/webpush/outcome.h"

#include <doctest/doctest.h>

#include <string>

namespace lamppost::webpush {
namespace {

PushReply reply_of(int status, std::string detail = {}) {
  return {.tag = 1, .status = status, .left = true, .detail = std::move(detail)};
}

// PROTOCOL's table, written out anew.
Outcome expected(int status) {
  if (status / 100 == 2) return Outcome::Accepted;
  if (status / 100 == 5) return Outcome::TryLater;
  for (const int gone : {404, 410})
    if (status == gone) return Outcome::Gone;
  for (const int denied : {401, 403})
    if (status == denied) return Outcome::Denied;
  for (const int later : {406, 408, 425, 429})
    if (status == later) return Outcome::TryLater;
  return Outcome::Refused;
}

TEST_SUITE("webpush.outcome") {
  TEST_CASE("every status from 100 to 599 has its outcome, and odd ones are refusals") {
    for (int status = 100; status < 600; ++status) {
      CAPTURE(status);
      CHECK(judge(reply_of(status)) == expected(status));
    }
    for (const int status : {0, -1, 99, 600, 999}) {
      CAPTURE(status);
      CHECK(judge(reply_of(status)) == Outcome::Refused);
    }
  }

  TEST_CASE("404 and 410 are the only statuses that cost a subscription, whatever the body says") {
    int gone = 0;
    for (int status = 0; status < 1000; ++status)
      for (const std::string detail : {"", "Gone", "Unregistered", "410", "NotRegistered"})
        if (judge(reply_of(status, detail)) == Outcome::Gone) ++gone;

    CHECK(gone == 2 * 5);
  }

  TEST_CASE("a 400 about our key or token is a denial") {
    for (const std::string reason : {"VapidPkHashMismatch", "BadJwtToken", "BadVapidPublicKey",
                                     "BadAuthorizationHeader", "UnauthorizedRegistration"}) {
      CAPTURE(reason);
      CHECK(judge(reply_of(400, reason)) == Outcome::Denied);
      CHECK(judge(reply_of(400, R"({"reason":")" + reason + R"("})")) == Outcome::Denied);
    }
  }

  TEST_CASE("a 400 about the message is a refusal") {
    for (const std::string reason :
         {"", "BadTtl", "BadUrgency", "BadWebPushTopic", "BadWebPushRequest", R"({"errno":112})"}) {
      CAPTURE(reason);
      CHECK(judge(reply_of(400, reason)) == Outcome::Refused);
    }
  }

  TEST_CASE("a body about keys changes nothing but a 400") {
    CHECK(judge(reply_of(201, "BadJwtToken")) == Outcome::Accepted);
    CHECK(judge(reply_of(410, "BadJwtToken")) == Outcome::Gone);
    CHECK(judge(reply_of(413, "BadJwtToken")) == Outcome::Refused);
    CHECK(judge(reply_of(503, "BadJwtToken")) == Outcome::TryLater);
  }

  TEST_CASE("without an answer it counts whether the request may have left us") {
    PushReply reply{.tag = 1, .status = std::nullopt, .detail = "could not connect"};

    reply.left = false;
    CHECK(judge(reply) == Outcome::TryLater);
    reply.left = true;
    CHECK(judge(reply) == Outcome::Unsure);
  }

  TEST_CASE("an answer counts even where the request did not leave us whole") {
    PushReply reply = reply_of(413);
    reply.left = false;

    CHECK(judge(reply) == Outcome::Refused);
  }
}

}  // namespace
}  // namespace lamppost::webpush
