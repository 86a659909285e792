// What needs a server of its own: encryption, and a server that dies (RELIABILITY F03, F04).

#include <doctest/doctest.h>

#include "lib/mysql/migrate.h"
#include "lib/mysql/subscriptions.h"
#include "tests/contract/database.h"
#include "tests/contract/own_server.h"
#include "tests/contract/samples.h"

namespace lamppost::contract {
namespace {

using mysql::Session;

std::string cipher(Session& session) {
  return text(session,
              "SELECT variable_value FROM information_schema.session_status"
              " WHERE variable_name = 'Ssl_cipher'");
}

std::string failure_to_connect(const mysql::Login& login) {
  return failure_of([&] {
    Session session{login};
    connection_of(session);
  });
}

}  // namespace

TEST_SUITE("contract.own_server") {
  TEST_CASE("with a CA the connection is encrypted and chain and name are verified") {
    const OwnServer server{OwnServer::Tls::On};
    auto login = server.login();
    Session plain{login};
    CHECK(cipher(plain).empty());

    login.tls_ca = server.ca();
    Session encrypted{login};
    CHECK_FALSE(cipher(encrypted).empty());

    auto wrong_chain = server.login();
    wrong_chain.tls_ca = server.other_ca();
    CHECK(failure_to_connect(wrong_chain).find("(2026)") != std::string::npos);
    auto wrong_name = server.login_by_other_address();
    CHECK(failure_to_connect(wrong_name).empty());
    wrong_name.tls_ca = server.ca();
    CHECK(failure_to_connect(wrong_name).find("(2026)") != std::string::npos);
    auto no_file = server.login();
    no_file.tls_ca = "/nowhere/ca.pem";
    CHECK_FALSE(failure_to_connect(no_file).empty());
  }

  TEST_CASE("with a CA a server that has no encryption is refused, never talked to in plain text") {
    const OwnServer server{OwnServer::Tls::Off};
    auto login = server.login();
    CHECK(failure_to_connect(login).empty());

    login.tls_ca = server.ca();

    CHECK(failure_to_connect(login).find("(2026)") != std::string::npos);
  }

  TEST_CASE("a server that is killed loses nothing that was stored, and the session goes on") {
    OwnServer server{OwnServer::Tls::Off};
    SystemClock clock;
    mysql::migrate(server.login(), mysql::schema_files(), clock);
    Session session{server.login()};
    mysql::Subscriptions store{session};
    std::uint64_t stored = 0;

    for (int round = 0; round < 3; ++round) {
      CAPTURE(round);
      for (int i = 0; i < 50; ++i)
        stored += store.put(subscription(std::to_string(round * 50 + i)), Time{}).created;
      server.kill();
      CHECK(failure_of([&] { store.put(subscription("away"), Time{}); }).find("(2002)") !=
            std::string::npos);
      CHECK_THROWS_AS(store.select({}, {0}, 1, Time{}), StoreFailure);
      server.start();
      CHECK(store.select({}, {0}, 1000, Time{}).size() == stored);
    }
    CHECK(stored == 150);
  }
}

}  // namespace lamppost::contract
