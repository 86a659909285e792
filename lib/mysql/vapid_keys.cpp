#include "lib/mysql/vapid_keys.h"

#include "lib/base/failure.h"

namespace lamppost::mysql {

std::optional<core::VapidPublicKey> VapidKeys::read_one(std::string_view text,
                                                        std::initializer_list<Value> values) {
  std::optional<core::VapidPublicKey> key;
  session_.read(text, values, [&](const Row& row) {
    key = {.id = static_cast<std::uint32_t>(row.number(0)), .point = row.bytes<65>(1)};
  });
  return key;
}

std::optional<core::VapidPublicKey> VapidKeys::current() {
  static constexpr std::string_view kCurrent =
      "SELECT id, point FROM vapid_key ORDER BY created_at DESC, id DESC LIMIT 1";
  return read_one(kCurrent, {});
}

std::optional<core::VapidPublicKey> VapidKeys::find(const crypto::Point& point) {
  static constexpr std::string_view kFind = "SELECT id, point FROM vapid_key WHERE point = ?";
  return read_one(kFind, {point});
}

void VapidKeys::add(const core::VapidPublicKey& key, Time now) {
  static constexpr Statement kAdd{
      "INSERT INTO vapid_key (id, point, created_at) VALUES (?, ?, ?)"
      " ON DUPLICATE KEY UPDATE created_at = created_at",
      Repeat::Safe};
  session_.change(kAdd, {key.id, key.point, now});
  const auto kept = find(key.point);
  if (!kept || kept->id != key.id)
    throw StoreFailure("VAPID key number " + std::to_string(key.id) +
                       " already stands for another key, make a new pair");
}

}  // namespace lamppost::mysql
