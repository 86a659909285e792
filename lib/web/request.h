#pragma once
// An HTTP request as the API sees it: a plain value, so that tests need no server.

#include <algorithm>
#include <map>
#include <string>

namespace lamppost::web {

enum class Method { Get, Post, Put, Patch, Delete, Other };  // HEAD is Get, nginx drops the body

struct Request {  // read whole before a handler sees it
  Method method = Method::Get;
  bool is_head = false;                                     // the headers alone are wanted
  std::string path;                                         // decoded by nginx, without the query
  std::map<std::string, std::string, std::less<>> headers;  // lower-case names
  std::string query;                                        // as it came, behind the "?"
  std::string body;
  std::string owner;  // nginx's basic-auth user; empty on the public pool, and when the admin
                      // gate is not there

  /// The value of a header, empty when it was not sent.
  std::string_view header(std::string_view name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string_view{} : std::string_view(found->second);
  }

  /// The value of a parameter of the query, empty when it is not there. Not decoded: what we take
  /// there are numbers.
  std::string_view query_value(std::string_view name) const {
    std::string_view rest = query;
    while (!rest.empty()) {
      const auto pair = rest.substr(0, rest.find('&'));
      rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
      if (pair.starts_with(name) && pair.substr(name.size()).starts_with('='))
        return pair.substr(name.size() + 1);
    }
    return {};
  }
};

}  // namespace lamppost::web
