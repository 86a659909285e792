#include "lib/base/json.h"

#include "lib/base/text.h"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace lamppost::json {
namespace {

// Builds the tree while RapidJSON reads, so that depth and repeated names are refused before
// anything grows.
class Builder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Builder> {
 public:
  bool Null() { return put({}); }
  bool Bool(bool truth) { return put(truth); }
  bool Int(int number) { return put(number); }
  bool Uint(unsigned number) { return put(number); }
  bool Int64(std::int64_t number) { return put(number); }
  bool Uint64(std::uint64_t number) { return put(number); }
  bool Double(double number) { return put(number); }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    const std::string_view view(text, size);
    return is_sound(view) && put(view);
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    const std::string_view name(text, size);
    if (!is_sound(name)) return false;
    auto& object = open_.back();
    if (!object.names.emplace(name).second)
      return refuse("has the member \"" + printable(name, 60) + "\" twice");
    object.name = name;
    return true;
  }
  bool StartObject() { return open(true); }
  bool StartArray() { return open(false); }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool EndArray(rapidjson::SizeType) { return close(); }

  Value take() { return std::move(root_); }
  const std::string& refusal() const { return refusal_; }

 private:
  struct Open {
    bool is_object;
    std::string name;  // of the member whose value comes next
    Object object;
    Array array;
    std::set<std::string> names{};  // as one search per member would be quadratic
  };
  bool open(bool is_object) {
    if (open_.size() == kMaxDepth)
      return refuse("is nested more than " + std::to_string(kMaxDepth) + " deep");
    open_.push_back({is_object, {}, {}, {}});
    return true;
  }
  bool close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    if (done.is_object) return put(std::move(done.object));
    return put(std::move(done.array));
  }
  bool put(Value value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().is_object) {
      open_.back().object.append(std::move(open_.back().name), std::move(value));
    } else {
      open_.back().array.push_back(std::move(value));
    }
    return true;
  }
  // What escapes can still smuggle in after the text as a whole was looked at: \u0000, and the
  // second half of a surrogate pair alone, which RapidJSON lets pass.
  bool is_sound(std::string_view text) {
    if (text.find('\0') != std::string_view::npos) return refuse("has a NUL character in a text");
    if (!is_utf8(text)) return refuse("has half a surrogate pair in a text");
    return true;
  }
  bool refuse(std::string why) {
    refusal_ = std::move(why);
    return false;
  }

  std::vector<Open> open_;
  Value root_;
  std::string refusal_;
};

using Buffer = rapidjson::StringBuffer;
using Writer = rapidjson::Writer<Buffer>;

void write_text(Writer& writer, std::string_view text) {
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void write_value(Writer& writer, const Value& value) {
  if (const auto* truth = value.boolean()) {
    writer.Bool(*truth);
  } else if (const auto* integer = value.integer()) {
    writer.Int64(*integer);
  } else if (const auto* number = value.number()) {
    // JSON has no word for them, and RapidJSON would write nothing at all.
    std::isfinite(*number) ? writer.Double(*number) : writer.Null();
  } else if (const auto* text = value.text()) {
    write_text(writer, valid_utf8(*text));
  } else if (const auto* array = value.array()) {
    writer.StartArray();
    for (const auto& element : *array) write_value(writer, element);
    writer.EndArray();
  } else if (const auto* object = value.object()) {
    writer.StartObject();
    for (const auto& [name, member] : object->members()) {
      write_text(writer, valid_utf8(name));
      write_value(writer, member);
    }
    writer.EndObject();
  } else {
    writer.Null();
  }
}

}  // namespace

Object::Object(std::initializer_list<Member> members) : members_(members) {}

const Value* Object::find(std::string_view name) const {
  const auto found = std::ranges::find(members_, name, &Member::first);
  return found == members_.end() ? nullptr : &found->second;
}

void Object::set(std::string name, Value value) {
  const auto found = std::ranges::find(members_, name, &Member::first);
  if (found == members_.end()) return append(std::move(name), std::move(value));
  found->second = std::move(value);
}

void Object::append(std::string name, Value value) {
  members_.emplace_back(std::move(name), std::move(value));
}

Result<Value> parse(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return Error{"", "has a NUL character"};
  rapidjson::MemoryStream bytes(text.data(), text.size());
  rapidjson::Reader reader;
  Builder builder;
  // Iterative: a recursive reader would need as much stack as a stranger asks for.
  constexpr unsigned kFlags =
      rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
  const auto result = reader.Parse<kFlags>(bytes, builder);
  if (!builder.refusal().empty()) return Error{"", builder.refusal()};
  if (result.IsError()) {
    std::string_view reason = rapidjson::GetParseError_En(result.Code());
    if (reason.ends_with('.')) reason.remove_suffix(1);
    return Error{
        "", "is not JSON at byte " + std::to_string(result.Offset()) + ": " + std::string(reason)};
  }
  return builder.take();
}

Result<Object> parse_object(std::string_view text) {
  auto value = parse(text);
  if (!value) return value.error();
  const auto* object = value->object();
  if (!object) return Error{"", "must be a JSON object"};
  return *object;
}

std::string write(const Value& value) {
  Buffer buffer;
  Writer writer(buffer);
  write_value(writer, value);
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace lamppost::json
