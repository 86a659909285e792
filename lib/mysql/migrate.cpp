#include "lib/mysql/migrate.h"

#include <array>
#include <optional>

#include "lib/base/crypto.h"
#include "lib/base/failure.h"
#include "lib/mysql/sql_split.h"

namespace lamppost::mysql {
namespace {

// Renewed before every statement. One that runs for longer may be run again by somebody else, which
// the server's table locks put one after the other, and which is safe.
constexpr Seconds kLease{30};
// A change of a large table takes its time.
constexpr Seconds kAnswerTimeout{3600};

using Owner = std::array<std::uint8_t, 8>;

struct Turn {  // a row of schema_version
  bool applied;
  Owner owner;
  Time lease_until;
};

class Migrator {
 public:
  Migrator(Session& session, Clock& clock) : session_(session), clock_(clock) {
    crypto::fill_random(owner_);
  }

  // Returns when the file is applied, by us or by another.
  void bring(const SchemaFile& file) {
    for (;;) {
      const auto turn = take_or_read_turn(file);
      if (turn.applied) return;
      if (turn.owner == owner_) return apply(file);
      if (turn.lease_until < clock_.now())
        take_over(file);
      else
        clock_.sleep(Seconds{1});
    }
  }

 private:
  Turn take_or_read_turn(const SchemaFile& file) {
    static constexpr Statement kTake{
        "INSERT INTO schema_version (version, name, owner, lease_until) VALUES (?, ?, ?, ?)"
        " ON DUPLICATE KEY UPDATE version = version",
        Repeat::Safe};
    static constexpr std::string_view kRead =
        "SELECT applied_at, owner, lease_until FROM schema_version WHERE version = ?";
    session_.change(kTake, {file.number, file.name, owner_, clock_.now() + kLease});
    std::optional<Turn> turn;
    session_.read(kRead, {file.number}, [&](const Row& row) {
      turn = Turn{!row.is_null(0), row.bytes<8>(1), row.time(2)};
    });
    if (!turn) throw StoreFailure("database: schema_version lost a row while it was migrated");
    return *turn;
  }

  void take_over(const SchemaFile& file) {
    static constexpr Statement kTakeOver{
        "UPDATE schema_version SET owner = ?, lease_until = ?"
        " WHERE version = ? AND applied_at IS NULL AND lease_until < ?",
        Repeat::Safe};
    const auto now = clock_.now();
    session_.change(kTakeOver, {owner_, now + kLease, file.number, now});  // who got it: read again
  }

  void apply(const SchemaFile& file) {
    try {
      for (const auto& statement : split_sql(file.text)) {
        renew(file);
        session_.execute(statement);
      }
      settle(file);
    } catch (const StoreFailure& failure) {
      give_back(file);
      throw StoreFailure("sql/" + std::string(file.name) + ": " + failure.what());
    }
  }

  void renew(const SchemaFile& file) {
    // Always changes the row, so that the count tells whether it is still ours.
    static constexpr Statement kRenew{
        "UPDATE schema_version SET lease_until = GREATEST(lease_until + 1, ?)"
        " WHERE version = ? AND owner = ? AND applied_at IS NULL",
        Repeat::Safe};
    if (session_.change(kRenew, {clock_.now() + kLease, file.number, owner_}) != 1)
      throw StoreFailure("another migration has taken over, wait for it and run this again");
  }

  void settle(const SchemaFile& file) {
    static constexpr Statement kSettle{
        "UPDATE schema_version SET applied_at = ? WHERE version = ? AND owner = ?", Repeat::Safe};
    session_.change(kSettle, {clock_.now(), file.number, owner_});
  }

  void give_back(const SchemaFile& file) {
    static constexpr Statement kGiveBack{
        "UPDATE schema_version SET lease_until = 0"
        " WHERE version = ? AND owner = ? AND applied_at IS NULL",
        Repeat::Safe};
    session_.change(kGiveBack, {file.number, owner_});
  }

  Session& session_;
  Clock& clock_;
  Owner owner_{};
};

}  // namespace

std::uint32_t schema_version(Session& session) {
  static constexpr std::string_view kIsThere =
      "SELECT COUNT(*) FROM information_schema.tables"
      " WHERE table_schema = DATABASE() AND table_name = 'schema_version'";
  static constexpr std::string_view kVersion =
      "SELECT COALESCE(MAX(version), 0) FROM schema_version WHERE applied_at IS NOT NULL";
  std::uint64_t number = 0;
  const auto keep = [&](const Row& row) { number = row.number(0); };
  session.read(kIsThere, {}, keep);
  if (number != 0) session.read(kVersion, {}, keep);
  return static_cast<std::uint32_t>(number);
}

Migration migrate(Login login, std::span<const SchemaFile> files, Clock& clock) {
  login.answer_timeout = kAnswerTimeout;
  Session session{std::move(login)};
  session.execute(
      "CREATE TABLE IF NOT EXISTS schema_version (version INT UNSIGNED NOT NULL,"
      " name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, applied_at BIGINT NULL,"
      " owner BINARY(8) NOT NULL, lease_until BIGINT NOT NULL, PRIMARY KEY (version))"
      " ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
  const auto from = schema_version(session);
  const auto newest = static_cast<std::uint32_t>(files.size());
  if (from > newest)
    throw StoreFailure("the database has schema version " + std::to_string(from) +
                       " and this program knows up to " + std::to_string(newest) +
                       ", use the newer program");
  Migrator migrator{session, clock};
  for (const auto& file : files.subspan(from)) migrator.bring(file);
  return {.from = from, .to = newest};
}

}  // namespace lamppost::mysql
