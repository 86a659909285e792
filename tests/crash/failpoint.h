#pragma once
// An instant at which this process ends, as the environment says:
//
//   LAMPPOST_FAILPOINT=shards.advance.after:2:exit     the second time that a shard was recorded
//
// Never part of the product: only failing_lamppost knows it.

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace lamppost::crash {

class Failpoint {
 public:
  static constexpr int kExitCode = 99;

  /// None in the environment: nothing ever happens. Throws Failure when it cannot be read.
  static Failpoint from_environment();

  /// Ends the process, if this is the instant: as kill -9 would do it, without a last word.
  void pass(std::string_view name);

  /// The call with an instant before it and one after it: NAME.before, NAME.after.
  template <class Call>
  auto around(const std::string& name, const Call& call) {
    pass(name + ".before");
    if constexpr (std::is_void_v<decltype(call())>) {
      call();
      pass(name + ".after");
    } else {
      auto answer = call();
      pass(name + ".after");
      return answer;
    }
  }

 private:
  enum class Action {
    Exit,   // _exit(99)
    Abort,  // SIGABRT
    Sleep,  // stands still, as a suspended machine does, until SIGCONT or SIGKILL
  };
  std::string name_;
  std::uint64_t left_ = 0;
  Action action_ = Action::Exit;
};

}  // namespace lamppost::crash
