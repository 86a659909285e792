#include "lib/core/members.h"

namespace lamppost::core {

const json::Value* Members::find(const std::string& name) const {
  const auto* value = object_.find(name);
  return value && !value->is_null() ? value : nullptr;
}

void Members::refuse(const std::string& name, std::string message) {
  refuse(Error{prefix_ + name, std::move(message)});
}

void Members::refuse(Error error) {
  if (!error_) error_ = std::move(error);
}

std::string Members::text(const std::string& name, std::size_t limit) {
  const auto* value = find(name);
  if (!value) return {};
  const auto* text = value->text();
  if (!text) {
    refuse(name, "must be a text");
  } else if (text->size() > limit) {
    refuse(name, "must be at most " + std::to_string(limit) + " bytes");
  } else {
    return *text;
  }
  return {};
}

std::string Members::required_text(const std::string& name, std::size_t limit) {
  if (!find(name)) {
    refuse(name, std::string(kMissing));
    return {};
  }
  auto given = text(name, limit);
  if (given.find_first_not_of(" \t\r\n") == std::string::npos) refuse(name, "must not be empty");
  return given;
}

bool Members::boolean(const std::string& name) {
  const auto* value = find(name);
  if (!value) return false;
  const auto* truth = value->boolean();
  if (!truth) refuse(name, "must be true or false");
  return truth && *truth;
}

std::int64_t Members::integer(const std::string& name, std::int64_t otherwise, std::int64_t least,
                              std::int64_t most) {
  const auto* value = find(name);
  if (!value) return otherwise;
  const auto* number = value->integer();
  if (!number || *number < least || *number > most) {
    refuse(name, "must be a whole number between " + std::to_string(least) + " and " +
                     std::to_string(most));
    return otherwise;
  }
  return *number;
}

const json::Array* Members::array(const std::string& name, std::size_t limit) {
  const auto* value = find(name);
  if (!value) return nullptr;
  const auto* array = value->array();
  if (!array || array->size() > limit) {
    refuse(name, "must be a list of at most " + std::to_string(limit));
    return nullptr;
  }
  return array;
}

const json::Object* Members::object(const std::string& name) {
  const auto* value = find(name);
  if (!value) return nullptr;
  if (!value->object()) refuse(name, "must be an object");
  return value->object();
}

}  // namespace lamppost::core
