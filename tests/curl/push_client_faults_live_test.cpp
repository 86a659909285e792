// PushClient against a push service that misbehaves (RELIABILITY F08 to F16).

#include <doctest/doctest.h>

#include <algorithm>

#include "lib/curl/push_client.h"
#include "tests/curl/live_sender.h"

using namespace lamppost;
using curl::PushClient;
using test::accepted;
using test::LiveSender;
using test::send_all;
using test::send_one;
using test::since;
using namespace std::chrono_literals;

namespace {

auto now() { return std::chrono::steady_clock::now(); }

struct Fault {
  const char* name;
  json::Object rule;
};

TEST_SUITE("curl.push_client live faults") {
  TEST_CASE("no redirect is followed") {
    LiveSender sender;
    const auto origin = sender.control.add_host();
    const auto trap = sender.control.add_host();
    PushClient client(sender.settings({origin, trap}));
    for (const auto& location : {trap + "/x", std::string("file:///etc/passwd"),
                                 "http" + trap.substr(5) + "/x", std::string("/x")}) {
      for (const int status : {301, 302, 303, 307, 308}) {
        CAPTURE(location);
        CAPTURE(status);
        sender.control.clear_script(origin);
        sender.control.script(origin,
                              {{"action", "redirect"}, {"status", status}, {"location", location}});

        CHECK(send_one(client, sender.requests(origin, 1)[0]).status == status);
      }
    }
    CHECK(sender.control.count(trap, "connections") == 0);
    CHECK(sender.control.count(origin, "requests") == 20);
  }

  TEST_CASE("an answer without end is cut off and keeps its status") {
    LiveSender sender;
    for (const char* const protocol : {"h2", "http/1.1"}) {
      CAPTURE(std::string(protocol));
      const auto origin = sender.control.add_host({{"protocols", json::Array{protocol}}});
      PushClient client(sender.settings({origin}));
      for (const int status : {201, 500}) {
        sender.control.clear_script(origin);
        sender.control.script(origin, {{"action", "endless"}, {"status", status}});
        const auto start = now();

        const auto replies = send_all(client, sender.requests(origin, 50));

        CHECK(since(start) < 7900ms);  // not by time-out
        for (const auto& reply : replies) {
          CHECK(reply.status == status);
          CHECK(reply.detail == std::string(200, 'x'));
        }
      }
      sender.control.clear_script(origin);
      CHECK(send_one(client, sender.requests(origin, 1)[0]).status == 201);
    }
  }

  TEST_CASE("headers beyond all measure end the transfer") {
    LiveSender sender;
    for (const char* const protocol : {"h2", "http/1.1"}) {
      CAPTURE(std::string(protocol));
      const auto origin = sender.control.add_host({{"protocols", json::Array{protocol}}});
      PushClient client(sender.settings({origin}));
      for (const auto& [count, size] : {std::pair{50, 1000}, std::pair{1000, 1000},
                                        std::pair{100'000, 10}, std::pair{1, 1'000'000}}) {
        CAPTURE(count);
        sender.control.clear_script(origin);
        sender.control.script(
            origin,
            {{"action", "huge-headers"}, {"status", 500}, {"count", count}, {"size", size}});
        const auto start = now();

        const auto replies = send_all(client, sender.requests(origin, 5));

        CHECK(since(start) < 7900ms);
        for (const auto& reply : replies) {
          CAPTURE(reply.detail);
          CHECK(reply.left);
          CHECK(reply.status.value_or(500) == 500);
        }
      }
      sender.control.clear_script(origin);
      CHECK(send_one(client, sender.requests(origin, 1)[0]).status == 201);
    }
  }

  TEST_CASE("what was sent and never answered is unknown, after the time-out") {
    LiveSender sender;
    const Fault faults[] = {
        {"hang", {{"action", "hang"}}},
        {"status line", {{"action", "drip"}, {"part", "status"}, {"everyMs", 300}}},
    };
    for (const auto& fault : faults) {
      CAPTURE(fault.name);
      const auto origin = sender.control.add_host({{"protocols", json::Array{"http/1.1"}}});
      sender.control.script(origin, fault.rule);
      PushClient client(sender.hasty_settings({origin}));
      const auto start = now();

      const auto reply = send_one(client, sender.requests(origin, 1)[0]);

      CHECK_FALSE(reply.status);
      CHECK(reply.left);
      CHECK(since(start) >= 1900ms);
      CHECK(since(start) < 4000ms);
    }
  }

  TEST_CASE("a status that is followed by a dripping body counts") {
    LiveSender sender;
    const auto origin = sender.control.add_host();
    sender.control.script(origin, {{"action", "drip"}, {"status", 201}, {"everyMs", 100}});
    PushClient client(sender.hasty_settings({origin}));

    CHECK(send_one(client, sender.requests(origin, 1)[0]).status == 201);
  }

  TEST_CASE("a broken connection makes what it carried unknown, and nothing is sent twice") {
    LiveSender sender;
    const Fault faults[] = {
        {"reset", {{"action", "reset"}, {"delay", 100}}},
        {"garbage", {{"action", "garbage"}, {"delay", 100}}},
        {"stream error", {{"action", "rst"}, {"code", "INTERNAL_ERROR"}}},
        {"wants HTTP/1.1", {{"action", "rst"}, {"code", "HTTP_1_1_REQUIRED"}}},
    };
    for (const char* const protocol : {"h2", "http/1.1"}) {
      for (const auto& fault : faults) {
        CAPTURE(protocol);
        CAPTURE(fault.name);
        const auto origin = sender.control.add_host({{"protocols", json::Array{protocol}}});
        PushClient client(sender.settings({origin}));
        // So that the connection is an old one, where libcurl would repeat by itself.
        CHECK(accepted(send_all(client, sender.requests(origin, 5))) == 5);
        sender.control.script(origin, fault.rule);
        const auto requests = sender.requests(origin, 40);

        const auto replies = send_all(client, requests);

        for (const auto& reply : replies) {
          CHECK_FALSE(reply.status);
          CHECK(reply.left);
          CHECK_FALSE(reply.detail.empty());
        }
        CHECK(sender.control.count(origin, "requests") <= 45);
        const auto counts = sender.control.call("GET", "/counts");
        for (const auto& row : *counts.array()) CHECK(*row.object()->find("seen")->integer() <= 1);
        sender.control.clear_script(origin);
        CHECK(send_one(client, sender.requests(origin, 1)[0]).status == 201);
      }
    }
  }

  TEST_CASE("what was refused unprocessed is sent again at once") {
    LiveSender sender;
    const auto origin = sender.control.add_host();
    PushClient client(sender.settings({origin}));
    const auto requests = sender.requests(origin, 100);
    json::Array endpoints;
    for (const auto& request : requests) endpoints.push_back(request.url);
    const json::Object refuse_once = {{"action", "rst"}, {"code", "REFUSED_STREAM"}, {"times", 1}};
    sender.control.call("POST", "/script", {{"rules", refuse_once}, {"endpoints", endpoints}});

    const auto replies = send_all(client, requests);

    CHECK(accepted(replies) == 100);
    CHECK(sender.control.count(origin, "scripted") == 100);
    CHECK(sender.control.count(origin, "accepted") == 100);
  }

  TEST_CASE("what is refused for ever is given up after three tries, as unknown") {
    LiveSender sender;
    const auto origin = sender.control.add_host();
    PushClient client(sender.settings({origin}));
    sender.control.script(origin, {{"action", "rst"}, {"code", "REFUSED_STREAM"}});

    const auto reply = send_one(client, sender.requests(origin, 1)[0]);

    CHECK_FALSE(reply.status);
    CHECK(reply.left);  // libcurl does not tell it from a broken session
    CHECK(sender.control.count(origin, "scripted") == 3);
  }

  TEST_CASE(
      "connections that are told to go away lose nothing, repeat nothing and leave no doubt") {
    LiveSender sender;
    for (const int after : {2, 7, 50}) {
      CAPTURE(after);
      const auto origin = sender.control.add_host();
      PushClient client(sender.settings({origin}));
      sender.control.script(origin, {{"action", "goaway"}, {"after", after}});

      const auto replies = send_all(client, sender.requests(origin, 200));

      CHECK(accepted(replies) > 0);
      CHECK(sender.control.count(origin, "accepted") ==
            static_cast<std::int64_t>(accepted(replies)));
      for (const auto& reply : replies) {
        CAPTURE(reply.detail);
        CHECK((reply.status == 201 || !reply.left));
      }
      if (after == 50) CHECK(accepted(replies) == 200);  // nobody notices
    }
  }

  TEST_CASE("nothing is sent to a peer that cannot prove who it is") {
    LiveSender sender;
    for (const char* const certificate : {"expired", "wrong-name", "unknown-ca", "self-signed"}) {
      CAPTURE(certificate);
      const auto origin = sender.control.add_host({{"certificate", certificate}});
      PushClient client(sender.settings({origin}));

      const auto reply = send_one(client, sender.requests(origin, 1)[0]);

      CHECK_FALSE(reply.status);
      CHECK_FALSE(reply.left);
      CHECK(reply.detail.find("SSL") != std::string::npos);
      CHECK(sender.control.count(origin, "connections") >= 1);
      CHECK(sender.control.count(origin, "requests") == 0);
    }
  }

  TEST_CASE("TLS older than 1.2 is not spoken") {
    LiveSender sender;
    const auto origin = sender.control.add_host(
        {{"tls", json::Object{{"minVersion", "TLSv1"}, {"maxVersion", "TLSv1.1"}}}});
    PushClient client(sender.settings({origin}));

    const auto reply = send_one(client, sender.requests(origin, 1)[0]);

    CHECK_FALSE(reply.left);
    CHECK(sender.control.count(origin, "requests") == 0);
  }

  TEST_CASE("a connection that fails before it is secure has carried nothing") {
    LiveSender sender;
    const auto origin = sender.control.add_host();
    for (const char* const fault : {"reset", "hang", "close-after-handshake", "plain-text"}) {
      CAPTURE(fault);
      PushClient client(sender.hasty_settings({origin}));
      sender.control.call("POST", "/hosts/break", {{"host", origin}, {"fault", fault}});

      const auto reply = send_one(client, sender.requests(origin, 1)[0]);

      CHECK_FALSE(reply.status);
      if (std::string(fault) != "close-after-handshake") CHECK_FALSE(reply.left);
      sender.control.call("POST", "/hosts/break", {{"host", origin}, {"fault", nullptr}});
      CHECK(send_one(client, sender.requests(origin, 1)[0]).status == 201);
    }
  }

  TEST_CASE("a service that is down has got nothing, and is found again when it is up") {
    LiveSender sender;
    const auto origin = sender.control.add_host();
    PushClient client(sender.settings({origin}));
    const auto requests = sender.requests(origin, 30);
    sender.control.call("POST", "/hosts/stop", {{"host", origin}});

    for (const auto& reply : send_all(client, requests)) {
      CHECK_FALSE(reply.status);
      CHECK_FALSE(reply.left);
    }
    sender.control.call("POST", "/hosts/start", {{"host", origin}});
    CHECK(accepted(send_all(client, requests)) == 30);
  }

  TEST_CASE("a private address that is no exception is never connected to") {
    LiveSender sender;
    const auto origin = sender.control.add_host();
    auto settings = sender.settings({origin});
    settings.address_exceptions.clear();
    PushClient client(settings);

    for (const auto& reply : send_all(client, sender.requests(origin, 20))) {
      CHECK_FALSE(reply.status);
      CHECK_FALSE(reply.left);
      CHECK(reply.detail.find("is not a public one") != std::string::npos);
    }
    CHECK(sender.control.count(origin, "connections") == 0);
  }
}

}  // namespace
