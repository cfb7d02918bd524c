#include "planner/route_json.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "tests/scenarios/flown.hpp"

namespace planner = swiftlet::planner;
using nlohmann::ordered_json;

namespace {

planner::Route flown() {
  return swiftlet::test::plan(swiftlet::test::draw("...........\n.A...3...B.\n..........."),
                              swiftlet::test::between("A", "B"));
}

std::string refusal(const ordered_json& json) {
  const auto parsed = planner::parse_route(json.dump());
  return parsed ? "ok" : std::string(swiftlet::name(parsed.error().code)) + " " + parsed.error().where;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(route_json)

BOOST_AUTO_TEST_CASE(a_route_survives_the_wire_byte_for_byte) {
  const auto route = flown();
  BOOST_REQUIRE_EQUAL(swiftlet::test::outcome(route), "ok");
  const std::string text = planner::to_json(route).dump();
  const auto again = planner::parse_route(text);
  BOOST_REQUIRE(again.has_value());
  BOOST_TEST(planner::to_json(*again).dump() == text);
  BOOST_TEST(planner::route_hash(*again) == planner::route_hash(route));
}

BOOST_AUTO_TEST_CASE(text_and_hash_made_at_once_are_those_made_apart) {
  auto route = flown();
  route.warnings = {"a \"warning\", with {braces}"};
  route.planning.stopped = "deadline";
  const planner::RouteText once = planner::route_text(route);
  BOOST_TEST(once.json == planner::to_json(route).dump());
  BOOST_TEST(once.hash == planner::route_hash(route));
  route.status = planner::RouteStatus::refused;
  BOOST_TEST(planner::route_text(route).json == planner::to_json(route).dump());
}

BOOST_AUTO_TEST_CASE(keys_stand_in_the_order_of_the_contract) {
  std::string keys;
  const ordered_json json = planner::to_json(flown());
  for (const auto& [key, value] : json.items()) keys += key + " ";
  BOOST_TEST(keys ==
             "schema id status airspace vehicle objective depart policy authorisations time_uncertainty_s waypoints "
             "length_m duration_s "
             "energy_wh ground_risk cost lower_bound gap certificate planning ");
}

BOOST_AUTO_TEST_CASE(the_hash_covers_everything_but_planning) {
  auto route = flown();
  const std::string hash = planner::route_hash(route);
  route.planning.time_us += 1;
  BOOST_TEST(planner::route_hash(route) == hash);
  route.waypoints[1].position.lon_deg += 1e-8;
  BOOST_TEST(planner::route_hash(route) != hash);
}

BOOST_AUTO_TEST_CASE(a_route_that_is_not_ok_carries_an_error_and_no_waypoints) {
  const auto route = swiftlet::test::plan(swiftlet::test::draw(".A.\n...\n.B."), swiftlet::test::between("A", "X"));
  const ordered_json json = planner::to_json(route);
  BOOST_TEST(!json.contains("waypoints"));
  BOOST_TEST(json["error"]["code"] == "not_found");
  BOOST_TEST(json["error"]["retryable"] == false);
  const auto again = planner::parse_route(json.dump());
  BOOST_REQUIRE(again.has_value());
  BOOST_TEST(planner::to_json(*again).dump() == json.dump());
}

BOOST_AUTO_TEST_CASE(mistakes_in_a_route_are_named_and_unknown_fields_are_not_mistakes) {
  const ordered_json good = planner::to_json(flown());
  ordered_json json = good;
  json["extra"] = 1;
  BOOST_TEST(refusal(json) == "ok");
  json = good;
  json["waypoints"][2]["lon"] = "4";
  BOOST_TEST(refusal(json) == "bad_request waypoints[2].lon");
  json = good;
  json["waypoints"][2]["t_s"] = 1e5;
  BOOST_TEST(refusal(json) == "value_invalid waypoints[3].t_s");
  json = good;
  json["waypoints"][2]["phase"] = "loop";
  BOOST_TEST(refusal(json) == "bad_request waypoints[2].phase");
  json = good;
  json["waypoints"] = ordered_json::array();
  BOOST_TEST(refusal(json) == "bad_request waypoints");
  json = good;
  json.erase("certificate");
  BOOST_TEST(refusal(json) == "bad_request certificate.airspace_hash");
  json = good;
  json["schema"] = "swiftlet.route/2";
  BOOST_TEST(refusal(json) == "bad_request schema");
  BOOST_TEST(refusal(ordered_json::array()) == "bad_request ");
}

BOOST_AUTO_TEST_SUITE_END()
