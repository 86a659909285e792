#include "lib/webpush/endpoint.h"

#include <doctest/doctest.h>

#include <ostream>
#include <string>

namespace lamppost::webpush {
namespace {

using namespace std::string_view_literals;

const EndpointPolicy kPolicy = EndpointPolicy::built_in();

Result<Endpoint> parse(std::string_view url) { return Endpoint::parse(url, kPolicy); }

std::string refusal(std::string_view url) {
  const auto endpoint = parse(url);
  if (endpoint) return "(taken)";
  CHECK(endpoint.error().field == "endpoint");
  return endpoint.error().message;
}

struct Good {
  std::string_view url;
  std::string_view origin;
};
// One of each service that browsers use, in the forms that they hand out.
constexpr Good kGood[] = {
    {"https://fcm.googleapis.com/fcm/send/cX9-_:APA91bE"sv, "https://fcm.googleapis.com"sv},
    {"https://fcm.googleapis.com/wp/dGVzdA:APA91b_x-y"sv, "https://fcm.googleapis.com"sv},
    {"https://jmt17.google.com/fcm/send/abc"sv, "https://jmt17.google.com"sv},
    {"https://updates.push.services.mozilla.com/wpush/v2/gAAAAABk_x-y="sv,
     "https://updates.push.services.mozilla.com"sv},
    {"https://wns2-par02p.notify.windows.com/w/?token=BQYAAAC%2bm%2f0%3d%3D&x=1"sv,
     "https://wns2-par02p.notify.windows.com"sv},
    {"https://sg2p.notify.windows.com/?token=AwYAAAB"sv, "https://sg2p.notify.windows.com"sv},
    {"https://web.push.apple.com/QGuQyavXutnMH_x-y"sv, "https://web.push.apple.com"sv},
    {"https://api.sandbox.push.apple.com/3/x"sv, "https://api.sandbox.push.apple.com"sv},
    {"https://fcm.googleapis.com:443/fcm/send/x"sv, "https://fcm.googleapis.com"sv},
    {"https://fcm.googleapis.com/"sv, "https://fcm.googleapis.com"sv},
    {"https://fcm.googleapis.com/%2F%4a"sv, "https://fcm.googleapis.com"sv},
    {"https://fcm.googleapis.com/@evil.example/:80//[x]"sv, "https://fcm.googleapis.com"sv},
};

constexpr auto kScheme = "must begin with https://";
constexpr auto kCharacters = "must consist of the ASCII characters that a URL may have";
constexpr auto kPercent = "has a % that is not followed by two hex digits";
constexpr auto kPath = "must have a path after the host";
constexpr auto kHost = "must name a host in lower case, no address, user or escape";
constexpr auto kPort = "must have a port between 1 and 65535 or none";
constexpr auto kUnknown = "is not at a known push service";

struct Bad {
  std::string_view url;
  std::string_view message;
};
constexpr Bad kBad[] = {
    // scheme
    {"http://fcm.googleapis.com/x"sv, kScheme},
    {"HTTPS://fcm.googleapis.com/x"sv, kScheme},
    {"https:/fcm.googleapis.com/x"sv, kScheme},
    {"https:fcm.googleapis.com/x"sv, kScheme},
    {"https:\\\\fcm.googleapis.com/x"sv, kScheme},
    {"//fcm.googleapis.com/x"sv, kScheme},
    {" https://fcm.googleapis.com/x"sv, kScheme},
    {"\thttps://fcm.googleapis.com/x"sv, kScheme},
    {"ftp://fcm.googleapis.com/x"sv, kScheme},
    {"file:///etc/passwd"sv, kScheme},
    {"javascript:alert(1)"sv, kScheme},
    {"gopher://fcm.googleapis.com:70/x"sv, kScheme},
    {"wss://fcm.googleapis.com/x"sv, kScheme},
    {"fcm.googleapis.com/x"sv, kScheme},
    // two parsers, two hosts
    {"https://fcm.googleapis.com\\@127.0.0.1/"sv, kCharacters},
    {"https://127.0.0.1\\@fcm.googleapis.com/"sv, kCharacters},
    {"https://fcm.googleapis.com\\.evil.example/"sv, kCharacters},
    {"https:///127.0.0.1/"sv, kHost},
    {"https:///fcm.googleapis.com/"sv, kHost},
    {"https:////fcm.googleapis.com/"sv, kHost},
    {"https://fcm%2egoogleapis%2ecom/x"sv, kHost},
    {"https://fcm.googleapis.com%2f@evil.example/x"sv, kHost},
    {"https://fcm.googleapis.com%00.evil.example/x"sv, kHost},
    {"https://fcm.googleapis.com?@evil.example/x"sv, kHost},
    {"https://evil.example?.push.apple.com/x"sv, kHost},
    {"https://evil.example#.push.apple.com/x"sv, kCharacters},
    {"https://evil.example;.push.apple.com/x"sv, kHost},
    {"https://evil.example&.push.apple.com/x"sv, kHost},
    {"https://fcm.googleapis.com,evil.example/x"sv, kHost},
    // user
    {"https://user@fcm.googleapis.com/x"sv, kHost},
    {"https://user:pass@fcm.googleapis.com/x"sv, kPort},
    {"https://@fcm.googleapis.com/x"sv, kHost},
    {"https://fcm.googleapis.com@evil.example/x"sv, kHost},
    {"https://fcm.googleapis.com:443@evil.example/x"sv, kPort},
    {"https://fcm.googleapis.com:@evil.example/x"sv, kPort},
    // port
    {"https://fcm.googleapis.com:/x"sv, kPath},
    {"https://fcm.googleapis.com:0/x"sv, kPort},
    {"https://fcm.googleapis.com:0443/x"sv, kPort},
    {"https://fcm.googleapis.com:+443/x"sv, kPort},
    {"https://fcm.googleapis.com:-443/x"sv, kPort},
    {"https://fcm.googleapis.com:443a/x"sv, kPort},
    {"https://fcm.googleapis.com:443:443/x"sv, kPort},
    {"https://fcm.googleapis.com:65536/x"sv, kPort},
    {"https://fcm.googleapis.com:4294967739/x"sv, kPort},
    {"https://fcm.googleapis.com:99999999999999999999/x"sv, kPort},
    {"https://fcm.googleapis.com:80/x"sv, kUnknown},
    {"https://fcm.googleapis.com:8443/x"sv, kUnknown},
    {"https://fcm.googleapis.com:65535/x"sv, kUnknown},
    // characters
    {"https://fcm.googleapis.com/x y"sv, kCharacters},
    {"https://fcm.googleapis.com/x\r\nHost: evil"sv, kCharacters},
    {"https://fcm.googleapis.com/x\n"sv, kCharacters},
    {"https://fcm.googleapis.com/\tx"sv, kCharacters},
    {"https://fcm.goo\tgleapis.com/x"sv, kCharacters},
    {"https://fcm.googleapis.com/\0"sv, kCharacters},
    {"https://fcm.googleapis.com\0.evil.example/"sv, kCharacters},
    {"https://fcm.googleapis.com/\x7f"sv, kCharacters},
    {"https://fcm.googleapis.com/\x1b[2J"sv, kCharacters},
    {"https://fcm.googleapis.com/x\"y"sv, kCharacters},
    {"https://fcm.googleapis.com/x'y"sv, kCharacters},
    {"https://fcm.googleapis.com/<script>"sv, kCharacters},
    {"https://fcm.googleapis.com/x#fragment"sv, kCharacters},
    {"https://fcm.googleapis.com/x\\y"sv, kCharacters},
    {"https://fcm.googleapis.com/{x}|^`"sv, kCharacters},
    {"https://fcm.googleapis.com/\xc3\xa9"sv, kCharacters},
    {"https://f\xd1\x81m.googleapis.com/x"sv, kCharacters},      // a Cyrillic c
    {"https://fcm\xe3\x80\x82googleapis.com/x"sv, kCharacters},  // an ideographic full stop
    {"https://fcm.googleapis.com\xef\xbc\x8f.evil.example/"sv, kCharacters},  // a wide slash
    // escapes
    {"https://fcm.googleapis.com/%"sv, kPercent},
    {"https://fcm.googleapis.com/%4"sv, kPercent},
    {"https://fcm.googleapis.com/%4g"sv, kPercent},
    {"https://fcm.googleapis.com/%g4"sv, kPercent},
    {"https://fcm.googleapis.com/%%41"sv, kPercent},
    {"https://fcm.googleapis.com/%u0041"sv, kPercent},
    // path
    {"https://fcm.googleapis.com"sv, kPath},
    {"https://fcm.googleapis.com?x"sv, kPath},
    {"https://"sv, kPath},
    // host names that are none
    {"https://Fcm.Googleapis.Com/x"sv, kHost},
    {"https://fcm.googleapis.com./x"sv, kHost},
    {"https://.fcm.googleapis.com/x"sv, kHost},
    {"https://fcm..googleapis.com/x"sv, kHost},
    {"https://-fcm.googleapis.com/x"sv, kHost},
    {"https://a-.push.apple.com/x"sv, kHost},
    {"https://a_b.push.apple.com/x"sv, kHost},
    {"https://*.push.apple.com/x"sv, kHost},
    {"https://:443/x"sv, kHost},
    // addresses, in all their spellings
    {"https://127.0.0.1/x"sv, kHost},
    {"https://127.1/x"sv, kHost},
    {"https://2130706433/x"sv, kHost},
    {"https://0x7f000001/x"sv, kHost},
    {"https://0x7f.1/x"sv, kHost},
    {"https://0177.0.0.1/x"sv, kHost},
    {"https://0/x"sv, kHost},
    {"https://10.0.0.1:443/x"sv, kHost},
    {"https://169.254.169.254/latest/meta-data"sv, kHost},
    {"https://[::1]/x"sv, kHost},
    {"https://[::ffff:127.0.0.1]:443/x"sv, kHost},
    {"https://[fcm.googleapis.com]/x"sv, kHost},
    // well-formed, but elsewhere
    {"https://evil.example/x"sv, kUnknown},
    {"https://localhost/x"sv, kUnknown},
    {"https://googleapis.com/x"sv, kUnknown},
    {"https://x.fcm.googleapis.com/x"sv, kUnknown},
    {"https://fcm.googleapis.com.evil.example/x"sv, kUnknown},
    {"https://evil-fcm.googleapis.com/x"sv, kUnknown},
    {"https://storage.googleapis.com/x"sv, kUnknown},
    {"https://android.googleapis.com/gcm/send/x"sv, kUnknown},
    {"https://evilpush.apple.com/x"sv, kUnknown},
    {"https://push.apple.com/x"sv, kUnknown},
    {"https://web.push.apple.com.evil.example/x"sv, kUnknown},
    {"https://notify.windows.com/x"sv, kUnknown},
    {"https://xnotify.windows.com/x"sv, kUnknown},
    {"https://notify.windows.com.evil.example/x"sv, kUnknown},
    {"https://evil.example/.push.apple.com/x"sv, kUnknown},
    {"https://evil.example/?.push.apple.com/x"sv, kUnknown},
    {"https://127.0.0.1.nip.io/x"sv, kUnknown},
    {"https://xn--fm-plb.googleapis.com/x"sv, kUnknown},
};

TEST_SUITE("webpush.endpoint") {
  TEST_CASE("the endpoints of all push services are taken and kept byte for byte") {
    for (const auto& good : kGood) {
      CAPTURE(good.url);
      const auto endpoint = parse(good.url);

      REQUIRE(endpoint);
      CHECK(endpoint->url() == good.url);
      CHECK(endpoint->origin() == good.origin);
      CHECK(endpoint->host() == good.origin.substr(8));
    }
  }

  TEST_CASE("hostile and foreign URLs are refused, each for its reason") {
    for (const auto& bad : kBad) {
      CAPTURE(bad.url);
      CHECK(refusal(bad.url) == bad.message);
    }
  }

  TEST_CASE("nothing but visible ASCII passes, without quotes, brackets and the like") {
    for (unsigned value = 0; value < 256; ++value) {
      const char c = static_cast<char>(value);
      CAPTURE(value);
      const bool wanted = value > ' ' && value < 0x7f && c != '%' &&
                          "\"'\\<>^`{|}#"sv.find(c) == std::string_view::npos;

      const bool in_path{parse("https://fcm.googleapis.com/a" + std::string(1, c) + "b")};
      const bool in_host{parse("https://fcm" + std::string(1, c) + "googleapis.com/")};
      CHECK(in_path == wanted);
      CHECK(in_host == (c == '.'));
    }
  }

  TEST_CASE("2048 bytes are taken, 2049 and none are not") {
    const std::string base = "https://fcm.googleapis.com/";

    CHECK(parse(base + std::string(2048 - base.size(), 'a')));
    CHECK(refusal(base + std::string(2049 - base.size(), 'a')) == "must be at most 2048 bytes");
    CHECK(refusal("") == "must not be empty");
  }

  TEST_CASE("labels end at 63 bytes and names at 253") {
    const std::string tail = ".push.apple.com/x";
    const std::string label(63, 'a');
    const std::string long_name = label + "." + label + "." + label + ".";

    CHECK(parse("https://" + label + tail));
    CHECK(refusal("https://a" + label + tail) == kHost);
    CHECK(parse("https://" + long_name + std::string(253 - 192 - 15, 'b') + tail));
    CHECK(refusal("https://" + long_name + std::string(254 - 192 - 15, 'b') + tail) == kHost);
  }

  TEST_CASE("an endpoint from our store keeps its origin, without a default port") {
    for (const auto& good : kGood) {
      CAPTURE(good.url);
      const auto endpoint = Endpoint::trusted(std::string(good.url));

      CHECK(endpoint.url() == good.url);
      CHECK(endpoint.origin() == good.origin);
    }
    const auto local = Endpoint::trusted("https://localhost:9443/push/x");
    CHECK(local.origin() == "https://localhost:9443");
    CHECK(local.host() == "localhost");
  }

  TEST_CASE("rubbish in our store breaks nothing") {
    for (const std::string url : {"", "x", "https://", "https://host", "http://h/", "https://:/"}) {
      CAPTURE(url);
      const auto endpoint = Endpoint::trusted(url);

      CHECK(endpoint.url() == url);
      CHECK(endpoint.origin() == url);
    }
  }
}

}  // namespace
}  // namespace lamppost::webpush
