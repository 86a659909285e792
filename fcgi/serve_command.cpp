#include "fcgi/assembly.h"
#include "fcgi/command.h"
#include "fcgi/fastcgi.h"
#include "fcgi/serve.h"
#include "lib/base/log.h"

#include <charconv>

namespace lamppost {
namespace {

constexpr std::size_t kMaxWorkers = 64;

std::size_t read_workers(const Arguments& arguments) {
  const auto text = arguments.value("--workers").value_or("2");
  std::size_t workers = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), workers);
  if (error != std::errc{} || end != text.data() + text.size() || workers < 1 ||
      workers > kMaxWorkers)
    throw UsageFailure("--workers must be a whole number between 1 and " +
                       std::to_string(kMaxWorkers));
  return workers;
}

void serve(int socket, const web::Router& api, const Stop& stop) {
  Listener listener(socket);
  while (listener.serve_one(api, stop)) {
  }
}

void work_public(const Config& config, int socket) {
  const Stop stop;
  Desk desk(config, Role::Public);
  const auto identity = make_identity(config);
  const auto click_links = make_click_links(config);
  serve(
      socket,
      web::make_public_api({desk.subscriptions, desk.preferences, desk.topics, desk.recent,
                            identity, desk.vapid_keys, desk.clock, desk.policy, desk.site,
                            config.site_name, desk.errands, desk.events, config.welcome,
                            config.report_events, desk.clicks, click_links, config.click_counting}),
      stop);
}

void work_admin(const Config& config, int socket) {
  const Stop stop;
  SendingDesk desk(config);
  serve(
      socket,
      web::make_admin_api({desk.ports(), desk.campaigns, desk.topics, desk.segments, desk.clicks,
                           desk.site, make_defaults(config), std::string(version()), stop.check()}),
      stop);
}

int run(const Arguments& arguments) {
  const auto pool = arguments.value("--pool").value_or("");
  if (pool != "public" && pool != "admin") throw UsageFailure("--pool must be public or admin");
  const auto config = arguments.config();
  const auto socket = arguments.value("--listen")
                          .value_or(pool == "public" ? config.public_socket : config.admin_socket);
  // Asked before the fork, so that what is wrong is told once and ends the command.
  make_click_links(config);
  if (pool == "admin")
    load_vapid_key(config);
  else
    make_identity(config);
  for (const auto& address : config.push_addresses)
    log::warning("push_address_excepted",
                 {{"address", address},
                  {"meaning", "requests may go to this address although it may be private"}});
  log::notice("pool_starts", {{"pool", pool}, {"version", version()}});
  return run_pool({socket, read_workers(arguments)}, [&](int listening) {
    pool == "public" ? work_public(config, listening) : work_admin(config, listening);
  });
}

}  // namespace

const Command& serve_command() {
  static const Command command{
      "serve",
      "",
      "Answers requests from nginx over FastCGI",
      {{"--pool", "public|admin", "public: subscribing; admin: sending, behind nginx's login"},
       {"--listen", "SOCKET", "unix socket to make, mode 0660; default: as configured"},
       {"--workers", "N", "processes, 1 to 64; default 2"}},
      run};
  return command;
}

}  // namespace lamppost
