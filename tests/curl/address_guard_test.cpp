#include "lib/curl/address_guard.h"

#include <doctest/doctest.h>

#include <arpa/inet.h>

#include <cstring>

#include "lib/base/failure.h"

using namespace lamppost;
using curl::AddressGuard;
using curl::SocketAddress;

namespace {

sockaddr_storage address(const std::string& text, std::uint16_t port = 443) {
  sockaddr_storage storage{};
  sockaddr_in six_or_four{};
  if (inet_pton(AF_INET, text.c_str(), &six_or_four.sin_addr) == 1) {
    six_or_four.sin_family = AF_INET;
    six_or_four.sin_port = htons(port);
    std::memcpy(&storage, &six_or_four, sizeof six_or_four);
    return storage;
  }
  sockaddr_in6 six{};
  REQUIRE(inet_pton(AF_INET6, text.c_str(), &six.sin6_addr) == 1);
  six.sin6_family = AF_INET6;
  six.sin6_port = htons(port);
  std::memcpy(&storage, &six, sizeof six);
  return storage;
}

const sockaddr& general(const sockaddr_storage& storage) {
  return reinterpret_cast<const sockaddr&>(storage);
}

struct Row {
  const char* text;
  bool is_public;
};

// Both ends of each range and their neighbours outside of it.
constexpr Row kRows[] = {
    {"0.0.0.0", false},
    {"0.255.255.255", false},
    {"1.0.0.0", true},
    {"9.255.255.255", true},
    {"10.0.0.0", false},
    {"10.255.255.255", false},
    {"11.0.0.0", true},
    {"100.63.255.255", true},
    {"100.64.0.0", false},
    {"100.127.255.255", false},
    {"100.128.0.0", true},
    {"126.255.255.255", true},
    {"127.0.0.1", false},
    {"127.255.255.255", false},
    {"128.0.0.0", true},
    {"169.253.255.255", true},
    {"169.254.0.0", false},
    {"169.254.169.254", false},
    {"169.255.0.0", true},
    {"172.15.255.255", true},
    {"172.16.0.0", false},
    {"172.31.255.255", false},
    {"172.32.0.0", true},
    {"191.255.255.255", true},
    {"192.0.0.0", false},
    {"192.0.0.255", false},
    {"192.0.1.0", true},
    {"192.0.2.1", false},
    {"192.0.3.0", true},
    {"192.88.98.255", true},
    {"192.88.99.1", false},
    {"192.88.100.0", true},
    {"192.167.255.255", true},
    {"192.168.0.0", false},
    {"192.168.255.255", false},
    {"192.169.0.0", true},
    {"198.17.255.255", true},
    {"198.18.0.0", false},
    {"198.19.255.255", false},
    {"198.20.0.0", true},
    {"198.51.100.7", false},
    {"198.51.101.0", true},
    {"203.0.113.7", false},
    {"203.0.114.0", true},
    {"223.255.255.255", true},
    {"224.0.0.1", false},
    {"239.255.255.255", false},
    {"240.0.0.1", false},
    {"255.255.255.255", false},
    {"8.8.8.8", true},
    {"142.250.185.74", true},
    {"::", false},
    {"::1", false},
    {"::8.8.8.8", false},
    {"::ffff:127.0.0.1", false},
    {"::ffff:10.0.0.1", false},
    {"::ffff:169.254.169.254", false},
    {"::ffff:0.0.0.0", false},
    {"::ffff:8.8.8.8", true},
    {"64:ff9b::127.0.0.1", false},
    {"64:ff9b::10.1.2.3", false},
    {"64:ff9b::8.8.8.8", true},
    {"64:ff9b:1::8.8.8.8", false},
    {"64:ff9b:1:ffff::1", false},
    {"64:ff9a::8.8.8.8", false},
    {"100::1", false},
    {"1fff:ffff::1", false},
    {"2000::1", true},
    {"2001::1", false},
    {"2001:1ff:ffff::1", false},
    {"2001:200::1", true},
    {"2001:db8::1", false},
    {"2001:db9::1", true},
    {"2001:4860:4860::8888", true},
    {"2002:7f00:1::", false},
    {"2002:808:808::1", false},
    {"2003::1", true},
    {"2607:f8b0:4004:800::200a", true},
    {"3ffe::1", true},
    {"3fff:0:1::", false},
    {"3fff:1000::", true},
    {"4000::1", false},
    {"5f00::1", false},
    {"fbff::1", false},
    {"fc00::1", false},
    {"fdff:ffff::1", false},
    {"fe80::1", false},
    {"febf::1", false},
    {"fec0::1", false},
    {"ff02::1", false},
};

TEST_SUITE("curl.address_guard") {
  TEST_CASE("an address is public unless the special-purpose lists name it") {
    for (const auto& row : kRows) {
      CAPTURE(row.text);
      CHECK(curl::is_public(general(address(row.text))) == row.is_public);
    }
  }

  TEST_CASE("an address of another family is not public") {
    sockaddr_storage unix_socket{};
    unix_socket.ss_family = AF_UNIX;

    CHECK_FALSE(curl::is_public(general(unix_socket)));
  }

  TEST_CASE("a public address may be connected to at port 443 only") {
    const AddressGuard guard({});

    CHECK(guard.allows(general(address("8.8.8.8", 443))));
    CHECK_FALSE(guard.allows(general(address("8.8.8.8", 80))));
    CHECK_FALSE(guard.allows(general(address("2001:4860:4860::8888", 8443))));
    CHECK_FALSE(guard.allows(general(address("127.0.0.1", 443))));
  }

  TEST_CASE("an exception is that address at that port and no other") {
    const std::vector<std::string> exceptions = {"127.0.0.1:9443", "[::1]:9444", "8.8.4.4:8443"};
    const AddressGuard guard(exceptions);

    CHECK(guard.allows(general(address("127.0.0.1", 9443))));
    CHECK(guard.allows(general(address("::ffff:127.0.0.1", 9443))));
    CHECK(guard.allows(general(address("::1", 9444))));
    CHECK(guard.allows(general(address("8.8.4.4", 8443))));
    CHECK_FALSE(guard.allows(general(address("127.0.0.1", 9444))));
    CHECK_FALSE(guard.allows(general(address("127.0.0.1", 443))));
    CHECK_FALSE(guard.allows(general(address("127.0.0.2", 9443))));
    CHECK_FALSE(guard.allows(general(address("::1", 9443))));
  }

  TEST_CASE("an exception that is not address:port is refused by name") {
    for (const char* const text :
         {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:94 3",
          ":9443", "localhost:9443", "::1:9443", "[::1]", "[]:9443", "[127.0.0.1]:9443",
          "127.1:9443", "[::1]:9443,", "127.0.0.1:-1"}) {
      CAPTURE(text);
      CHECK_FALSE(SocketAddress::parse(text));
    }
    const std::vector<std::string> wrong = {"localhost:9443"};
    CHECK_THROWS_WITH_AS(
        AddressGuard{wrong},
        "push address localhost:9443 must be address:port, such as 127.0.0.1:9443 or [::1]:9443",
        Failure);
  }

  TEST_CASE("an address is written as it is read") {
    CHECK(SocketAddress::of(general(address("192.168.1.2", 9443))).to_text() == "192.168.1.2:9443");
    CHECK(SocketAddress::of(general(address("fe80::1", 443))).to_text() == "[fe80::1]:443");
  }
}

}  // namespace
