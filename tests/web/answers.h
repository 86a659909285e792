#pragma once
// What the API's tests ask with, and how they look at answers.

#include <doctest/doctest.h>

#include <string>

#include "lib/base/json.h"
#include "lib/web/request.h"
#include "lib/web/response.h"

namespace lamppost::testing {

/// What a script sends: no Origin, no Sec-Fetch-Site.
inline web::Request request(web::Method method, std::string path, std::string body = "") {
  return {.method = method,
          .path = std::move(path),
          .headers = {{"content-type", "application/json"}},
          .query = {},
          .body = std::move(body),
          .owner = ""};
}

inline json::Object body_of(const web::Response& response) {
  const auto body = json::parse_object(response.body);
  INFO(response.body);
  REQUIRE(body);
  return *body;
}

/// "400 bad_endpoint subscription.endpoint" of a refusal in the API's shape.
inline std::string refusal_of(const web::Response& response) {
  CHECK(response.type == "application/json");
  CHECK_FALSE(response.stream);
  const auto body = body_of(response);
  REQUIRE(body.members().size() == 2);
  CHECK(*body.find("status")->text() == "error");
  const auto* error = body.find("error")->object();
  REQUIRE(error);
  REQUIRE(error->members().size() == 3);
  CHECK_FALSE(error->find("message")->text()->empty());
  return std::to_string(response.status) + ' ' + *error->find("code")->text() + ' ' +
         *error->find("field")->text();
}

inline std::string message_of(const web::Response& response) {
  return *body_of(response).find("error")->object()->find("message")->text();
}

/// The value of a header; empty if it is not there.
inline std::string header_of(const web::Response& response, const std::string& name) {
  for (const auto& [header, value] : response.headers)
    if (header == name) return value;
  return "";
}

class TextSink final : public web::Sink {
 public:
  std::vector<std::string> writes;
  bool gone = false;  // the reader
  std::function<void(std::string_view)> after_write = [](std::string_view) {};

  bool write(std::string_view text) override {
    if (gone) return false;
    writes.emplace_back(text);
    after_write(text);
    return true;
  }
  std::string text() const {
    std::string all;
    for (const auto& part : writes) all += part;
    return all;
  }
};

}  // namespace lamppost::testing
