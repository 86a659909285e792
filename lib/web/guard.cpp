#include "lib/web/guard.h"

#include "lib/base/text.h"

#include <algorithm>

namespace lamppost::web {
namespace {

// "application/json", in any case, alone or with charset=utf-8.
bool is_json(std::string_view content_type) {
  const auto type = lower_case(content_type);
  const auto semicolon = type.find(';');
  if (trimmed(std::string_view(type).substr(0, semicolon)) != "application/json") return false;
  if (semicolon == std::string::npos) return true;
  const auto parameter = trimmed(std::string_view(type).substr(semicolon + 1));
  return parameter.empty() || parameter == "charset=utf-8" || parameter == "charset=\"utf-8\"";
}

// Those without parameters, in any case.
bool is_one_of(const std::vector<std::string>& types, std::string_view content_type) {
  return std::ranges::count(types, lower_case(trimmed(content_type))) > 0;
}

bool is_cross_site(const Request& request, std::string_view site_origin) {
  const auto site = request.header("sec-fetch-site");
  if (!site.empty()) return site != "same-origin";
  const auto origin = request.header("origin");
  return !origin.empty() && origin != site_origin;
}

}  // namespace

std::optional<Response> refuse(const Request& request, std::string_view site_origin,
                               const Intake& intake) {
  if (request.method == Method::Get) return std::nullopt;
  if (is_cross_site(request, site_origin))
    return refusal(403, "cross_site", "", "Only pages of this site may ask for this");
  if (request.body.size() > intake.max_body)
    return refusal(413, "too_large", "",
                   "The body must be at most " + std::to_string(intake.max_body) + " bytes");
  const auto type = request.header("content-type");
  if (intake.types.empty() && !is_json(type))
    return refusal(415, "bad_content_type", "", "Content-Type must be application/json");
  if (!intake.types.empty() && !is_one_of(intake.types, type)) {
    std::string right;
    for (const auto& one : intake.types) right += (right.empty() ? "" : " or ") + one;
    return refusal(415, "bad_content_type", "", "Content-Type must be " + right);
  }
  return std::nullopt;
}

}  // namespace lamppost::web
