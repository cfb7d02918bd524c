#include "dispatch/core/air_traffic.hpp"

#include <fmt/core.h>

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "tests/dispatch/fleet_drill.hpp"
#include "tests/seed.hpp"

namespace swiftlet::dispatch {
namespace {

using drill::FleetDrill;

FleetConfig busy_town(bool deconflict) {
  FleetConfig config = drill::small_town(8);
  config.deconflict = deconflict;
  return config;
}

/// Seconds in which two in the air are nearer than 20 m across and 10 m up at once.
int seconds_too_near(FleetDrill& drill, const FleetConfig& config, int seconds) {
  const geo::LocalFrame frame(config.frame_origin);
  int near = 0;
  for (int t = 0; t < seconds; ++t) {
    drill.step();
    std::vector<geo::Enu3> aloft;
    for (const drill::PaperDrone& drone : drill.drones()) {
      if (drone.flying && drone.position.alt_msl_m > 10.5) aloft.push_back(frame.to_local(drone.position));
    }
    for (std::size_t a = 0; a < aloft.size(); ++a) {
      for (std::size_t b = a + 1; b < aloft.size(); ++b) {
        const geo::Enu3 d = aloft[a] - aloft[b];
        near += d.head<2>().norm() < 20.0 && std::abs(d.z()) < 10.0;
      }
    }
  }
  return near;
}

int busy_hour(bool deconflict, std::uint64_t seed, std::string* hash = nullptr, std::string* replayed = nullptr,
              double* waited_s = nullptr) {
  const FleetConfig config = busy_town(deconflict);
  FleetDrill drill(config, seed);
  drill.connect_all();
  drill.run_for(3.0);
  int near = 0;
  for (int k = 0; k < 30; ++k) {
    const int from = 1 + static_cast<int>((seed + static_cast<std::uint64_t>(k) * 7) % 4);
    const int to = 1 + static_cast<int>((seed + static_cast<std::uint64_t>(k) * 3 + 1) % 4);
    (void)drill.send("M1", "order.create",
                     {{"client_order_id", fmt::format("c{}", k)},
                      {"pickup", {{"pad", fmt::format("K{}", from)}}},
                      {"dropoff", {{"pad", fmt::format("K{}", from == to ? from % 4 + 1 : to)}}},
                      {"parcel", {{"mass_kg", 1.0}}}});
    near += seconds_too_near(drill, config, 60);
  }
  near += seconds_too_near(drill, config, 1800);
  int delivered = 0;
  for (const auto& [id, order] : drill.core().state().orders) delivered += order.state == OrderState::delivered;
  BOOST_TEST(delivered == static_cast<int>(drill.core().state().orders.size()));
  BOOST_TEST(delivered >= 20);
  for (const Record& record : drill.journal()) {
    const auto* mission = std::get_if<MissionIssued>(&record.body);
    if (mission != nullptr && waited_s != nullptr) *waited_s += mission->traffic_delay_s;
  }
  if (hash != nullptr) {
    *hash = state_hash(drill.core().state());
    Core fresh(config);
    for (const Record& record : drill.journal()) {
      fresh.replay(*parse_record(record.at, kind(record.body), serialise(record.body)));
    }
    *replayed = state_hash(fresh.state());
  }
  return near;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(air_traffic)

BOOST_AUTO_TEST_CASE(flights_of_a_busy_hour_keep_clear_of_each_other) {
  const std::uint64_t first = test::seed();
  int without = 0;
  double waited_s = 0.0;
  for (std::uint64_t seed = first; seed < first + 3; ++seed) {
    std::string hash;
    std::string replayed;
    const int near = busy_hour(true, seed, &hash, &replayed, &waited_s);
    BOOST_TEST_CONTEXT("seed " << seed) {
      BOOST_TEST(near == 0);
      BOOST_TEST(hash == replayed);
    }
    without += busy_hour(false, seed);
  }
  BOOST_TEST(without > 20);  // there was something to keep apart
  BOOST_TEST(waited_s > 20.0);
}

BOOST_AUTO_TEST_CASE(a_restart_keeps_clear_of_those_in_the_air) {
  const FleetConfig config = busy_town(true);
  FleetDrill drill(config, 5);
  drill.connect_all();
  drill.run_for(3.0);
  int near = 0;
  for (int k = 0; k < 12; ++k) {
    (void)drill.send("M1", "order.create",
                     {{"client_order_id", fmt::format("c{}", k)},
                      {"pickup", {{"pad", fmt::format("K{}", 1 + k % 4)}}},
                      {"dropoff", {{"pad", fmt::format("K{}", 1 + (k + 1) % 4)}}},
                      {"parcel", {{"mass_kg", 1.0}}}});
    near += seconds_too_near(drill, config, 40);
    if (k % 3 == 1) drill.restart();
  }
  near += seconds_too_near(drill, config, 1500);
  BOOST_TEST(near == 0);
}

BOOST_AUTO_TEST_CASE(a_flight_waits_for_one_that_hovers_in_its_way_and_says_so) {
  const FleetConfig config = busy_town(true);
  AirTraffic air(config);
  planner::PlanRequest request;
  request.from = planner::PadRef{.pad = "H1", .slot = 0};
  request.to = planner::PadRef{.pad = "K3", .slot = 0};
  request.depart = *parse_rfc3339("2026-11-21T10:00:00Z");
  const planner::Route route = drill::straight_route(config, request);
  BOOST_TEST((air.first_free_departure("F1", route, request.depart) == request.depart));
  air.settle("F1", route, request.depart);
  BOOST_TEST((air.settled("F1") == request.depart));
  // The same way a moment later: it follows at a distance, and names whom it would have met.
  const auto second = air.first_free_departure("F2", route, request.depart);
  BOOST_REQUIRE(second.has_value());
  BOOST_TEST(seconds_between(request.depart, *second) > 2.0);
  BOOST_TEST(seconds_between(request.depart, *second) < 60.0);
  const auto met = air.conflict("F2", route, request.depart);
  BOOST_REQUIRE(met.has_value());
  BOOST_TEST(met->with_flight_id == "F1");
  // Its own reservation is in nobody's way but others'.
  BOOST_TEST((air.first_free_departure("F1", route, request.depart) == request.depart));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::dispatch
