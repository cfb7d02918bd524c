#include "planner/mission/mission.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

#include "tests/seed.hpp"

namespace mission = swiftlet::planner::mission;
using mission::parse_mission;

namespace {

const std::string kText =
    "QGC WPL 110\n"
    "0\t1\t0\t16\t0\t0\t0\t0\t45.7600000\t4.8400000\t170.000\t1\n"
    "1\t0\t3\t22\t0\t0\t0\t0\t45.7600000\t4.8400000\t60.000\t1\n"
    "2\t0\t3\t16\t5\t0\t0\t0\t45.7601268\t4.8400661\t60.000\t1\n"
    "3\t0\t3\t178\t1\t7.5\t-1\t0\t0\t0\t0\t1\n"
    "4\t0\t3\t21\t0\t0\t0\t0\t45.7601268\t4.8400661\t0.000\t1\n";

std::string refusal(const std::string& text) {
  const auto read = parse_mission(text, "m");
  return read ? "ok" : swiftlet::describe(read.error());
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  BOOST_REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mission_file)

BOOST_AUTO_TEST_CASE(a_text_is_read_written_and_read_the_same) {
  const auto read = parse_mission(kText, "m");
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST(read->items.size() == 4U);
  BOOST_TEST(read->home.alt_msl_m == 170.0);
  BOOST_TEST(read->items[1].parameters[0] == 5.0);
  const auto again = parse_mission(mission::to_waypoints_text(*read), "again");
  BOOST_REQUIRE(again.has_value());
  BOOST_TEST((*again == *read));
}

BOOST_AUTO_TEST_CASE(a_plan_is_written_and_read_the_same_fence_and_rally_points_included) {
  auto m = parse_mission(kText, "m").value();
  m.items[2].at = {};
  m.items[2].altitude_m = 0.0;
  m.fences = {{.corners = {{4.83, 45.75}, {4.85, 45.75}, {4.85, 45.77}}, .radius_m = 0.0, .inclusion = true},
              {.corners = {{4.84, 45.76}}, .radius_m = 30.0, .inclusion = false}};
  m.rally_points = {{4.841, 45.761, 180.0}};
  m.cruise_speed_m_s = 12.0;
  const auto again =
      parse_mission(mission::to_plan_json(m, mission::Firmware::ardupilot, mission::Airframe::hexarotor), "plan");
  BOOST_REQUIRE_MESSAGE(again.has_value(), (again ? "" : swiftlet::describe(again.error())));
  BOOST_TEST((*again == m));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named_with_its_line) {
  BOOST_TEST(refusal("") ==
             "unsupported_format: m: must begin with \"QGC WPL 110\", or be a QGroundControl plan (JSON)");
  BOOST_TEST(refusal("QGC WPL 110\n").starts_with("value_invalid"));
  BOOST_TEST(refusal(replaced(kText, "45.7601268", "nan")).starts_with("value_invalid: m:4"));
  BOOST_TEST(refusal(replaced(kText, "45.7601268", "95.76")).starts_with("value_invalid: m:4"));
  BOOST_TEST(refusal(replaced(kText, "\n2\t0", "\n3\t0")).starts_with("value_invalid: m:4"));
  BOOST_TEST(refusal(replaced(kText, "2\t0\t3\t16", "2\t0\t10\t16")).starts_with("unsupported_format: m:4"));
  BOOST_TEST(refusal(replaced(kText, "\t60.000\t1\n2", "\t60.000\n2")).starts_with("value_invalid: m:3"));
  BOOST_TEST(refusal("{").starts_with("bad_json"));
  BOOST_TEST(refusal("{}").starts_with("unsupported_format"));
  BOOST_TEST(refusal(R"({"fileType":"Plan","version":1,"mission":{"items":[{"type":"ComplexItem"}],)"
                     R"("plannedHomePosition":[45,4,100]}})")
                 .starts_with("unsupported_format: m: mission.items[0]"));
}

BOOST_AUTO_TEST_CASE(broken_files_are_refused_and_never_crash_the_reader) {
  std::mt19937 random(swiftlet::test::seed());
  const std::string plan =
      mission::to_plan_json(parse_mission(kText, "m").value(), mission::Firmware::px4, mission::Airframe::quadrotor);
  for (int k = 0; k < 2000; ++k) {
    std::string text = k % 2 == 0 ? kText : plan;
    for (int hits = 0; hits < 3; ++hits) text[random() % text.size()] = static_cast<char>(random() % 256);
    if (k % 5 == 0) text.resize(random() % text.size());
    (void)parse_mission(text, "broken");
  }
}

BOOST_AUTO_TEST_SUITE_END()
