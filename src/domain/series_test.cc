#include "domain/series.h"

#include "domain/fixture_test.h"
#include "domain/statistics_folding.h"

#include <random>

namespace gatehouse::domain {
namespace {

using testing::ElementsAre;

class SeriesTest : public DomainTest {
 protected:
  static base::Time instant(const std::string& text) { return base::parse_rfc3339(text).value().time; }
  static std::vector<std::string> edges(const SeriesFilter& filter, const std::string& now) {
    std::vector<std::string> all;
    const Periods periods = read_periods(filter, instant(now)).value();
    for (const base::Time edge : periods.edges) {
      all.push_back(base::to_rfc3339(edge).substr(0, 16));
    }
    return all;
  }
  void happen(base::Time at, std::int64_t change) {
    events_.emplace_back(at, change);
    run([&](db::Transaction& tx) {
      store::insert_event(tx, {organization_, base::make_uuid_v7(at), 0, "invitation", "sent", at, change});
    });
  }
  std::int64_t count(base::Time from, base::Time until) const {
    std::int64_t sum = 0;
    for (const auto& [at, change] : events_) sum += at >= from && at < until ? change : 0;
    return sum;
  }
  void expect_exact(const std::vector<base::Time>& edges, const std::string& what) {
    const auto counts = run(
        [&](db::Transaction& tx) { return store::count_by_period(tx, organization_, store::Series::events, edges); });
    ASSERT_EQ(counts.size() + 1, edges.size());
    for (std::size_t i = 0; i < counts.size(); ++i) {
      EXPECT_EQ(count_of(counts[i], "invitation", "sent"), count(edges[i], edges[i + 1]))
          << what << " from " << base::to_rfc3339(edges[i]);
    }
  }

  store::OrganizationId organization_ = store::OrganizationId::make(kNoon);
  std::vector<std::pair<base::Time, std::int64_t>> events_;
};

TEST_F(SeriesTest, PeriodsAreWholeAndTheLastIsInProgress) {
  EXPECT_THAT(edges({.from = "2026-10-24", .to = "2026-10-26", .time_zone = "Europe/Berlin"}, "2026-10-25T22:59:59Z"),
              ElementsAre("2026-10-23T22:00", "2026-10-24T22:00", "2026-10-25T23:00"));
  EXPECT_THAT(edges({.from = "2026-10-24", .time_zone = "Europe/Berlin"}, "2026-10-25T23:00:00Z"),
              ElementsAre("2026-10-23T22:00", "2026-10-24T22:00", "2026-10-25T23:00", "2026-10-26T23:00"));
  EXPECT_THAT(edges({.from = "2026-01-31", .to = "2026-02-01", .granularity = "month"}, "2026-10-25T00:00:00Z"),
              ElementsAre("2026-01-01T00:00", "2026-02-01T00:00", "2026-03-01T00:00"));
  EXPECT_THAT(edges({.from = "2025-12-28", .to = "2025-12-29", .granularity = "week"}, "2026-10-25T00:00:00Z"),
              ElementsAre("2025-12-22T00:00", "2025-12-29T00:00", "2026-01-05T00:00"));
}

TEST_F(SeriesTest, ADayThatAZoneHasSkippedIsNoPeriod) {
  const SeriesFilter filter{.from = "2011-12-29", .to = "2011-12-31", .time_zone = "Pacific/Apia"};
  EXPECT_THAT(edges(filter, "2026-10-25T00:00:00Z"),
              ElementsAre("2011-12-29T10:00", "2011-12-30T10:00", "2011-12-31T10:00"));
  const Periods periods = read_periods(filter, kNoon).value();
  EXPECT_EQ(base::to_string(periods.days.at(1)), "2011-12-31");
  EXPECT_EQ(periods.view().from, "2011-12-29");
  EXPECT_EQ(periods.view().to, "2011-12-31");
}

TEST_F(SeriesTest, WhatIsCountedIsWhatHappenedInEachPeriodOfAnyZone) {
  std::mt19937 generator{4};  // NOLINT(cert-msc51-cpp): the same sequence each time
  const auto random = [&](std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(generator);
  };
  const base::Time first = instant("2026-02-01T00:00:00Z");
  std::vector<Periods> asked;
  for (const char* zone : {"UTC", "Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe",
                           "America/St_Johns", "Pacific/Kiritimati", "America/Havana"}) {
    for (const char* granularity : {"day", "week", "month"}) {
      const base::Day from =
          std::chrono::local_days(std::chrono::year(2026) / 3 / 1) + std::chrono::days(random(0, 90));
      const SeriesFilter filter{.from = base::to_string(from),
                                .to = base::to_string(from + std::chrono::days(random(0, 120))),
                                .granularity = granularity,
                                .time_zone = zone};
      asked.push_back(read_periods(filter, kNoon).value());
    }
  }
  for (int i = 0; i < 600; ++i) {
    base::Time at = first + std::chrono::seconds(random(0, 250 * 86'400)) + base::Duration(random(0, 999'999));
    if (random(0, 1) == 0) {
      const auto& edges = asked[std::size_t(random(0, std::int64_t(asked.size()) - 1))].edges;
      at = edges[std::size_t(random(0, std::int64_t(edges.size()) - 1))] - base::Duration(random(0, 1));
    }
    happen(at, random(1, 5));
    if (i == 400) fold_statistics(services_, {});
  }
  for (const Periods& periods : asked) {
    expect_exact(periods.edges, periods.zone.name() + " by " + periods.granularity);
    auto cut = periods.edges;  // as a last period that is in progress
    cut.back() = cut[cut.size() - 2] + std::chrono::seconds(random(1, 86'400));
    expect_exact(cut, periods.zone.name() + " by " + periods.granularity + ", cut");
  }
}

TEST_F(SeriesTest, OfAPeriodThatHasJustBegunNothingIsCountedBeforeItAndNothingTwice) {
  happen(instant("2026-10-24T23:59:59.999999Z"), 1);
  happen(instant("2026-10-25T00:00:00Z"), 10);
  happen(instant("2026-10-25T00:00:00.999999Z"), 100);
  happen(instant("2026-10-25T00:00:01Z"), 1000);
  expect_exact({instant("2026-10-24T00:00:00Z"), instant("2026-10-25T00:00:00Z"), instant("2026-10-25T00:00:01Z")}, "");
}

}  // namespace
}  // namespace gatehouse::domain
