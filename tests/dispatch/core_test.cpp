// Orders on their way: states, places, drones that forget, the service killed.
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "tests/dispatch/town_drill.hpp"

namespace swiftlet::dispatch {
namespace {

using drill::FleetDrill;
using drill::PaperDrone;
using drill::TownDrill;
using nlohmann::json;

BOOST_FIXTURE_TEST_SUITE(dispatch_core, TownDrill)

BOOST_AUTO_TEST_CASE(an_order_goes_all_the_way_and_the_drone_comes_home) {
  const std::string id = ordered();
  BOOST_TEST(drill.run_until(id, OrderState::delivered));
  const std::vector<std::string> wanted{"accepted", "assigned", "to_pickup", "loading",
                                        "airborne", "arriving", "delivered"};
  BOOST_TEST(states_of(drill.order(id)) == wanted, boost::test_tools::per_element());
  BOOST_TEST(drill.order(id).proof.has_value());
  BOOST_TEST(drill.core().state().flights.size() == 1);  // still on its way home
  drill.run_for(300);
  BOOST_TEST(drill.core().state().flights.empty());
  for (const char* pad : {"K1/0", "K1/1", "K3/0", "K3/1"}) BOOST_TEST(drill.core().state().holder(pad).empty());
}

BOOST_AUTO_TEST_CASE(a_slot_is_free_again_once_its_drone_has_left) {
  const std::string id = ordered();
  const DispatchState& state = drill.core().state();
  BOOST_REQUIRE(drill.run_until(id, OrderState::loading));
  BOOST_TEST(!state.holder("K1/0").empty());
  BOOST_REQUIRE(drill.run_until(id, OrderState::airborne));
  BOOST_TEST(state.holder("K1/0").empty());
  BOOST_TEST(!state.holder("K3/0").empty());
  BOOST_REQUIRE(drill.run_until(id, OrderState::delivered));
  drill.run_for(10);
  BOOST_TEST(state.flights.size() == 1);  // on its way home
  BOOST_TEST(state.holder("K3/0").empty());
}

BOOST_AUTO_TEST_CASE(one_place_one_drone_and_the_rest_wait_their_turn) {
  // How many drones were ever bound for the drop-off or standing there at one time.
  const auto most_at_once = [&](const json& dropoff) {
    FleetDrill busy(drill::small_town(4), 5);
    busy.connect_all();
    std::vector<std::string> ids;
    for (int i = 0; i < 4; ++i) {
      json body = wish(i % 2 == 0 ? "K1" : "K2", "K3");
      body["client_order_id"] = std::to_string(i);
      body["dropoff"] = dropoff;
      // Bare points a few metres apart are one place.
      if (dropoff.contains("lon")) body["dropoff"]["lon"] = dropoff["lon"].get<double>() + 0.00002 * i;
      ids.push_back(busy.ask("M1", "order.create", body)["body"]["order_id"]);
    }
    long most = 0;
    for (int s = 0; s < 3000; ++s) {
      busy.step();
      const auto& flights = busy.core().state().flights;
      most = std::max<long>(most, std::count_if(flights.begin(), flights.end(), [&](const auto& entry) {
                              const Spot& spot = entry.second.legs.at(1).to;
                              return entry.second.reserved.contains(spot.key());
                            }));
      BOOST_REQUIRE(busy.broken_invariant().empty());
    }
    for (const std::string& id : ids) BOOST_TEST((busy.order(id).state == OrderState::delivered));
    return most;
  };
  BOOST_TEST(most_at_once({{"pad", "K3"}}) == 2);
  BOOST_TEST(most_at_once({{"lon", 4.825}, {"lat", 45.765}}) == 1);
}

BOOST_AUTO_TEST_CASE(a_drone_that_forgot_its_flight_before_loading_gives_the_order_back) {
  const std::string id = ordered();
  BOOST_REQUIRE(drill.run_until(id, OrderState::to_pickup));
  PaperDrone& drone = drill.drone(drill.order(id).drone);
  drill.reset(drone);
  BOOST_TEST((drill.order(id).state == OrderState::accepted));
  BOOST_TEST(drill.run_until(id, OrderState::delivered));
}

BOOST_AUTO_TEST_CASE(a_drone_that_forgot_its_flight_with_the_parcel_fails_the_order) {
  const std::string id = ordered();
  BOOST_REQUIRE(drill.run_until(id, OrderState::airborne));
  drill.reset(drill.drone(drill.order(id).drone));
  BOOST_TEST((drill.order(id).state == OrderState::failed));
  BOOST_TEST(!drill.order(id).history.back().cause.empty());
}

BOOST_AUTO_TEST_CASE(after_kill_the_journal_alone_goes_on) {
  const std::string id = ordered();
  for (const OrderState until :
       {OrderState::assigned, OrderState::to_pickup, OrderState::loading, OrderState::airborne}) {
    BOOST_REQUIRE(drill.run_until(id, until));
    const std::string before = state_hash(drill.core().state());
    FleetDrill& same = drill;
    Core replayed(drill::small_town(4));
    for (const Record& record : same.journal()) replayed.replay(record);
    BOOST_TEST(state_hash(replayed.state()) == before);
    drill.restart();
  }
  BOOST_TEST(drill.run_until(id, OrderState::delivered));
  BOOST_TEST(drill.core().state().epoch == 5);
  const auto& events = drill.core().state().merchants.at("M1").events;
  BOOST_TEST(events.size() == 7);
  BOOST_TEST(events.front().seq == 1);
  BOOST_TEST(events.back().seq == 7);
}

BOOST_AUTO_TEST_CASE(what_was_learned_outlives_a_restart) {
  for (int n = 0; n < 6; ++n) {
    const std::string id = drill.create("learn" + std::to_string(n), "K1", "K3")["body"]["order_id"];
    BOOST_REQUIRE(drill.run_until(id, OrderState::delivered));
  }
  drill.run_for(400);
  const Learned& before = drill.core().state().learned;
  BOOST_TEST(before.stages.turnaround.observed() >= 6);
  BOOST_TEST(before.errors.at(ForecastKind::prompt).window().size() >= 5U);
  BOOST_TEST(before.errors.at(ForecastKind::airborne).window().size() == 6U);
  const std::string hash = state_hash(drill.core().state());
  Core again(drill::small_town(4));
  for (const Record& record : drill.journal()) {
    again.replay(*parse_record(record.at, kind(record.body), serialise(record.body)));
  }
  BOOST_TEST(state_hash(again.state()) == hash);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
