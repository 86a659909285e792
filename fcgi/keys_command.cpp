#include "fcgi/assembly.h"
#include "fcgi/command.h"
#include "lib/base/base64url.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iostream>

namespace lamppost {
namespace {

core::VapidPublicKey public_half(const crypto::KeyPair& pair) {
  return {webpush::vapid_key_id(pair.public_point()), pair.public_point()};
}

void write_new_file(const std::string& path, std::string_view text) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0 && errno == EEXIST)
    throw UsageFailure("vapid_key_file " + path +
                       " exists already; a new key would lose every subscriber of the old one");
  if (file < 0) throw Failure("vapid_key_file " + path + ": " + std::strerror(errno));
  const auto size = ::write(file, text.data(), text.size());
  const bool written = size == static_cast<ssize_t>(text.size()) && fsync(file) == 0;
  close(file);
  if (written) return;
  unlink(path.c_str());
  throw Failure("vapid_key_file " + path + ": " + std::strerror(errno));
}

int make_new(const Config& config) {
  Desk desk(config, Role::Admin);
  const auto pair = crypto::KeyPair::generate();
  write_new_file(config.vapid_key_file, pair.to_pem());
  try {
    desk.vapid_keys.add(public_half(pair), desk.clock.now());
  } catch (...) {
    unlink(config.vapid_key_file.c_str());  // nobody has subscribed with it yet
    throw;
  }
  std::cout << encode_base64url(pair.public_point()) << '\n';
  std::cerr << "lamppost: back up " << config.vapid_key_file
            << ": whoever loses it loses every subscriber\n";
  return 0;
}

int check(const Config& config) {
  const auto pair = load_vapid_key(config);
  Desk desk(config, Role::Admin);
  require_current_key(config, desk.vapid_keys, pair.public_point());
  std::cout << "The key is good, and the one that browsers are given\n";
  return 0;
}

int run(const Arguments& arguments) {
  const auto word = arguments.words().empty() ? std::string() : arguments.words()[0];
  if (word != "new" && word != "show" && word != "check")
    throw UsageFailure("keys needs one of: new, show, check");
  const auto config = arguments.config();
  if (word == "new") return make_new(config);
  if (word == "check") return check(config);
  std::cout << encode_base64url(load_vapid_key(config).public_point()) << '\n';
  return 0;
}

}  // namespace

const Command& keys_command() {
  static const Command command{
      "keys", "new|show|check", "Makes, shows or checks the VAPID key", {}, run};
  return command;
}

}  // namespace lamppost
