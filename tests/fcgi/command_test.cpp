#include "fcgi/command.h"

#include <doctest/doctest.h>

#include "tests/fcgi/config_files.h"

namespace lamppost {
namespace {

using Words = std::vector<std::string>;

const std::vector<Option> kOptions{
    {"--title", "TEXT", ""}, {"--silent", "", ""}, {"--config", "FILE", ""}};

Arguments read(const Words& words, std::size_t max_words = 0) {
  return Arguments(words, kOptions, max_words);
}

std::string refusal(const Words& words, std::size_t max_words = 0) {
  try {
    read(words, max_words);
    return "";
  } catch (const UsageFailure& failure) {
    return failure.what();
  }
}

TEST_SUITE("fcgi.command") {
  TEST_CASE("values stand behind their option or after its equals sign") {
    CHECK(read({"--title", "Hello"}).value("--title") == "Hello");
    CHECK(read({"--title=Hello"}).value("--title") == "Hello");
    CHECK(read({"--title=a=b"}).value("--title") == "a=b");
    CHECK(read({"--title="}).value("--title") == "");
    CHECK(read({"--title", ""}).value("--title") == "");
    CHECK(read({"--title", "--silent"}).value("--title") == "--silent");
    CHECK_FALSE(read({}).value("--title"));
  }

  TEST_CASE("flags are there or not") {
    CHECK(read({"--silent"}).has("--silent"));
    CHECK_FALSE(read({"--title", "x"}).has("--silent"));
    CHECK(refusal({"--silent=yes"}) == "--silent takes no value");
  }

  TEST_CASE("what is not in the table is refused by name") {
    CHECK(refusal({"--titel", "x"}) == "unknown option --titel");
    CHECK(refusal({"--titel=x"}) == "unknown option --titel");
    CHECK(refusal({"--Title", "x"}) == "unknown option --Title");
    CHECK(refusal({"--"}) == "unknown option --");
    CHECK(refusal({"--\x1b[31m"}) == "unknown option --?[31m");
    CHECK(refusal({"--" + std::string(100, 'x')}).size() < 80);
  }

  TEST_CASE("a value must follow, and an option stand once") {
    CHECK(refusal({"--title"}) == "--title needs a value: TEXT");
    CHECK(refusal({"--title", "a", "--title", "b"}) == "--title is given twice");
    CHECK(refusal({"--title=", "--title=b"}) == "--title is given twice");
    CHECK(refusal({"--silent", "--silent"}) == "--silent is given twice");
  }

  TEST_CASE("other words are kept in order, up to as many as the command takes") {
    CHECK(read({"new", "--silent"}, 1).words() == Words{"new"});
    CHECK(read({"--title", "x", "a", "b"}, 2).words() == Words{"a", "b"});
    CHECK(refusal({"new"}) == "unexpected argument new");
    CHECK(refusal({"new", "old"}, 1) == "unexpected argument old");
    CHECK(refusal({"-h"}) == "unexpected argument -h");
  }

  TEST_CASE("--config may be given again, and the last file wins") {
    const testing::ConfigFiles files;
    const auto first = files.write(
        "a.conf",
        "site_origin = https://a.example\nvapid_subject = mailto:a@b.example\nsite_name = A");
    const auto second = files.write("b.conf", "site_name = B");

    CHECK(read({"--config", first}).config().site_name == "A");
    CHECK(read({"--config", first, "--config=" + second}).config().site_name == "B");
  }

  TEST_CASE("a bad configuration is bad input, with file and line") {
    const testing::ConfigFiles files;
    const auto bad = files.write("a.conf", "push_streams = 0");

    try {
      read({"--config", bad}).config();
      FAIL("it was taken");
    } catch (const UsageFailure& failure) {
      CHECK(failure.what() == bad + ":1: push_streams must be a whole number between 1 and 1000");
    }
    CHECK_THROWS_AS(read({"--config", files.path("none")}).config(), UsageFailure);
  }
}

}  // namespace
}  // namespace lamppost
