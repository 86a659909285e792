#pragma once
// The RFCs' own test vectors, from tests/vectors/webpush.json.

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "lib/base/base64url.h"
#include "lib/base/json.h"

namespace lamppost::testing {

/// The vectors of one RFC: "rfc8291", "rfc8188" (a list) or "rfc8292".
inline json::Value vectors_of(const std::string& rfc) {
  std::ifstream file(LAMPPOST_VECTORS "/webpush.json");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto whole = json::parse_object(text);
  if (!whole) throw std::runtime_error("webpush.json " + whole.error().message);
  return *whole->find(rfc);
}

inline std::string text_at(const json::Object& vectors, const std::string& name) {
  const auto* value = vectors.find(name);
  if (!value || !value->text()) throw std::runtime_error("webpush.json lacks " + name);
  return *value->text();
}

inline Bytes bytes_at(const json::Object& vectors, const std::string& name) {
  const auto bytes = decode_base64url(text_at(vectors, name));
  if (!bytes) throw std::runtime_error("webpush.json has no base64url in " + name);
  return *bytes;
}

/// As bytes_at, for what has a fixed size: a point, a salt, a secret.
template <class Array>
Array array_at(const json::Object& vectors, const std::string& name) {
  const auto bytes = bytes_at(vectors, name);
  Array exact{};
  if (bytes.size() != exact.size()) throw std::runtime_error("webpush.json: size of " + name);
  std::copy(bytes.begin(), bytes.end(), exact.begin());
  return exact;
}

}  // namespace lamppost::testing
