#pragma once
// What strangers may send in the place of a subscription.

#include <string>
#include <vector>

#include "tests/core/subscribers.h"
#include "tests/web/visitor_desk.h"

namespace lamppost::testing {

// A bad toJSON(), and what its refusal is called.
struct BadForm {
  std::string text;
  std::string code;
  std::string field;
};

inline std::vector<BadForm> bad_forms() {
  const auto url = endpoint_url("a");
  std::vector<BadForm> bad{
      {"{}", "missing_endpoint", "endpoint"},
      {R"({"endpoint":null})", "missing_endpoint", "endpoint"},
      {R"({"endpoint":")" + url + R"("})", "missing_keys", "keys"},
      {R"({"endpoint":")" + url + R"(","keys":"x"})", "bad_keys", "keys"},
      {R"({"endpoint":")" + url + R"(","keys":[]})", "bad_keys", "keys"},
      {R"({"endpoint":")" + url + R"(","keys":{}})", "missing_p256dh", "keys.p256dh"},
      {R"({"endpoint":")" + url + R"(","keys":{"p256dh":"B"}})", "missing_auth", "keys.auth"},
      {R"({"endpoint":7,"keys":{}})", "bad_endpoint", "endpoint"},
      {R"({"endpoint":["https://push.example.net/a"],"keys":{}})", "bad_endpoint", "endpoint"}};
  for (const std::string hostile : {"",
                                    " ",
                                    "a",
                                    "push.example.net/a",
                                    "http://push.example.net/a",
                                    "HTTPS://push.example.net/a",
                                    "https:push.example.net/a",
                                    "https:/push.example.net/a",
                                    "//push.example.net/a",
                                    "javascript:alert(1)",
                                    "file:///etc/passwd",
                                    "https://",
                                    "https:///a",
                                    "https://push.example.net",
                                    "https://push.example.net?a",
                                    "https://evil.com/a",
                                    "https://push.example.net.evil.com/a",
                                    "https://push.example.net@evil.com/a",
                                    "https://evil.com/@push.example.net/",
                                    "https://user@push.example.net/a",
                                    "https://user:pw@push.example.net/a",
                                    "https://push.example.net:444/a",
                                    "https://push.example.net:/a",
                                    "https://push.example.net:0443/a",
                                    "https://push.example.net:65536/a",
                                    "https://push.example.net./a",
                                    "https://PUSH.example.net/a",
                                    "https://xpush.example.net/a",
                                    "https://push.example.org/a",
                                    "https://.push.example.org/a",
                                    "https://127.0.0.1/a",
                                    "https://2130706433/a",
                                    "https://0x7f.1/a",
                                    "https://[::1]/a",
                                    "https://localhost/a",
                                    "https://169.254.169.254/latest/meta-data/",
                                    "https://push%2eexample%2enet/a",
                                    "https://push.example.net/a b",
                                    "https://push.example.net/a#b",
                                    "https://push.example.net/%",
                                    "https://push.example.net/%4",
                                    "https://push.example.net/%zz",
                                    "https://push.example.net/a\\tb",
                                    "https://push.example.net/a\\r\\nHost: evil.com",
                                    "https://push.example.net/\\u007f",
                                    "https://push.example.net/\\u00e4",
                                    "https://push.example.net\\\\@evil.com/a",
                                    "https://push.example.net/'",
                                    "https://push.example.net/<b>",
                                    " https://push.example.net/a",
                                    "https://push.example.net/a "})
    bad.push_back({form(hostile), "bad_endpoint", "endpoint"});
  bad.push_back({form(endpoint_url(std::string(2048, 'a'))), "bad_endpoint", "endpoint"});

  const std::string key(kP256dh), auth(kAuth);
  auto off_the_curve = key;
  off_the_curve[40] = off_the_curve[40] == 'A' ? 'B' : 'A';
  const std::vector<std::string> bad_keys{"",
                                          " ",
                                          "A",
                                          key.substr(1),
                                          key + "AAAA",
                                          key.substr(0, 86),
                                          key + "=====",
                                          key + " ",
                                          "C" + key.substr(1),
                                          std::string(87, 'A'),
                                          off_the_curve,
                                          "AgIC" + key.substr(4),
                                          "+_" + key.substr(2),
                                          std::string(128, '!'),
                                          std::string(129, 'A'),
                                          std::string(5000, 'A')};
  for (const auto& wrong : bad_keys)
    bad.push_back({form(url, wrong, auth), "bad_p256dh", "keys.p256dh"});
  const std::vector<std::string> bad_secrets{"",
                                             " ",
                                             "A",
                                             auth.substr(1),
                                             auth + "AAAA",
                                             auth + "=",
                                             auth + "===",
                                             "BTBZMqHH6r4Tts7J_aSIgh",
                                             "BTBZMqHH6r4Tts7J/aSIg_",
                                             std::string(22, '?'),
                                             "BTBZMqHH6r4Tts7J aSIgg",
                                             std::string(129, 'A')};
  for (const auto& wrong : bad_secrets)
    bad.push_back({form(url, key, wrong), "bad_auth", "keys.auth"});
  for (const std::string wrong : {"7", "true", "{}", "[]"}) {
    bad.push_back({R"({"endpoint":")" + url + R"(","keys":{"p256dh":)" + wrong + "}}", "bad_p256dh",
                   "keys.p256dh"});
    bad.push_back({R"({"endpoint":")" + url + R"(","keys":{"p256dh":"B","auth":)" + wrong + "}}",
                   "bad_auth", "keys.auth"});
  }
  return bad;
}

// toJSON() with one more member in front.
inline std::string with_member(const std::string& member) {
  return '{' + member + ',' + form(endpoint_url("a")).substr(1);
}

inline std::string lists(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

// Texts that are no JSON object of ours, though each is UTF-8.
inline std::vector<std::string> bad_texts() {
  const auto inside = form(endpoint_url("a"));
  return {"",
          " ",
          "null",
          "7",
          "\"x\"",
          "[]",
          "[" + inside + "]",
          inside.substr(0, inside.size() - 1),
          inside + "}",
          inside + inside,
          "{'endpoint':1}",
          "endpoint=https%3A%2F%2Fpush.example.net%2Fa",
          with_member(R"("x":NaN)"),
          with_member(R"("x":01)"),
          with_member(R"("x":"\ud800")"),
          with_member(R"("x":"\udc00")"),
          with_member(R"("x":"\u0000")"),
          with_member(R"("\u0000":1)"),
          with_member("\"x\":\"a\nb\""),
          with_member(R"("endpoint":"https://push.example.net/b")"),
          with_member(R"("x":1,"x":2)"),
          with_member(R"("x":1,"\u0078":2)"),
          with_member(R"("x":{"y":1,"y":2})"),
          with_member("\"x\":" + lists(32)),
          with_member("\"x\":" + lists(3500))};
}

inline std::vector<std::string> bad_bytes() {
  std::vector<std::string> bad{with_member(std::string("\"x\":\"a\0b\"", 9)),
                               form(endpoint_url("a")) + '\0'};
  for (const std::string bytes : {"\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80"})
    bad.push_back(with_member("\"x\":\"" + bytes + '"'));
  return bad;
}

}  // namespace lamppost::testing
