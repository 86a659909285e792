#pragma once
// Numbers of days in memory. Passes the same contract suite as the real store.

#include <algorithm>
#include <map>
#include <tuple>

#include "lib/core/daily.h"
#include "tests/fakes/disturbance.h"

namespace lamppost::fakes {

class MemoryDailyStore final : public core::DailyStore, public Disturbance {
 public:
  void raise(const core::DailyNumber& number) override {
    call("raise", [&] {
      auto& times = rows_[{number.day, number.measure, number.part}];
      times = std::max(times, number.times);
      return true;
    });
  }

  void put(const core::DailyNumber& number) override {
    call("put", [&] {
      rows_[{number.day, number.measure, number.part}] = number.times;
      return true;
    });
  }

  std::vector<core::DailyNumber> list(Time from, Time to) override {
    return call("list", [&] {
      std::vector<core::DailyNumber> numbers;
      for (const auto& [key, times] : rows_)
        if (const auto& [day, measure, part] = key; day >= from && day < to)
          numbers.push_back({day, measure, part, times});
      return numbers;
    });
  }

  /// 0 where there is none.
  std::uint64_t of(Time day, std::string_view measure, std::string_view part = "") const {
    const auto at = rows_.find({day, std::string(measure), std::string(part)});
    return at == rows_.end() ? 0 : at->second;
  }

 private:
  std::map<std::tuple<Time, std::string, std::string>, std::uint64_t> rows_;
};

}  // namespace lamppost::fakes
