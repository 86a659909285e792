#include <doctest/doctest.h>

#include <string>

#include "lib/webpush/endpoint.h"

namespace lamppost::webpush {
namespace {

TEST_SUITE("webpush.endpoint_policy") {
  TEST_CASE("a configured host with a port allows that port only, and its origin names it") {
    const EndpointPolicy policy{{"localhost:9443", "push.example.org"}};

    const auto endpoint = Endpoint::parse("https://localhost:9443/push/1", policy);

    REQUIRE(endpoint);
    CHECK(endpoint->origin() == "https://localhost:9443");
    CHECK(Endpoint::parse("https://push.example.org/1", policy));
    CHECK(Endpoint::parse("https://push.example.org:443/1", policy));
    CHECK_FALSE(Endpoint::parse("https://localhost/push/1", policy));
    CHECK_FALSE(Endpoint::parse("https://localhost:443/push/1", policy));
    CHECK_FALSE(Endpoint::parse("https://localhost:9444/push/1", policy));
    CHECK_FALSE(Endpoint::parse("https://push.example.org:9443/1", policy));
    CHECK_FALSE(Endpoint::parse("https://fcm.googleapis.com/1", policy));
  }

  TEST_CASE("a suffix allows what is below it, at label borders, not itself") {
    const EndpointPolicy policy{{".push.example.org:8443"}};

    CHECK(policy.allows("a.push.example.org", "8443"));
    CHECK(policy.allows("a.b.push.example.org", "8443"));
    CHECK_FALSE(policy.allows("push.example.org", "8443"));
    CHECK_FALSE(policy.allows(".push.example.org", "8443"));
    CHECK_FALSE(policy.allows("apush.example.org", "8443"));
    CHECK_FALSE(policy.allows("a.push.example.org", "443"));
  }

  TEST_CASE("an empty policy allows nothing") {
    CHECK_FALSE(EndpointPolicy{}.allows("fcm.googleapis.com", "443"));
    CHECK_FALSE(EndpointPolicy{}.allows("", "443"));
  }

  TEST_CASE("entries of the configuration are read") {
    for (const std::string entry : {"push.example.org", ".example.org", "localhost:9443",
                                    ".example.org:8443", "a-b.xn--p1ai", "push:1", "x:65535"}) {
      CAPTURE(entry);
      const auto read = EndpointPolicy::parse_entry(entry);
      REQUIRE(read);
      CHECK(*read == entry);
    }
    for (const auto& entry : EndpointPolicy::built_in().hosts)
      CHECK(EndpointPolicy::parse_entry(entry));
  }

  TEST_CASE("entries that would never match, or match too much, are refused") {
    for (const std::string entry : {"",
                                    ".",
                                    "..",
                                    "..example.org",
                                    "*.example.org",
                                    "*",
                                    "Push.Example.Org",
                                    "https://push.example.org",
                                    "push.example.org/",
                                    "push.example.org.",
                                    "10.0.0.1",
                                    "127.0.0.1:9443",
                                    "[::1]:9443",
                                    "push example",
                                    "u@host",
                                    "host:",
                                    "host:0",
                                    "host:65536",
                                    "host:x",
                                    "host:1:2",
                                    "host:0443"}) {
      CAPTURE(entry);
      const auto read = EndpointPolicy::parse_entry(entry);
      REQUIRE_FALSE(read);
      CHECK(read.error().message ==
            "must be a host name in lower case or a suffix such as .example.com, without https://, "
            "and may name a port such as :8443");
    }
  }
}

}  // namespace
}  // namespace lamppost::webpush
