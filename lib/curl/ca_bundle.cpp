#include "lib/curl/ca_bundle.h"

#include <curl/curl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string_view>

#include "lib/base/failure.h"

namespace lamppost::curl {
namespace {

// What libcurl was built to believe; Debian's place when it was built without one.
std::string system_bundle() {
  const char* const built_in = curl_version_info(CURLVERSION_NOW)->cainfo;
  return built_in ? built_in : "/etc/ssl/certs/ca-certificates.crt";
}

std::string read_certificates(const std::string& path, std::string_view advice) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw Failure("CA file " + path + " cannot be read: " + std::strerror(errno) +
                  std::string(advice));
  std::ostringstream content;
  content << file.rdbuf();
  auto text = std::move(content).str();
  if (text.find("-----BEGIN CERTIFICATE-----") == std::string::npos)
    throw Failure("CA file " + path + " holds no PEM certificate" + std::string(advice));
  return text;
}

void write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const auto written = write(file, text.data(), text.size());
    if (written < 0)
      throw Failure(std::string("CA bundle cannot be joined: ") + std::strerror(errno));
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

CaBundle::CaBundle(const std::string& extra_file) : path_(system_bundle()) {
  auto certificates = read_certificates(path_, "; the package ca-certificates has it");
  if (extra_file.empty()) return;
  certificates += "\n" + read_certificates(extra_file, "; see push_ca_file");

  joined_ = memfd_create("lamppost-ca", MFD_CLOEXEC);
  if (joined_ < 0)
    throw Failure(std::string("CA bundle cannot be joined: ") + std::strerror(errno));
  path_ = "/proc/self/fd/" + std::to_string(joined_);
  try {
    write_all(joined_, certificates);
    read_certificates(path_, "; /proc must be mounted");
  } catch (...) {
    close(joined_);
    throw;
  }
}

CaBundle::~CaBundle() {
  if (joined_ >= 0) close(joined_);
}

}  // namespace lamppost::curl
