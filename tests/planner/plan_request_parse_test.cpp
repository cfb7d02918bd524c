#include <boost/test/unit_test.hpp>

#include "planner/route_json.hpp"

namespace planner = swiftlet::planner;
using planner::parse_plan_request;

namespace {

std::string refusal(std::string_view json) {
  const auto parsed = parse_plan_request(json, {});
  return parsed ? "ok" : std::string(swiftlet::name(parsed.error().code)) + " " + parsed.error().where;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(plan_request_parse)

BOOST_AUTO_TEST_CASE(every_field_of_the_contract_is_read) {
  const auto parsed = parse_plan_request(
      R"({"id":"q1","from":{"lon":4.83,"lat":45.76,"deck_height_agl_m":12},"to":{"pad":"P3","slot":2},
    "depart":"2026-11-21T11:00:00+01:00","objective":"energy","vehicle":"x","payload_kg":1.5,"battery_wh":300,
    "wind":{"speed_m_s":5,"from_deg":270},"policy":{"max_height_agl_m":50},"authorisations":["Z1"],
    "arrive_by":"2026-11-21T11:30:00+01:00","max_ground_risk":1e-5})",
      {});
  BOOST_REQUIRE(parsed.has_value());
  const planner::PlanRequest& r = parsed->request;
  BOOST_TEST(r.id == "q1");
  BOOST_TEST(std::get<planner::GroundPoint>(r.from).deck_height_agl_m == 12.0);
  BOOST_TEST((std::get<planner::PadRef>(r.to) == planner::PadRef{"P3", 2}));
  BOOST_TEST(swiftlet::format_rfc3339(r.depart) == "2026-11-21T10:00:00.000Z");
  BOOST_TEST((r.objective == planner::Objective::energy));
  BOOST_TEST(parsed->vehicle == "x");
  BOOST_TEST(r.payload_kg == 1.5);
  BOOST_TEST(r.battery_wh.value() == 300.0);
  BOOST_TEST(r.wind->from_deg == 270.0);
  BOOST_TEST(r.policy.max_height_agl_m == 50.0);
  BOOST_TEST(r.policy.min_height_agl_m == 30.0);
  BOOST_TEST(r.authorisations.front() == "Z1");
  BOOST_TEST(swiftlet::format_rfc3339(r.arrive_by.value()) == "2026-11-21T10:30:00.000Z");
  BOOST_TEST(r.max_ground_risk.value() == 1e-5);
  const auto airborne =
      parse_plan_request(R"({"from":{"lon":4,"lat":45,"alt_msl_m":200,"v_e_m_s":3},"to":{"pad":"P"}})", {});
  BOOST_REQUIRE(airborne.has_value());
  BOOST_TEST(std::get<planner::AirbornePoint>(airborne->request.from).v_e_m_s == 3.0);
}

BOOST_AUTO_TEST_CASE(each_mistake_is_named_by_its_code_and_field) {
  const struct {
    const char* json;
    const char* refusal;
  } cases[] = {
      {"", "bad_json "},
      {"{", "bad_json "},
      {"[1]", "bad_request "},
      {"\xff\xfe", "bad_json "},
      {R"({"from":{"lon":1e999,"lat":1},"to":{"pad":"P"}})", "bad_json "},
      {R"({"from":{"pad":"P"}})", "bad_request to"},
      {R"({"from":{"pad":"P"},"to":7})", "bad_request to"},
      {R"({"from":{"pad":"P"},"to":{"pad":7}})", "bad_request to.pad"},
      {R"({"from":{"pad":"P","slot":-1},"to":{"pad":"P"}})", "value_invalid from.slot"},
      {R"({"from":{"pad":"P","slot":18446744073709551615},"to":{"pad":"P"}})", "value_invalid from.slot"},
      {R"({"from":{"lon":"4","lat":45},"to":{"pad":"P"}})", "bad_request from.lon"},
      {R"({"from":{"lon":500,"lat":45},"to":{"pad":"P"}})", "value_invalid from.lon"},
      {R"({"from":{"lon":4},"to":{"pad":"P"}})", "bad_request from.lat"},
      {R"({"from":{"pad":"P"},"to":{"lon":4,"lat":45,"alt_msl_m":9}})", "bad_request to.alt_msl_m"},
      {R"({"from":{"pad":"P"},"to":{"pad":"P"},"fly":1})", "unknown_field fly"},
      {R"({"from":{"pad":"P"},"to":{"pad":"P"},"policy":{"max_heigth_agl_m":1}})",
       "unknown_field policy.max_heigth_agl_m"},
      {R"({"from":{"pad":"P"},"to":{"pad":"P"},"policy":{"max_height_agl_m":20}})",
       "value_invalid policy.max_height_agl_m"},
      {R"({"from":{"pad":"P"},"to":{"pad":"P"},"policy":{"cell_m":1}})", "value_invalid policy.cell_m"},
      {R"({"from":{"pad":"P"},"to":{"pad":"P"},"depart":"noon"})", "time_invalid depart"},
      {R"({"from":{"pad":"P"},"to":{"pad":"P"},"objective":"fun"})", "bad_request objective"},
      {R"({"from":{"pad":"P"},"to":{"pad":"P"},"payload_kg":-1})", "value_invalid payload_kg"},
      {R"({"from":{"pad":"P"},"to":{"pad":"P"},"wind":{"speed_m_s":1}})", "bad_request wind.from_deg"},
      {R"({"from":{"pad":"P"},"to":{"pad":"P"},"authorisations":"Z"})", "bad_request authorisations"},
      {R"({"from":{"pad":"P"},"to":{"pad":"P"},"arrive_by":"soon"})", "time_invalid arrive_by"},
      {R"({"from":{"pad":"P"},"to":{"pad":"P"},"arrive_by":7})", "bad_request arrive_by"},
      {R"({"from":{"pad":"P"},"to":{"pad":"P"},"max_ground_risk":-0.1})", "value_invalid max_ground_risk"},
      {R"({"from":{"pad":"P"},"to":{"pad":"P"},"alternatives":9})", "value_invalid alternatives"},
      {R"({"from":{"pad":"P"},"to":{"pad":"P"},"alternatives":-1})", "value_invalid alternatives"},
      {R"({"from":{"pad":"P"},"to":{"pad":"P"},"alternatives":1.5})", "bad_request alternatives"},
      {R"({"from":{"pad":"P"},"to":{"pad":"P"},"explain":"yes"})", "bad_request explain"},
      {R"({"from":{"pad":"P"},"to":{"pad":"P"},"max_ground_risk":"low"})", "bad_request max_ground_risk"},
  };
  for (const auto& c : cases) BOOST_TEST_CONTEXT(c.json) BOOST_TEST(refusal(c.json) == c.refusal);
}

BOOST_AUTO_TEST_SUITE_END()
