#pragma once
// What can happen to a call of a store: the database is away, somebody else was quicker, the answer
// is lost on its way back. The test says when.

#include <functional>
#include <string_view>

#include "lib/base/failure.h"

namespace lamppost::fakes {

struct Disturbance {
  bool away = false;  // every call throws StoreFailure
  /// Called with the name of the function before each call has its effect, and after. What they
  /// throw passes through: after a throw of `before` nothing has happened, after one of `after` it
  /// has, and only the answer is lost.
  std::function<void(std::string_view call)> before = [](std::string_view) {};
  std::function<void(std::string_view call)> after = [](std::string_view) {};

 protected:
  template <class Work>
  auto call(std::string_view name, const Work& work) {
    before(name);
    if (away) throw StoreFailure("database: away, because the test says so");
    auto answer = work();
    after(name);
    return answer;
  }
};

}  // namespace lamppost::fakes
