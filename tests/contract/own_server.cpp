#include "tests/contract/own_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "lib/mysql/session.h"
#include "tests/contract/database.h"

namespace lamppost::contract {
namespace {

using Words = std::vector<std::string>;

// mariadbd does not run as root. Whoever starts it takes it along when he ends.
Words as_service(const Words& command) {
  Words words{"setpriv", "--pdeathsig", "TERM"};
  if (geteuid() == 0)
    words.insert(words.end(), {"--reuid", "nobody", "--regid", "nogroup", "--clear-groups"});
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

int launch(const Words& command, const std::filesystem::path& log) {
  const auto child = fork();
  if (child != 0) return child;
  const auto out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  std::vector<char*> words;
  for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  execvp(words[0], words.data());
  _exit(127);
}

void run(const Words& command, const std::filesystem::path& log) {
  int status = 0;
  waitpid(launch(command, log), &status, 0);
  if (status == 0) return;
  std::ifstream file{log};
  std::string line, last;
  while (std::getline(file, line)) last = line;
  throw std::runtime_error(command.at(0) + " failed for a server of the test's own: " + last);
}

int free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool bound = bind(probe, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  close(probe);
  if (!bound) throw std::runtime_error("no free port on 127.0.0.1");
  return ntohs(address.sin_port);
}

std::filesystem::path make_folder() {
  std::string name = "/tmp/lamppost-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder below /tmp");
  if (geteuid() == 0) run({"chown", "nobody:nogroup", name}, "/dev/null");
  return name;
}

}  // namespace

OwnServer::OwnServer(Tls tls) : folder_(make_folder()), tls_(tls), port_(free_port()) {
  make_certificates();
  make_data();
  start();
}

OwnServer::~OwnServer() {
  if (process_ != 0) kill();
  std::filesystem::remove_all(folder_);
}

void OwnServer::make_certificates() const {
  const auto openssl = [&](Words words) {
    words.insert(words.begin(), "openssl");
    run(as_service(words), folder_ / "openssl.log");
  };
  const Words key{"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"};
  for (const std::string name : {"ca", "other"}) {
    Words words{"req",     "-x509",
                "-days",   "2",
                "-subj",   "/CN=test " + name,
                "-keyout", folder_ / (name + ".key"),
                "-out",    folder_ / (name + ".pem")};
    words.insert(words.end(), key.begin(), key.end());
    openssl(words);
  }
  Words words{"req",     "-x509",
              "-days",   "2",
              "-subj",   "/CN=database",
              "-CA",     ca(),
              "-CAkey",  folder_ / "ca.key",
              "-addext", "subjectAltName=IP:127.0.0.1",
              "-addext", "basicConstraints=critical,CA:FALSE",
              "-keyout", folder_ / "server.key",
              "-out",    folder_ / "server.pem"};
  words.insert(words.end(), key.begin(), key.end());
  openssl(words);
  if (geteuid() == 0) run({"chmod", "0755", folder_}, "/dev/null");
}

void OwnServer::make_data() const {
  run(as_service({"mariadb-install-db", "--no-defaults", "--force", "--skip-test-db",
                  "--datadir=" + (folder_ / "data").string(), "--innodb-log-file-size=16M"}),
      folder_ / "install.log");
  std::ofstream{folder_ / "init.sql"}
      << "CREATE DATABASE IF NOT EXISTS lamppost;\n"
         "CREATE USER IF NOT EXISTS 'tester'@'%' IDENTIFIED BY 'walrus';\n"
         "GRANT ALL ON lamppost.* TO 'tester'@'%';\n";
}

void OwnServer::start() {
  Words words{"mariadbd",
              "--no-defaults",
              "--datadir=" + (folder_ / "data").string(),
              "--socket=" + (folder_ / "s").string(),
              "--pid-file=" + (folder_ / "pid").string(),
              "--init-file=" + (folder_ / "init.sql").string(),
              "--bind-address=127.0.0.1,127.0.0.2",
              "--port=" + std::to_string(port_),
              "--innodb-log-file-size=16M",
              "--innodb-buffer-pool-size=16M",
              "--skip-name-resolve"};
  if (tls_ == Tls::On)
    words.insert(words.end(), {"--ssl-cert=" + (folder_ / "server.pem").string(),
                               "--ssl-key=" + (folder_ / "server.key").string()});
  process_ = launch(as_service(words), folder_ / "mariadbd.log");
  for (int tries = 0; tries < 300; ++tries) {
    const auto reason = failure_of([&] {
      mysql::Session session{login()};
      connection_of(session);
    });
    if (reason.empty()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
  }
  throw std::runtime_error("mariadbd of the test's own does not answer within 30 s");
}

void OwnServer::kill() {
  ::kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
  process_ = 0;
}

mysql::Login OwnServer::login() const { return login_at("127.0.0.1"); }
mysql::Login OwnServer::login_by_other_address() const { return login_at("127.0.0.2"); }

mysql::Login OwnServer::login_at(const std::string& address) const {
  return {.url = "tcp://" + address + ":" + std::to_string(port_),
          .database = "lamppost",
          .user = "tester",
          .password = "walrus"};
}

}  // namespace lamppost::contract
