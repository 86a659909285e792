#include "lib/web/images.h"

#include "lib/base/hex.h"
#include "lib/base/text.h"

#include <algorithm>

namespace lamppost::web {

Response keep_image(const Request& request, const AdminPorts& ports) {
  const auto bytes = as_bytes(request.body);
  const auto header = core::read_image_header(bytes);
  if (!header) return refusal(400, "bad_image", "", "The body " + header.error().message);
  const auto type = core::to_text(header->type);
  if (type != lower_case(trimmed(request.header("content-type"))))
    return refusal(415, "bad_content_type", "",
                   "The body is " + std::string(type) + ": Content-Type must say so");
  const auto sha = crypto::sha256(bytes);
  ports.images.put(sha, *header, bytes, ports.sending.clock.now());
  return answer(201, json::Object{{"url", "/api/images/" + to_hex(sha)},
                                  {"width", header->width},
                                  {"height", header->height},
                                  {"type", type},
                                  {"bytes", std::uint64_t{bytes.size()}}});
}

Response show_image(const Request&, const Parts& parts, const PublicPorts& ports) {
  const auto named = decode_hex(parts[0]);
  crypto::Digest sha{};
  std::optional<core::ImageStore::Image> image;
  if (named && named->size() == sha.size()) {
    std::ranges::copy(*named, sha.begin());
    image = ports.images.find(sha);
  }
  if (!image) return refusal(404, "not_found", "", "There is no such image");
  Response response{.type = std::string(core::to_text(image->type)),
                    .headers = {},
                    .body = std::move(image->bytes),
                    .stream = {}};
  response.headers.emplace_back("Cache-Control", "public, max-age=31536000, immutable");
  response.headers.emplace_back("ETag", '"' + parts[0] + '"');
  return response;
}

}  // namespace lamppost::web
