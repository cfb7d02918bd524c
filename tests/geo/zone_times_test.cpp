#include "geo/zone_times.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

#include "tests/seed.hpp"

namespace geo = swiftlet::geo;
using namespace std::chrono_literals;
using swiftlet::UtcTime;

namespace {

UtcTime at(const char* text) { return swiftlet::parse_rfc3339(text).value(); }

/// Central Europe in 2026: summer time from 29 March 01:00 UTC to 25 October 01:00 UTC.
std::shared_ptr<const geo::LocalClock> paris() {
  return std::make_shared<const geo::LocalClock>(
      "Europe/Paris",
      std::vector<geo::LocalClock::Offset>{
          {at("2025-10-26T01:00:00Z"), 1h}, {at("2026-03-29T01:00:00Z"), 2h}, {at("2026-10-25T01:00:00Z"), 1h}});
}

std::vector<geo::Applicability> weekly(geo::DailyPeriod period) {
  return {{.start = {}, .end = {}, .periods = {std::move(period)}}};
}

bool active(const std::vector<geo::Applicability>& rules, const char* time) {
  return geo::applies_within(rules, at(time), at(time));
}

/// The rule read off the clock, instant by instant: the wall clock of today and yesterday, no windows, no search.
bool shows(const geo::Applicability& rule, UtcTime t) {
  if ((rule.start && t < *rule.start) || (rule.end && t > *rule.end)) return false;
  if (rule.periods.empty()) return true;
  for (const geo::DailyPeriod& period : rule.periods) {
    const geo::WallTime wall = period.clock ? period.clock->wall(t) : geo::WallTime(t.time_since_epoch());
    const auto midnight = std::chrono::floor<std::chrono::days>(wall);
    const auto weekday = static_cast<unsigned>(((midnight.time_since_epoch().count() % 7) + 10) % 7);  // Monday 0
    const auto since = wall - midnight;
    if ((period.days >> weekday & 1U) != 0U && since >= period.start && since <= period.end) return true;
    const auto yesterday = since + std::chrono::days(1);
    if ((period.days >> ((weekday + 6) % 7) & 1U) != 0U && yesterday >= period.start && yesterday <= period.end) {
      return true;
    }
  }
  return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(zone_times)

BOOST_AUTO_TEST_CASE(a_clock_that_is_put_forward_and_back) {
  const auto clock = paris();
  const auto wall = [](const char* text) { return geo::WallTime(at(text).time_since_epoch()); };
  BOOST_TEST((clock->wall(at("2026-03-29T00:59:59Z")) == wall("2026-03-29T01:59:59Z")));
  BOOST_TEST((clock->wall(at("2026-03-29T01:00:00Z")) == wall("2026-03-29T03:00:00Z")));
  // 02:30 does not exist on 29 March, and is there twice on 25 October.
  BOOST_TEST((clock->earliest(wall("2026-03-29T02:30:00Z")) == at("2026-03-29T01:00:00Z")));
  BOOST_TEST((clock->latest(wall("2026-03-29T02:30:00Z")) == at("2026-03-29T01:30:00Z")));
  BOOST_TEST((clock->earliest(wall("2026-10-25T02:30:00Z")) == at("2026-10-25T00:30:00Z")));
  BOOST_TEST((clock->latest(wall("2026-10-25T02:30:00Z")) == at("2026-10-25T01:30:00Z")));
  BOOST_TEST((clock->earliest(wall("2026-07-01T12:00:00Z")) == at("2026-07-01T10:00:00Z")));
  BOOST_TEST((clock->latest(wall("2026-01-01T12:00:00Z")) == at("2026-01-01T11:00:00Z")));
}

BOOST_AUTO_TEST_CASE(a_schedule_follows_the_clock_through_the_year) {
  const auto office = weekly({.days = 0b0011111, .start = 8h, .end = 18h, .clock = paris()});  // Monday to Friday
  BOOST_TEST(active(office, "2026-01-15T07:00:00Z"));
  BOOST_TEST(!active(office, "2026-01-15T06:59:59.999Z"));
  BOOST_TEST(active(office, "2026-07-15T06:00:00Z"));
  BOOST_TEST(active(office, "2026-07-15T16:00:00Z"));
  BOOST_TEST(!active(office, "2026-07-15T16:00:00.001Z"));
  BOOST_TEST(!active(office, "2026-07-18T12:00:00Z"));  // Saturday
}

BOOST_AUTO_TEST_CASE(a_night_in_which_the_clock_changes) {
  const auto night = weekly({.days = 0b0100000, .start = 22h, .end = 30h, .clock = paris()});  // Saturday to 06:00
  // The last Saturday of March: 7 h long, of October: 9 h.
  BOOST_TEST(active(night, "2026-03-28T21:00:00Z"));
  BOOST_TEST(active(night, "2026-03-29T04:00:00Z"));
  BOOST_TEST(!active(night, "2026-03-29T04:00:00.001Z"));
  BOOST_TEST(active(night, "2026-10-24T20:00:00Z"));
  BOOST_TEST(active(night, "2026-10-25T05:00:00Z"));
  BOOST_TEST(!active(night, "2026-10-25T05:00:00.001Z"));
  BOOST_TEST(geo::applies_throughout(night, at("2026-10-24T20:00:00Z"), at("2026-10-25T05:00:00Z")));
}

BOOST_AUTO_TEST_CASE(a_window_in_the_hour_that_is_there_twice_or_not_at_all_is_read_widely) {
  const auto hour = weekly({.days = 0b1000000, .start = 2h, .end = 3h, .clock = paris()});  // Sundays
  BOOST_TEST(active(hour, "2026-10-25T00:00:00Z"));
  BOOST_TEST(active(hour, "2026-10-25T02:00:00Z"));
  BOOST_TEST(!active(hour, "2026-10-25T02:00:00.001Z"));
  BOOST_TEST(active(hour, "2026-03-29T01:00:00Z"));
  BOOST_TEST(!active(hour, "2026-03-29T00:59:59.999Z"));
}

BOOST_AUTO_TEST_CASE(no_instant_that_the_clock_shows_is_missed) {
  std::mt19937_64 rng(swiftlet::test::seed());
  const auto drawn = [&](std::int64_t lo, std::int64_t hi) {
    return std::uniform_int_distribution<std::int64_t>(lo, hi)(rng);
  };
  const UtcTime year = at("2026-01-01T00:00:00Z");
  int found = 0;
  int clear = 0;
  for (int k = 0; k < 3000; ++k) {
    geo::Applicability rule;
    if (drawn(0, 1) == 0) rule.start = year + std::chrono::hours(drawn(0, 8000));
    if (drawn(0, 1) == 0) rule.end = rule.start.value_or(year) + std::chrono::hours(drawn(0, 3000));
    const bool by_clock = drawn(0, 1) == 0;
    for (auto n = drawn(0, 3); n > 0; --n) {
      const std::chrono::milliseconds start = std::chrono::minutes(drawn(0, 1439));
      rule.periods.push_back({.days = static_cast<unsigned>(drawn(1, 127)),
                              .start = start,
                              .end = start + std::chrono::minutes(drawn(1, 1440)),
                              .clock = by_clock ? paris() : nullptr});
    }
    // Near a change of the clock, near a border of the rule, or anywhere.
    UtcTime from = year + std::chrono::minutes(drawn(-10'000, 530'000));
    if (k % 3 == 0)
      from = at(k % 2 == 0 ? "2026-03-29T01:00:00Z" : "2026-10-25T01:00:00Z") + std::chrono::minutes(drawn(-180, 180));
    if (k % 3 == 1 && rule.end) from = *rule.end + std::chrono::minutes(drawn(-2, 1));
    const UtcTime to = from + std::chrono::minutes(drawn(0, 90));
    bool any = false;
    bool all = true;
    for (UtcTime t = from; t <= to; t += 30s) {
      const bool now = shows(rule, t);
      any = any || now;
      all = all && now;
    }
    const bool within = geo::applies_within({rule}, from, to);
    const bool throughout = geo::applies_throughout({rule}, from, to);
    BOOST_TEST_CONTEXT("case " << k << ", from " << swiftlet::format_rfc3339(from)) {
      // Every time in it is a whole minute, so half minutes see all there is.
      if (any) BOOST_TEST(within);
      if (!by_clock) BOOST_TEST(within == any);
      if (!by_clock && throughout) BOOST_TEST(all);
      if (throughout) BOOST_TEST(within);
    }
    found += any ? 1 : 0;
    clear += within ? 0 : 1;
  }
  BOOST_TEST(found > 500);
  BOOST_TEST(clear > 500);
}

BOOST_AUTO_TEST_CASE(away_from_its_changes_a_clock_says_what_it_shows_and_no_more) {
  std::mt19937_64 rng(swiftlet::test::seed() + 1);
  for (int k = 0; k < 2000; ++k) {
    const std::chrono::milliseconds start = std::chrono::minutes(rng() % 1440);
    const geo::Applicability rule{.start = {},
                                  .end = {},
                                  .periods = {{.days = 1U + static_cast<unsigned>(rng() % 127),
                                               .start = start,
                                               .end = start + std::chrono::minutes(1 + rng() % 1440),
                                               .clock = paris()}}};
    // April to September: three days clear of both changes.
    const UtcTime t = at("2026-04-02T00:00:00Z") + std::chrono::minutes(rng() % (200 * 1440));
    BOOST_TEST(geo::applies_within({rule}, t, t) == shows(rule, t));
  }
}

BOOST_AUTO_TEST_SUITE_END()
