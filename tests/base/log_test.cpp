#include "lib/base/log.h"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <unistd.h>

#include <array>

namespace lamppost {
namespace {

// What `write` puts on stderr meanwhile.
template <class Write>
std::string stderr_of(const Write& write) {
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  const int kept = dup(STDERR_FILENO);
  dup2(ends[1], STDERR_FILENO);
  write();
  dup2(kept, STDERR_FILENO);
  close(kept);
  close(ends[1]);
  std::array<char, 4096> text{};
  const auto size = read(ends[0], text.data(), text.size());
  close(ends[0]);
  return {text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

TEST_SUITE("base.log") {
  TEST_CASE("an entry is one JSON object on one line: when, how bad, what, details") {
    const auto text = stderr_of([] {
      log::warning("push_refused", {{"status", 403}, {"detail", "two\nlines"}});
    });

    REQUIRE(text.ends_with("}\n"));
    CHECK(text.find('\n') == text.size() - 1);
    const auto line = json::parse_object(text);
    REQUIRE(line);
    CHECK(*line->find("level")->text() == "warning");
    CHECK(*line->find("event")->text() == "push_refused");
    CHECK(*line->find("status")->integer() == 403);
    CHECK(*line->find("detail")->text() == "two\nlines");
    const auto time = *line->find("time")->text();
    CHECK(time.size() == std::string_view("2026-11-24T16:30:00Z").size());
    CHECK(time.ends_with("Z"));
  }

  TEST_CASE("each level has its name") {
    CHECK(stderr_of([] { log::notice("x", {}); }).find("\"level\":\"notice\"") !=
          std::string::npos);
    CHECK(stderr_of([] { log::error("x", {}); }).find("\"level\":\"error\"") != std::string::npos);
  }
}

}  // namespace
}  // namespace lamppost
