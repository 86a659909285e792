#include "lib/core/campaign.h"

#include <doctest/doctest.h>

namespace lamppost::core {
namespace {

TEST_SUITE("core.campaign") {
  TEST_CASE("the states are called as the product calls them") {
    using enum CampaignState;
    CHECK(to_text(Draft) == "draft");
    CHECK(to_text(Scheduled) == "scheduled");
    CHECK(to_text(Preparing) == "preparing");
    CHECK(to_text(Sending) == "sending");
    CHECK(to_text(Paused) == "paused");
    CHECK(to_text(Finished) == "finished");
    CHECK(to_text(Cancelled) == "cancelled");
    CHECK(to_text(Expired) == "expired");
  }

  TEST_CASE("the audience is everybody, waiting who may still be sent to") {
    Counts counts;
    std::uint64_t many = 1;
    for (const auto fate : {Fate::Waiting, Fate::HandedOut, Fate::Later, Fate::Accepted, Fate::Gone,
                            Fate::Failed, Fate::Expired, Fate::Unsure, Fate::Skipped}) {
      counts[fate] = many;
      many *= 10;
    }

    CHECK(counts.audience() == 111'111'111);
    CHECK(counts.waiting() == 111);
    CHECK(Counts{}.audience() == 0);
  }
}

}  // namespace
}  // namespace lamppost::core
