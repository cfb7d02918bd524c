#include "maps/zone_schedule.hpp"

#include <fmt/core.h>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "tests/maps/written_region.hpp"

using namespace swiftlet;

namespace {

std::vector<geo::Applicability> read(const char* text, const char* time_zone = "") {
  const auto rules = maps::read_applicability(nlohmann::json::parse(text), time_zone);
  BOOST_REQUIRE_MESSAGE(rules, test::why_not(rules));
  return *rules;
}

bool active(const std::vector<geo::Applicability>& rules, const char* time) {
  const auto t = parse_rfc3339(time).value();
  return geo::applies_within(rules, t, t);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(zone_schedule)

BOOST_AUTO_TEST_CASE(an_offset_moves_the_days_with_the_times) {
  // Saturday 05:00 to 09:00 in China is Friday 21:00 to Saturday 01:00 in UTC.
  const auto rules =
      read(R"([{"permanent":"NO","schedule":[{"day":["SAT"],"startTime":"05:00+08:00","endTime":"09:00:00+08:00"}]}])");
  BOOST_TEST(active(rules, "2026-11-20T21:00:00Z"));
  BOOST_TEST(active(rules, "2026-11-21T01:00:00Z"));
  BOOST_TEST(!active(rules, "2026-11-21T21:30:00Z"));
  BOOST_TEST(!active(rules, "2026-11-20T20:59:59Z"));
  // And Monday 20:00 to 23:00 in New York is in the night to Tuesday.
  const auto west = read(R"([{"schedule":[{"day":["MON"],"startTime":"20:00:00-05:00","endTime":"23:00:00-05:00"}]}])");
  BOOST_TEST(active(west, "2026-11-24T01:30:00Z"));
  BOOST_TEST(!active(west, "2026-11-23T01:30:00Z"));
}

BOOST_AUTO_TEST_CASE(over_midnight_far_from_greenwich) {
  // An end that falls on the day after in its own clock, with an offset that moves it by more than a day's rest.
  const auto rules = read(R"([{"schedule":[{"day":["MON"],"startTime":"23:00-10:00","endTime":"01:00-10:00"}]}])");
  BOOST_TEST(active(rules, "2026-11-24T09:30:00Z"));  // Monday 23:30 in Honolulu
  BOOST_TEST(active(rules, "2026-11-24T11:00:00Z"));
  BOOST_TEST(!active(rules, "2026-11-24T11:00:01Z"));
}

BOOST_AUTO_TEST_CASE(a_named_time_zone_holds_for_bare_times) {
  const char* text = R"([{"permanent":"NO","startDateTime":"2026-07-01T00:00:00","timeZone":"Europe/Paris",
    "schedule":[{"day":["ANY"],"startTime":"08:00","endTime":"18:00"},
                {"day":["ANY"],"startTime":"20:00Z","endTime":"21:00Z"},
                {"day":["ANY"],"startTime":"03:00","endTime":"03:30","timeZone":"America/New_York"}]}])";
  const auto rules = read(text);
  BOOST_TEST((*rules.at(0).start == parse_rfc3339("2026-06-30T22:00:00Z").value()));
  BOOST_TEST(active(rules, "2026-07-15T06:00:00Z"));
  BOOST_TEST(!active(rules, "2026-07-15T05:59:00Z"));
  BOOST_TEST(!active(rules, "2026-12-15T06:00:00Z"));
  BOOST_TEST(active(rules, "2026-12-15T07:00:00Z"));
  BOOST_TEST(active(rules, "2026-12-15T20:30:00Z"));  // stated in UTC
  BOOST_TEST(active(rules, "2026-12-15T08:15:00Z"));  // 03:15 in New York
  BOOST_TEST(active(rules, "2026-07-15T07:15:00Z"));
}

BOOST_AUTO_TEST_CASE(the_table_of_a_clock_agrees_with_known_offsets) {
  const auto rules = read(R"([{"schedule":[{"startTime":"12:00","endTime":"12:01"}]}])", "Europe/Paris");
  const auto& clock = rules.at(0).periods.at(0).clock;
  BOOST_REQUIRE(clock);
  for (const auto& [time, hours] : {std::pair("1985-01-15T00:00:00Z", 1), std::pair("1985-07-15T00:00:00Z", 2),
                                    std::pair("2026-01-15T00:00:00Z", 1), std::pair("2026-07-15T00:00:00Z", 2),
                                    std::pair("2037-07-15T00:00:00Z", 2)}) {
    const auto t = parse_rfc3339(time).value();
    BOOST_TEST((clock->wall(t).time_since_epoch() - t.time_since_epoch() == std::chrono::hours(hours)));
  }
}

BOOST_AUTO_TEST_CASE(past_the_end_of_the_table_both_seasons_are_reckoned_with) {
  const auto rules = read(R"([{"schedule":[{"startTime":"12:00","endTime":"13:00"}]}])", "Europe/Paris");
  for (const char* day : {"2060-01-15", "2060-07-15"}) {
    BOOST_TEST(active(rules, fmt::format("{}T10:00:00Z", day).c_str()));
    BOOST_TEST(active(rules, fmt::format("{}T12:00:00Z", day).c_str()));
    BOOST_TEST(!active(rules, fmt::format("{}T12:00:01Z", day).c_str()));
    BOOST_TEST(!active(rules, fmt::format("{}T09:59:59Z", day).c_str()));
  }
  // A zone that has given up its summer time has one clock for good.
  const auto moscow = read(R"([{"schedule":[{"startTime":"12:00","endTime":"13:00"}]}])", "Europe/Moscow");
  BOOST_TEST(active(moscow, "2060-07-15T09:00:00Z"));
  BOOST_TEST(!active(moscow, "2060-07-15T08:59:59Z"));
  BOOST_TEST(!active(moscow, "2060-07-15T10:00:01Z"));
}

BOOST_AUTO_TEST_CASE(permanent_in_all_its_forms) {
  for (const char* text :
       {"null", "[]", R"([{"permanent":"YES"}])", R"([{}])", R"([{"permanent":"NO"}])",
        R"([{"schedule":[{"day":["ANY"]}]}])",
        R"([{"permanent":"YES","startDateTime":null,"dailyPeriod":[{"day":[],"startTime":null,"endTime":null}]}])",
        R"([{"startDateTime":"2026-01-01T00:00:00Z"},{"permanent":"YES"}])"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(read(text).empty()); }
  }
}

BOOST_AUTO_TEST_CASE(a_day_may_end_at_24_00_and_a_window_be_a_whole_day) {
  const auto rules = read(R"([{"schedule":[{"day":["SAT"],"startTime":"18:00Z","endTime":"24:00Z"}]}])");
  BOOST_TEST(active(rules, "2026-11-22T00:00:00Z"));
  BOOST_TEST(!active(rules, "2026-11-22T00:00:00.001Z"));
  const auto whole = read(R"([{"schedule":[{"day":["SAT"],"startTime":"06:00Z","endTime":"06:00Z"}]}])");
  BOOST_TEST(active(whole, "2026-11-21T06:00:00Z"));
  BOOST_TEST(active(whole, "2026-11-22T05:59:59Z"));
  BOOST_TEST(!active(whole, "2026-11-21T05:59:59Z"));
}

BOOST_AUTO_TEST_SUITE_END()
