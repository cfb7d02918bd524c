#include "dispatch/core/metrics.hpp"

#include <boost/test/unit_test.hpp>
#include <regex>
#include <sstream>

#include "tests/dispatch/fleet_drill.hpp"

namespace swiftlet::dispatch {
namespace {

using drill::FleetDrill;

std::map<std::string, double> values_of(const std::string& page) {
  static const std::regex kSample(R"re(([a-z_]+(\{[a-z]+="[a-z_]+"\})?) ([-+0-9.e]+))re");
  std::map<std::string, double> values;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# ")) continue;
    std::smatch parts;
    BOOST_REQUIRE_MESSAGE(std::regex_match(line, parts, kSample), line);
    BOOST_TEST(values.emplace(parts[1], std::stod(parts[3])).second, line);
  }
  return values;
}

BOOST_AUTO_TEST_SUITE(metrics)

BOOST_AUTO_TEST_CASE(they_say_what_the_state_says) {
  FleetDrill drill(drill::small_town(4), 3);
  drill.connect_all();
  drill.run_for(3);
  const std::string id = drill.create("a", "K1", "K3")["body"]["order_id"];
  (void)drill.create("b", "K2", "K4");
  BOOST_REQUIRE(drill.run_until(id, OrderState::airborne));
  (void)drill.operate(OperatorVerb::close_pad, "K1");
  (void)drill.operate(OperatorVerb::ground_stop, "");
  (void)drill.operate(OperatorVerb::withdraw_drone, "D04");
  const std::string page = prometheus_metrics(drill.core().state());
  const auto values = values_of(page);
  BOOST_TEST(values.at("swiftlet_orders_accepted_total") == 2);
  double orders = 0;
  for (const auto& [name, value] : values) {
    if (name.starts_with("swiftlet_orders{")) orders += value;
  }
  BOOST_TEST(orders == 2);
  BOOST_TEST(values.at("swiftlet_drones_known") == 4);
  BOOST_TEST(values.at("swiftlet_drones_withdrawn") == 1);
  BOOST_TEST(values.at("swiftlet_pads_closed") == 1);
  BOOST_TEST(values.at("swiftlet_departures_stopped") == 1);
  for (const auto& [name, value] : values) {
    const std::string family = name.substr(0, name.find('{'));
    BOOST_TEST(page.find("# TYPE " + family + " ") != std::string::npos, family);
    BOOST_TEST(page.find("# HELP " + family + " ") != std::string::npos, family);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
