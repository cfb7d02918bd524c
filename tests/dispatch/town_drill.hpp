#pragma once

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "tests/dispatch/fleet_drill.hpp"

namespace swiftlet::dispatch::drill {

/// The small town with four drones on duty; base of the core's tests.
struct TownDrill {
  FleetDrill drill{small_town(4), 7};
  TownDrill() {
    drill.connect_all();
    drill.run_for(3);
  }
  /// An order from K1 to K3, accepted; its id.
  std::string ordered(const std::string& client_order_id = "c1") {
    const nlohmann::json reply = drill.create(client_order_id, "K1", "K3");
    BOOST_REQUIRE_MESSAGE(reply.at("ok") == true, reply.dump());
    return reply["body"]["order_id"];
  }
  static nlohmann::json wish(const std::string& pickup, const std::string& dropoff, double mass_kg = 1.0) {
    return {{"pickup", {{"pad", pickup}}}, {"dropoff", {{"pad", dropoff}}}, {"parcel", {{"mass_kg", mass_kg}}}};
  }
  static std::vector<std::string> states_of(const Order& order) {
    std::vector<std::string> states;
    for (const OrderStep& step : order.history) states.emplace_back(name(step.state));
    return states;
  }
};

}  // namespace swiftlet::dispatch::drill
