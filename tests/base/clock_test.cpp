#include "lib/base/clock.h"

#include <doctest/doctest.h>

#include <signal.h>
#include <sys/time.h>
#include <time.h>

namespace lamppost {
namespace {

TEST_SUITE("base.clock") {
  TEST_CASE("the system's clock counts Unix seconds") {
    const time_t before = time(nullptr);
    const auto now = SystemClock{}.now().time_since_epoch().count();
    const time_t after = time(nullptr);

    // time() of glibc reads a coarse clock that may be a tick behind.
    CHECK(now >= before);
    CHECK(now <= after + 1);
  }

  TEST_CASE("a signal ends the sleep, so that a worker can stop") {
    struct sigaction quiet {};
    struct sigaction previous {};
    quiet.sa_handler = [](int) {};
    sigaction(SIGALRM, &quiet, &previous);
    const itimerval soon{.it_interval = {}, .it_value = {.tv_sec = 0, .tv_usec = 20'000}};
    const auto start = std::chrono::steady_clock::now();

    setitimer(ITIMER_REAL, &soon, nullptr);
    SystemClock{}.sleep(Seconds{20});

    CHECK(std::chrono::steady_clock::now() - start < Seconds{10});
    sigaction(SIGALRM, &previous, nullptr);
  }

  TEST_CASE("a sleep of no or less than no time returns at once") {
    const auto start = std::chrono::steady_clock::now();

    SystemClock{}.sleep(Seconds{0});
    SystemClock{}.sleep(Seconds{-5});

    CHECK(std::chrono::steady_clock::now() - start < Seconds{1});
  }
}

}  // namespace
}  // namespace lamppost
