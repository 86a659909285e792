#include "lib/web/segments.h"

#include "tests/web/admin_desk.h"

namespace lamppost::web {
namespace {

using testing::AdminDesk;
using testing::refusal_of;

constexpr auto* kPath = "/api/admin/segments";
const std::string kTwo = R"({"segments":[{"name":"locals","label":"Locals","audience":"lang:de"},)"
                         R"({"name":"new","label":"New ones","audience":"joined:7d && !news"}]})";

TEST_SUITE("web.segments") {
  TEST_CASE("there are none at first; what is put is what is there") {
    AdminDesk desk;

    CHECK(desk.ask(Method::Get, kPath).body == R"({"segments":[]})");
    const auto put = desk.ask(Method::Put, kPath, kTwo);

    CHECK(put.status == 200);
    CHECK(put.body == kTwo);
    CHECK(desk.ask(Method::Get, kPath).body == kTwo);
  }

  TEST_CASE("a list that is wrong names the member and leaves the old one") {
    AdminDesk desk;
    desk.ask(Method::Put, kPath, kTwo);
    const auto put = [&](const std::string& segments) {
      return refusal_of(desk.ask(Method::Put, kPath, R"({"segments":[)" + segments + "]}"));
    };
    const auto named = [](const std::string& name, const std::string& audience) {
      return R"({"name":")" + name + R"(","label":"L","audience":")" + audience + "\"}";
    };
    std::string many = named("s", "lang:de");
    for (int i = 0; i < 50; ++i) many += ',' + named("s" + std::to_string(i), "lang:de");

    CHECK(refusal_of(desk.ask(Method::Put, kPath, "{}")) == "400 missing_segments segments");
    CHECK(put("7") == "400 bad_segments segments[0]");
    CHECK(put(named("Big", "lang:de")) == "400 bad_name segments[0].name");
    CHECK(put(R"({"name":"a","audience":"lang:de"})") == "400 missing_label segments[0].label");
    CHECK(put(R"({"name":"a","label":"L"})") == "400 missing_audience segments[0].audience");
    CHECK(put(named("a", " ")) == "400 bad_audience segments[0].audience");
    CHECK(put(named("a", "lang:de") + ',' + named("b", "lang:")) ==
          "400 bad_audience segments[1].audience");
    CHECK(put(named("a", "segment:b")) == "400 bad_audience segments[0].audience");
    CHECK(put(named("a", "lang:de") + ',' + named("a", "lang:en")) ==
          "400 bad_name segments[1].name");
    CHECK(put(many) == "400 bad_segments segments");
    CHECK(desk.ask(Method::Get, kPath).body == kTwo);
  }

  TEST_CASE("no other method, and 503 while the database is away") {
    AdminDesk desk;

    CHECK(refusal_of(desk.ask(Method::Post, kPath, kTwo)) == "405 bad_method ");
    desk.set_away(true);
    CHECK(refusal_of(desk.ask(Method::Put, kPath, kTwo)) == "503 unavailable ");
  }
}

}  // namespace
}  // namespace lamppost::web
