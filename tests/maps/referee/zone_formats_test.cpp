// What the referee reads of zones agrees with what the compiler reads, in every form and at every time.
#include <fmt/core.h>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <random>

#include "maps/referee/zone_schedule.hpp"
#include "maps/zone_schedule.hpp"
#include "tests/maps/referee/judged_world.hpp"
#include "tests/seed.hpp"

using namespace swiftlet;
using test::broken;
using test::JudgedWorld;
using test::lonlat_json;

namespace {

std::string square() {
  return fmt::format("[[{},{},{},{},{}]]", lonlat_json(400, 400), lonlat_json(500, 400), lonlat_json(500, 500),
                     lonlat_json(400, 500), lonlat_json(400, 400));
}

std::string feature(const std::string& geometry, const std::string& properties) {
  return fmt::format(
      R"({{"type":"FeatureCollection","features":[{{"type":"Feature","geometry":{},"properties":{{"identifier":"Z1",{}}}}}]}})",
      geometry, properties);
}

std::vector<test::Place> through(double alt) {
  return {{300, 450, alt}, {390, 450, alt}, {510, 450, alt}, {600, 450, alt}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(referee_zone_formats)

BOOST_AUTO_TEST_CASE(ed318_and_geojson_bind_like_ed269) {
  // Terrain at 10 m; each says: prohibited from 50 to 80 m above the ground over the square.
  const std::string layer =
      R"("layer":{"upper":80,"upperReference":"AGL","lower":50,"lowerReference":"AGL","uom":"m"})";
  const std::string limits =
      R"("uomDimensions":"M","lowerLimit":50,"lowerVerticalReference":"AGL","upperLimit":"80","upperVerticalReference":"AGL")";
  for (const std::string& file :
       {feature(fmt::format(R"({{"type":"Polygon","coordinates":{},{}}})", square(), layer), R"("type":"PROHIBITED")"),
        feature(fmt::format(R"({{"type":"MultiPolygon","coordinates":[{}],{}}})", square(), layer),
                R"("type":"PROHIBITED","variant":"COMMON")"),
        feature(
            fmt::format(R"({{"type":"GeometryCollection","geometries":[{{"type":"Polygon","coordinates":{}}}],{}}})",
                        square(), layer),
            R"("type":"PROHIBITED")"),
        feature(fmt::format(R"({{"type":"Polygon","coordinates":{}}})", square()),
                R"("restriction":"PROHIBITED","type":"COMMON",)" + limits),
        feature(fmt::format(R"({{"type":"Point","coordinates":{},"extent":{{"subType":"Circle","radius":49}},{}}})",
                            lonlat_json(450, 450), layer),
                R"("type":"PROHIBITED")")}) {
    BOOST_TEST_CONTEXT(file) {
      const JudgedWorld world({.zones = file});
      BOOST_TEST(broken(world.judge(through(70))) == "geozone@1");
      BOOST_TEST(broken(world.judge(through(59.9))) == "");
      BOOST_TEST(broken(world.judge(through(90.1))) == "");
    }
  }
}

BOOST_AUTO_TEST_CASE(restrictions_of_ed318) {
  for (const auto& [type, without, with] :
       {std::tuple{"REQ_AUTHORIZATION", "geozone@1", ""}, std::tuple{"USPACE", "geozone@1", ""},
        std::tuple{"CONDITIONAL", "geozone@1", ""}, std::tuple{"NO_RESTRICTION", "", ""},
        std::tuple{"PROHIBITED", "geozone@1", "geozone@1"}}) {
    BOOST_TEST_CONTEXT(type) {
      const JudgedWorld world({.zones = feature(fmt::format(R"({{"type":"Polygon","coordinates":{}}})", square()),
                                                fmt::format(R"("type":"{}")", type))});
      auto route = world.route(through(70));
      BOOST_TEST(broken(world.judge(route)) == without);
      route.authorisations = {"Z1"};
      BOOST_TEST(broken(world.judge(route)) == with);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_window_far_from_greenwich_over_midnight_was_once_never_active) {
  const auto json = nlohmann::json::parse(
      R"([{"permanent":"NO","schedule":[{"day":["MON"],"startTime":"23:00-10:00","endTime":"01:00-10:00"}]}])");
  const auto schedule = maps::referee::read_schedule(&json, nullptr, "zone").value();
  const auto at = [](const char* text) { return parse_rfc3339(text).value(); };
  BOOST_TEST(schedule.active_between(at("2026-11-24T09:30:00Z"), at("2026-11-24T09:31:00Z")));
  BOOST_TEST(!schedule.active_between(at("2026-11-24T11:30:00Z"), at("2026-11-24T12:31:00Z")));
}

BOOST_AUTO_TEST_CASE(times_that_follow_the_sun_are_not_passed_over) {
  const auto json = nlohmann::json::parse(R"([{"schedule":[{"day":["ANY"],"startEvent":"SR","endEvent":"SS"}]}])");
  const auto schedule = maps::referee::read_schedule(&json, nullptr, "zone");
  BOOST_REQUIRE(!schedule);
  BOOST_TEST(name(schedule.error().code) == "unsupported_format");
}

BOOST_AUTO_TEST_CASE(two_readings_of_a_schedule_agree) {
  std::mt19937_64 rng(test::seed());
  const auto drawn = [&](int lo, int hi) { return std::uniform_int_distribution<int>(lo, hi)(rng); };
  const auto clock_text = [&](const char* offset) {
    return fmt::format("{:02}:{:02}{}", drawn(0, 23), drawn(0, 59), offset);
  };
  constexpr const char* kDays[] = {"MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN", "ANY"};
  constexpr const char* kOffsets[] = {"", "", "Z", "+08:00", "-11:30", "+14:00"};
  constexpr const char* kZones[] = {"",      "Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe",
                                    "-03:00"};
  const UtcTime year = parse_rfc3339("2026-01-01T00:00:00Z").value();
  const UtcTime changes[] = {
      parse_rfc3339("2026-03-29T01:00:00Z").value(), parse_rfc3339("2026-10-25T01:00:00Z").value(),
      parse_rfc3339("2026-03-08T07:00:00Z").value(), parse_rfc3339("2026-04-04T15:00:00Z").value()};
  int active = 0;
  int clear = 0;
  for (int k = 0; k < 4000; ++k) {
    nlohmann::json rule{{"permanent", "NO"}};
    if (drawn(0, 2) == 0)
      rule["startDateTime"] = fmt::format("2026-{:02}-{:02}T{:02}:00:00", drawn(1, 6), drawn(1, 28), drawn(0, 23));
    if (drawn(0, 2) == 0)
      rule["endDateTime"] = fmt::format("2026-{:02}-{:02}T{:02}:00:00", drawn(7, 12), drawn(1, 28), drawn(0, 23));
    const std::string zone = kZones[drawn(0, 5)];
    if (!zone.empty()) rule["timeZone"] = zone;
    for (int n = drawn(0, 3); n > 0; --n) {
      const char* offset = kOffsets[drawn(0, 5)];
      nlohmann::json window{{"day", {kDays[drawn(0, 7)], kDays[drawn(0, 6)]}}};
      if (drawn(0, 9) != 0) window["startTime"] = clock_text(offset);
      if (drawn(0, 9) != 0) window["endTime"] = clock_text(offset);
      rule["schedule"].push_back(window);
    }
    const nlohmann::json applicability{rule};
    const auto ours = maps::read_applicability(applicability, "");
    const auto theirs = maps::referee::read_schedule(&applicability, nullptr, "zone");
    BOOST_REQUIRE_MESSAGE(ours && theirs, test::why_not(ours) << test::why_not(theirs) << applicability);
    UtcTime from = year + std::chrono::minutes(drawn(0, 525'000));
    if (k % 2 == 0) from = changes[drawn(0, 3)] + std::chrono::minutes(drawn(-240, 240));
    const UtcTime to = from + std::chrono::minutes(drawn(0, 120));
    using std::chrono::milliseconds;
    BOOST_TEST_CONTEXT(applicability.dump() << " from " << format_rfc3339(from) << " to " << format_rfc3339(to)) {
      const bool found = theirs->active_between(from, to);
      if (found) BOOST_TEST(geo::applies_within(*ours, from, to));
      if (geo::applies_within(*ours, from + milliseconds(1), to - milliseconds(1)) && to - from > milliseconds(2))
        BOOST_TEST(found);
      (found ? active : clear) += 1;
    }
  }
  BOOST_TEST(active > 500);
  BOOST_TEST(clear > 500);
}

BOOST_AUTO_TEST_SUITE_END()
