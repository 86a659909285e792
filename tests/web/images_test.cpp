#include "lib/web/images.h"

#include "tests/core/sample_images.h"
#include "tests/web/admin_desk.h"
#include "tests/web/visitor_desk.h"

namespace lamppost::web {
namespace {

using testing::body_of;
using testing::header_of;
using testing::refusal_of;

struct Desk : testing::AdminDesk {
  Response upload(std::string file, std::string type = "image/png") const {
    auto asked = testing::request(Method::Post, "/api/admin/images", std::move(file));
    asked.owner = "anna";
    asked.headers["content-type"] = std::move(type);
    return api.answer(asked);
  }
};

Response show(const testing::VisitorDesk& desk, const std::string& name) {
  return desk.api.answer(testing::request(Method::Get, "/api/images/" + name));
}

TEST_SUITE("web.images") {
  TEST_CASE("an image is kept once, by the SHA-256 of its bytes, and described") {
    Desk desk;
    const auto file = testing::png(192, 96);

    const auto response = desk.upload(file);
    desk.upload(file, "IMAGE/PNG ");

    CHECK(response.status == 201);
    const auto sha = testing::to_hex(crypto::sha256(as_bytes(file)));
    CHECK(response.body == R"({"url":"/api/images/)" + sha +
                               R"(","width":192,"height":96,"type":"image/png","bytes":33})");
    CHECK(desk.images.size() == 1);
  }

  TEST_CASE("512 KiB are kept, and not a byte more") {
    Desk desk;
    auto file = testing::png(1, 1);
    file.resize(512 * 1024);

    CHECK(desk.upload(file).status == 201);
    CHECK(refusal_of(desk.upload(file + 'x')) == "413 too_large ");
  }

  TEST_CASE("what is none of the three types, or another than it says, is refused") {
    Desk desk;

    CHECK(refusal_of(desk.upload("no image at all")) == "400 bad_image ");
    CHECK(refusal_of(desk.upload("")) == "400 bad_image ");
    CHECK(refusal_of(desk.upload(testing::png(5000, 1))) == "400 bad_image ");
    CHECK(refusal_of(desk.upload(testing::jpeg(1, 1))) == "415 bad_content_type ");
    for (const auto* type : {"application/json", "", "image/svg+xml", "image/gif", "text/plain",
                             "image/png; a=b", "multipart/form-data"})
      CHECK(refusal_of(desk.upload(testing::png(1, 1), type)) == "415 bad_content_type ");
    CHECK(desk.images.size() == 0);
  }

  TEST_CASE("only this route takes images, and only the owner's pages may send them") {
    Desk desk;
    auto asked = testing::request(Method::Post, "/api/admin/campaigns", R"({"title":"T"})");
    asked.owner = "anna";
    asked.headers["content-type"] = "image/png";
    CHECK(refusal_of(desk.api.answer(asked)) == "415 bad_content_type ");

    asked.path = "/api/admin/images";
    asked.body = testing::png(1, 1);
    asked.headers["sec-fetch-site"] = "cross-site";
    CHECK(refusal_of(desk.api.answer(asked)) == "403 cross_site ");
    asked.headers.erase("sec-fetch-site");
    asked.owner = "";
    CHECK(refusal_of(desk.api.answer(asked)) == "403 no_login ");
    CHECK(desk.images.size() == 0);
  }

  TEST_CASE("it is shown to everybody as it is, to be kept for ever") {
    testing::VisitorDesk desk;
    const auto file = testing::jpeg(3, 2);
    const auto sha = crypto::sha256(as_bytes(file));
    desk.images.put(sha, {core::ImageType::Jpeg, 3, 2}, as_bytes(file), desk.clock.now());

    const auto response = show(desk, testing::to_hex(sha));

    CHECK(response.status == 200);
    CHECK(response.type == "image/jpeg");
    CHECK(response.body == file);
    CHECK(header_of(response, "Cache-Control") == "public, max-age=31536000, immutable");
    CHECK(header_of(response, "ETag") == '"' + testing::to_hex(sha) + '"');
  }

  TEST_CASE("a name that is none, or of no image, is not found") {
    testing::VisitorDesk desk;
    const auto file = testing::jpeg(3, 2);
    const auto sha = crypto::sha256(as_bytes(file));
    desk.images.put(sha, {core::ImageType::Jpeg, 3, 2}, as_bytes(file), desk.clock.now());
    auto upper = testing::to_hex(sha);
    for (auto& c : upper) c = static_cast<char>(std::toupper(c));

    for (const auto& name : {std::string(64, '0'), upper, std::string("7"), std::string(66, '0'),
                             testing::to_hex(sha) + ".jpg", std::string(64, '/')})
      CHECK(refusal_of(show(desk, name)) == "404 not_found ");
  }

  TEST_CASE("with the database away both are 503") {
    Desk desk;
    testing::VisitorDesk visitor;
    desk.images.away = visitor.images.away = true;

    CHECK(refusal_of(desk.upload(testing::png(1, 1))) == "503 unavailable ");
    CHECK(refusal_of(show(visitor, std::string(64, '0'))) == "503 unavailable ");
  }
}

}  // namespace
}  // namespace lamppost::web
