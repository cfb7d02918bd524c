#include "tools/verify_input.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace swiftlet;
using nlohmann::json;
using tools::read_route;

namespace {

json published() {
  return json::parse(R"({"schema":"swiftlet.route/1","id":"q1","status":"ok","airspace":{"name":"a","hash":"sha256:1"},
    "depart":"2026-11-21T10:00:00Z","waypoints":[{"lon":4.8,"lat":45.7,"alt_msl_m":200.0,"t_s":0.0,"phase":"takeoff"},
    {"lon":4.9,"lat":45.7,"alt_msl_m":201.0,"t_s":90.5}]})");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(verify_input)

BOOST_AUTO_TEST_CASE(a_published_route_is_read_with_the_regions_policy) {
  const auto read = read_route(published(), {.max_height_agl_m = 50.0}).value();
  BOOST_TEST(read.id == "q1");
  BOOST_TEST(read.route.airspace_hash == "sha256:1");
  BOOST_TEST(read.route.path.size() == 2U);
  BOOST_TEST(read.route.path[1].lon_deg == 4.9);
  BOOST_TEST(read.route.t_s[1] == 90.5);
  BOOST_TEST(format_rfc3339(read.route.depart) == "2026-11-21T10:00:00.000Z");
  BOOST_TEST(read.route.policy.max_height_agl_m == 50.0);
  BOOST_TEST(read.route.authorisations.empty());
}

BOOST_AUTO_TEST_CASE(the_routes_own_policy_overrides_and_the_command_line_wins) {
  json source = published();
  source["policy"] = {{"min_height_agl_m", 40.0}, {"lateral_clearance_m", 5}};
  source["authorisations"] = {"Z1"};
  source["time_uncertainty_s"] = 3.0;
  auto read = read_route(source, {}).value();
  BOOST_TEST(read.route.policy.min_height_agl_m == 40.0);
  BOOST_TEST(read.route.policy.lateral_clearance_m == 5.0);
  BOOST_TEST(read.route.policy.max_height_agl_m == 120.0);
  BOOST_TEST(read.route.authorisations == std::vector<std::string>{"Z1"});
  BOOST_TEST(read.route.time_uncertainty_s == 3.0);
  BOOST_TEST(tools::override_policy("min_height_agl_m=25.5", read.route.policy).has_value());
  BOOST_TEST(tools::override_policy("fly_under=1", read.route.policy).has_value());
  BOOST_TEST(read.route.policy.fly_under);
  BOOST_TEST(read.route.policy.min_height_agl_m == 25.5);
  for (const char* bad : {"min_height_agl_m", "min_height=3", "min_height_agl_m=", "min_height_agl_m=3m", "hold_s=nan",
                          "hold_s=-1", "=3", ""}) {
    BOOST_TEST(!tools::override_policy(bad, read.route.policy).has_value(), bad);
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_a_route_is_refused_by_field) {
  const auto spoiled = [](const char* pointer, const json& value) {
    json source = published();
    source[json::json_pointer(pointer)] = value;
    const auto read = read_route(source, {});
    return read ? std::string("ok") : read.error().where;
  };
  BOOST_TEST(spoiled("/schema", "swiftlet.route/2") == "schema");
  BOOST_TEST(spoiled("/status", nullptr) == "status");
  BOOST_TEST(spoiled("/airspace/hash", 5) == "airspace.hash");
  BOOST_TEST(spoiled("/waypoints/1/lat", "45") == "waypoints[1].lat");
  BOOST_TEST(spoiled("/waypoints", "none") == "waypoints");
  BOOST_TEST(spoiled("/policy", json{{"min_height", 3}}) == "policy.min_height");
  BOOST_TEST(spoiled("/authorisations", "Z1") == "authorisations");
  BOOST_TEST(!read_route(json::array(), {}).has_value());
  json timeless = published();
  timeless["depart"] = "now";
  BOOST_TEST(!read_route(timeless, {}).has_value());
}

BOOST_AUTO_TEST_CASE(a_route_without_a_path_is_read_as_such) {
  const auto read = read_route(json::parse(R"({"schema":"swiftlet.route/1","id":"q","status":"infeasible"})"), {});
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST(read->status == "infeasible");
}

BOOST_AUTO_TEST_CASE(one_object_over_many_lines_or_one_a_line) {
  BOOST_TEST(tools::split_routes(published().dump(2)).size() == 1U);
  const std::string line = published().dump();
  BOOST_TEST(tools::split_routes(line + "\n\n" + line + "\r\n").size() == 2U);
  BOOST_TEST(tools::split_routes(line + "\n{broken\n").size() == 2U);
  BOOST_TEST(tools::split_routes(" \n").empty());
}

BOOST_AUTO_TEST_SUITE_END()
