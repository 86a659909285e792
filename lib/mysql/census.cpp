#include "lib/mysql/census.h"

namespace lamppost::mysql {

std::vector<core::CensusGroup> Census::active() {
  static constexpr std::string_view kActive =
      "SELECT service, language, COUNT(*) FROM subscription FORCE INDEX (subscription_census)"
      " WHERE gone_at IS NULL GROUP BY language, service";
  std::vector<core::CensusGroup> groups;
  session_.read(kActive, {}, [&](const Row& row) {
    groups.push_back({row.text(0), row.text(1), row.number(2)});
  });
  return groups;
}

std::vector<core::CensusGroup> Census::active_at(Time at) {
  static constexpr std::string_view kThere =
      "SELECT service, language, COUNT(*) FROM subscription FORCE INDEX (subscription_census)"
      " WHERE created_at < ? AND (gone_at IS NULL OR gone_at >= ?) GROUP BY language, service";
  static constexpr std::string_view kLeftSince =
      "SELECT service, COUNT(*) FROM departure WHERE left_at >= ? AND joined_at < ?"
      " GROUP BY service";
  std::vector<core::CensusGroup> groups;
  session_.read(kThere, {at, at}, [&](const Row& row) {
    groups.push_back({row.text(0), row.text(1), row.number(2)});
  });
  session_.read(kLeftSince, {at, at}, [&](const Row& row) {
    groups.push_back({row.text(0), "", row.number(1)});
  });
  return groups;
}

core::Turnover Census::turnover(Time from, Time to) {
  static constexpr std::string_view kLeft =
      "SELECT COUNT(*) FROM departure WHERE left_at >= ? AND left_at < ?";
  const auto [active, gone] = generation(from, to);
  core::Turnover turnover{.joined = active + gone, .left = 0};
  session_.read(kLeft, {from, to}, [&](const Row& row) { turnover.left = row.number(0); });
  return turnover;
}

core::Generation Census::generation(Time from, Time to) {
  static constexpr std::string_view kJoined =
      "SELECT COUNT(*), COUNT(gone_at) FROM subscription FORCE INDEX (subscription_age)"
      " WHERE created_at >= ? AND created_at < ?";
  core::Generation generation{};
  session_.read(kJoined, {from, to}, [&](const Row& row) {
    generation = {.active = row.number(0) - row.number(1), .gone = row.number(1)};
  });
  generation.gone += left_of_generation(from, to);
  return generation;
}

std::uint64_t Census::left_of_generation(Time from, Time to) {
  static constexpr std::string_view kLeft =
      "SELECT COUNT(*) FROM departure WHERE joined_at >= ? AND joined_at < ?";
  std::uint64_t left = 0;
  session_.read(kLeft, {from, to}, [&](const Row& row) { left = row.number(0); });
  return left;
}

std::optional<Time> Census::first_joined() {
  static constexpr std::string_view kFirst = "SELECT MIN(created_at) FROM subscription";
  std::optional<Time> first;
  session_.read(kFirst, {}, [&](const Row& row) {
    if (!row.is_null(0)) first = row.time(0);
  });
  return first;
}

std::vector<CampaignId> Census::begun(Time from, Time to) {
  static constexpr std::string_view kBegun =
      "SELECT id FROM campaign WHERE started_at >= ? AND started_at < ? ORDER BY id";
  std::vector<CampaignId> campaigns;
  session_.read(kBegun, {from, to}, [&](const Row& row) { campaigns.push_back({row.number(0)}); });
  return campaigns;
}

std::vector<core::HourClicks> Census::clicks(Time from, Time to) {
  static constexpr std::string_view kClicks =
      "SELECT hour_at, SUM(clicks) FROM click FORCE INDEX (click_hour)"
      " WHERE hour_at >= ? AND hour_at < ? GROUP BY hour_at ORDER BY hour_at";
  std::vector<core::HourClicks> hours;
  session_.read(kClicks, {from, to}, [&](const Row& row) {
    hours.push_back({row.time(0), row.number(1)});
  });
  return hours;
}

}  // namespace lamppost::mysql
