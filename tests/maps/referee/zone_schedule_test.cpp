#include "maps/referee/zone_schedule.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace swiftlet;
using maps::referee::read_schedule;

namespace {

bool active(const char* applicability, const char* from, const char* to) {
  const auto json = nlohmann::json::parse(applicability);
  return read_schedule(&json, nullptr, "zone")
      .value()
      .active_between(parse_rfc3339(from).value(), parse_rfc3339(to).value());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(referee_zone_schedule)

BOOST_AUTO_TEST_CASE(a_window_past_midnight_belongs_to_the_day_it_begins_on) {
  const char* friday_night =
      R"([{"permanent":"NO","schedule":[{"day":["FRI"],"startTime":"22:00Z","endTime":"02:00Z"}]}])";
  BOOST_TEST(active(friday_night, "2026-11-21T01:00:00Z", "2026-11-21T01:01:00Z"));
  BOOST_TEST(active(friday_night, "2026-11-20T23:00:00Z", "2026-11-20T23:01:00Z"));
  BOOST_TEST(!active(friday_night, "2026-11-20T01:00:00Z", "2026-11-20T01:01:00Z"));
  BOOST_TEST(!active(friday_night, "2026-11-21T02:00:01Z", "2026-11-21T21:59:59Z"));
  BOOST_TEST(active(friday_night, "2026-11-21T02:00:01Z", "2026-11-27T22:00:01Z"));
}

BOOST_AUTO_TEST_CASE(times_come_with_offsets_fractions_or_without_a_zone) {
  const char* saturday =
      R"([{"permanent":"NO","schedule":[{"day":["SAT"],"startTime":"06:00:00.00+08:00","endTime":"07:00+08:00"}]}])";
  BOOST_TEST(active(saturday, "2026-11-20T22:30:00Z", "2026-11-20T22:31:00Z"));
  BOOST_TEST(!active(saturday, "2026-11-21T06:30:00Z", "2026-11-21T06:31:00Z"));
  const char* bare =
      R"([{"permanent":"NO","dailyPeriod":[{"day":["ANY"],"startTime":"06:00","endTime":"23:59:59.00Z"}]}])";
  BOOST_TEST(active(bare, "2026-11-21T06:30:00Z", "2026-11-21T06:31:00Z"));
  BOOST_TEST(!active(bare, "2026-11-21T05:30:00Z", "2026-11-21T05:31:00Z"));
}

BOOST_AUTO_TEST_CASE(dates_bound_the_windows) {
  const char* june = R"([{"permanent":"NO","startDateTime":"2026-06-01T00:00:00Z","endDateTime":"2026-07-01T00:00:00Z",
                          "schedule":[{"day":[],"startTime":null,"endTime":null}]}])";
  BOOST_TEST(active(june, "2026-06-15T00:00:00Z", "2026-06-15T00:00:00Z"));
  BOOST_TEST(!active(june, "2026-07-01T00:00:00.001Z", "2026-07-15T00:00:00Z"));
}

BOOST_AUTO_TEST_CASE(absent_or_permanent_is_always) {
  BOOST_TEST(read_schedule(nullptr, nullptr, "zone").value().permanent);
  for (const char* text : {"[]", "null", R"([{"permanent":"YES","dailyPeriod":[{"day":[],"startTime":null}]}])"}) {
    BOOST_TEST(active(text, "2026-06-15T00:00:00Z", "2026-06-15T00:00:00Z"));
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_time_is_an_error_that_names_its_field) {
  for (const char* text :
       {R"([{"permanent":"MAYBE"}])", R"([{"permanent":"NO","startDateTime":"yesterday"}])", R"({"permanent":"NO"})",
        R"([{"permanent":"NO","startDateTime":5}])", R"([{"permanent":"NO","schedule":[{"day":["LUN"]}]}])",
        R"([{"permanent":"NO","schedule":[{"startTime":"25:00"}]}])",
        R"([{"permanent":"NO","schedule":[{"startTime":"7"}]}])",
        R"([{"permanent":"NO","schedule":[{"startTime":"07:00X"}]}])", R"([{"permanent":"NO","schedule":5}])"}) {
    BOOST_TEST_CONTEXT(text) {
      const auto json = nlohmann::json::parse(text);
      const auto schedule = read_schedule(&json, nullptr, "zone");
      BOOST_REQUIRE(!schedule.has_value());
      BOOST_TEST(schedule.error().where.starts_with("zone"));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
