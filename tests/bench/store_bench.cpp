// What the database costs a campaign: the CPU of its client and of the server, for each recipient.
// Everything is as in earnest but the pushes, which are answered at once and not encrypted; what
// the engine itself does is counted as the client's. Ends with 1 when the target is missed.
//
//   tests/rig/with_mariadb.sh bench_store [RECIPIENTS [ROUNDS]]

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

#include "lib/core/campaign_run.h"
#include "lib/mysql/campaigns.h"
#include "lib/mysql/migrate.h"
#include "lib/mysql/push_services.h"
#include "lib/mysql/shards.h"
#include "lib/mysql/subscriptions.h"
#include "lib/mysql/vapid_keys.h"

using namespace lamppost;

namespace {

constexpr double kMost = 5;  // microseconds of CPU a recipient, client and server together
constexpr std::uint32_t kKeyId = 7;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  if (!value) throw std::runtime_error(std::string(name) + " is not set: run with_mariadb.sh");
  return value;
}

// Accepts everything, a hundred at a time.
class InstantPushService final : public webpush::PushService {
 public:
  void send(const Source& next, const Report& done, const Tick& tick) override {
    std::vector<std::uint64_t> tags;
    do {
      tags.clear();
      while (tags.size() < 100) {
        const auto request = next();
        if (!request) break;
        tags.push_back(request->tag);
      }
      for (const auto tag : tags) done({.tag = tag, .status = 201, .detail = {}});
      tick();
    } while (!tags.empty());
  }
  void hold_back(std::string_view) override {}
};

double own_cpu() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto microseconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  return microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
}

double server_cpu() {
  std::ifstream file("/proc/" + variable("LAMPPOST_TEST_DATABASE_PID") + "/stat");
  std::string line((std::istreambuf_iterator<char>(file)), {});
  std::istringstream fields(line.substr(line.rfind(')') + 2));
  std::string field;
  double ticks = 0;
  for (int i = 0; i < 13 && fields >> field; ++i)
    if (i >= 11) ticks += std::stod(field);
  return ticks * 1e6 / static_cast<double>(sysconf(_SC_CLK_TCK));
}

void seed(mysql::Session& session, std::size_t recipients) {
  session.execute(
      "INSERT INTO subscription (endpoint, endpoint_sha, p256dh, auth, key_id, language, timezone,"
      " created_at, seen_at) SELECT CONCAT('https://push.example.net/wpush/v2/', SHA2(seq, 512)),"
      " UNHEX(LPAD(HEX(seq), 64, '0')), CONCAT(CHAR(4), REPEAT('x', 64)), UNHEX(MD5(seq)), " +
      std::to_string(kKeyId) + ", 'en', 'Europe/Berlin', 0, 0 FROM seq_1_to_" +
      std::to_string(recipients));
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

}  // namespace

int main(int count, char** words) {
  const std::size_t recipients = count > 1 ? std::stoul(words[1]) : 100'000;
  const int rounds = count > 2 ? std::stoi(words[2]) : 3;
  const mysql::Login login{.url = variable("LAMPPOST_TEST_DATABASE"),
                           .database = variable("LAMPPOST_TEST_DATABASE_NAME"),
                           .user = variable("LAMPPOST_TEST_DATABASE_USER")};
  SystemClock clock;
  mysql::migrate(login, mysql::schema_files(), clock);
  mysql::Session session{login};
  seed(session, recipients);

  mysql::Subscriptions subscriptions{session};
  mysql::Campaigns campaigns{session};
  mysql::Shards shards{session};
  mysql::PushServices services{session};
  InstantPushService push;
  webpush::VapidKeys vapid;
  vapid.add(kKeyId, {crypto::KeyPair::generate(), "mailto:bench@example.com"});
  const webpush::EndpointPolicy policy{{"push.example.net"}};
  core::CampaignRun run({subscriptions, campaigns, shards, services, push, vapid, policy, clock});

  std::vector<double> client, server;
  for (int round = 0; round < rounds; ++round) {
    core::NewCampaign order{};
    crypto::fill_random(order.message_id);
    order.given = "{}";
    const auto campaign = campaigns.create(order, clock.now()).id;
    const auto own_before = own_cpu(), server_before = server_cpu();
    const auto done = run.run(
        campaign, Seconds{60}, [] { return false; }, [](const auto&) {});
    if (done.counts[core::Fate::Accepted] != recipients)
      throw std::runtime_error("not everybody was sent to");
    const auto all = static_cast<double>(recipients);
    client.push_back((own_cpu() - own_before) / all);
    server.push_back((server_cpu() - server_before) / all);
  }
  const double sum = median(client) + median(server);
  std::printf("store: %6.2f us of CPU a recipient, the engine with its database client\n",
              median(client));
  std::printf("store: %6.2f us of CPU a recipient, MariaDB\n", median(server));
  std::printf("store: %6.2f us of CPU a recipient together (at most %.0f)\n", sum, kMost);
  return sum <= kMost ? 0 : 1;
}
