#include "planner/ground_risk_cost.hpp"

#include <boost/test/unit_test.hpp>
#include <functional>

#include "tests/scenarios/flown.hpp"

namespace {

using namespace swiftlet;
using test::between;
using test::outcome;
using test::plan;

/// An open field, people per km² by a function of its place.
test::Drawing field(const std::function<float(const geo::Enu2&)>& density) {
  auto world = test::draw(R"(
    ..................................................
    ..................................................
    ..................................................
    .A..............................................B.
    ..................................................
    ..................................................
    ..................................................
    ..................................................
    ..................................................)");
  geo::GridFrame grid = world.airspace->bounds.grid();
  const geo::Box2 box = grid.extent();
  grid.cell_m = 10.0;
  grid.nx = static_cast<int>((box.max.x() - box.min.x()) / grid.cell_m) + 1;
  grid.ny = static_cast<int>((box.max.y() - box.min.y()) / grid.cell_m) + 1;
  std::vector<float> cells;
  for (int j = 0; j < grid.ny; ++j) {
    for (int i = 0; i < grid.nx; ++i) cells.push_back(density(grid.centre(i, j)));
  }
  world.airspace->ground_risk = geo::GroundRisk(grid, geo::GroundRisk::pyramid_of(grid, std::move(cells)));
  return world;
}

geo::Enu2 pad(const test::Drawing& world, const char* id) {
  return world.airspace->frame.to_local(world.airspace->find_pad(id)->slots.front()).head<2>();
}

/// A crowd half way, which leaves the south free.
test::Drawing crowd() {
  const geo::Enu2 a = pad(field([](const geo::Enu2&) { return 1.0F; }), "A");
  const geo::Enu2 b = pad(field([](const geo::Enu2&) { return 1.0F; }), "B");
  return field([=](const geo::Enu2& p) {
    const geo::Enu2 off = p - 0.5 * (a + b);
    return std::abs(off.x()) < 150.0 && off.y() > -60.0 ? 20'000.0F : 50.0F;
  });
}

/// By the contract's letter, from the published waypoints, in steps of a tenth of a metre.
double by_hand(const test::Drawing& world, const planner::Route& route) {
  double people_s = 0.0;
  for (std::size_t k = 0; k + 1 < route.waypoints.size(); ++k) {
    const geo::Enu3 a = world.airspace->frame.to_local(route.waypoints[k].position);
    const geo::Enu3 b = world.airspace->frame.to_local(route.waypoints[k + 1].position);
    const int steps = 1 + static_cast<int>((b - a).norm() / 0.1);
    for (int n = 0; n < steps; ++n) {
      const geo::Enu3 p = a + (n + 0.5) / steps * (b - a);
      people_s += (route.waypoints[k + 1].t_s - route.waypoints[k].t_s) / steps *
                  world.airspace->ground_risk.density_per_km2(p.head<2>());
    }
  }
  const planner::VehicleProfile& v = test::courier();
  return people_s * 1e-6 * v.lethal_area_m2 * v.failure_rate_per_h / 3600.0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ground_risk_cost)

BOOST_AUTO_TEST_CASE(the_stated_risk_is_that_of_the_published_waypoints) {
  const auto world = crowd();
  const auto route = plan(world, between("A", "B"));
  BOOST_REQUIRE_EQUAL(outcome(route), "ok");
  BOOST_REQUIRE(route.ground_risk.has_value());
  BOOST_TEST(*route.ground_risk == by_hand(world, route), boost::test_tools::tolerance(2e-3));
}

BOOST_AUTO_TEST_CASE(without_densities_no_risk_is_stated) {
  auto world = crowd();
  world.airspace->ground_risk = {};
  BOOST_TEST(!plan(world, between("A", "B")).ground_risk.has_value());
}

BOOST_AUTO_TEST_CASE(least_risk_goes_round_the_crowd_that_least_time_flies_over) {
  const auto world = crowd();
  auto request = between("A", "B");
  const auto fast = plan(world, request);
  request.objective = planner::Objective::risk;
  const auto safe = plan(world, request);
  BOOST_REQUIRE_EQUAL(outcome(fast), "ok");
  BOOST_REQUIRE_EQUAL(outcome(safe), "ok");
  BOOST_TEST(*safe.ground_risk < 0.1 * *fast.ground_risk);
  BOOST_TEST(safe.length_m > fast.length_m + 10.0);
  BOOST_TEST(safe.cost == *safe.ground_risk);
  BOOST_TEST(safe.lower_bound <= safe.cost);
  BOOST_TEST(safe.lower_bound > 0.5 * safe.cost);
}

BOOST_AUTO_TEST_CASE(a_limit_of_risk_is_kept_at_least_time_or_said_to_be_impossible_only_with_proof) {
  const auto world = crowd();
  auto request = between("A", "B");
  const auto fast = plan(world, request);
  request.objective = planner::Objective::risk;
  const auto safe = plan(world, request);
  request.objective = planner::Objective::time;
  request.max_ground_risk = *fast.ground_risk;
  BOOST_TEST(plan(world, request).duration_s == fast.duration_s);
  request.max_ground_risk = 0.5 * *fast.ground_risk;
  const auto limited = plan(world, request);
  BOOST_REQUIRE_EQUAL(outcome(limited), "ok");
  BOOST_TEST(*limited.ground_risk <= *request.max_ground_risk);
  BOOST_TEST(limited.duration_s >= fast.duration_s);
  BOOST_TEST(limited.duration_s <= safe.duration_s + 1e-9);
  request.max_ground_risk = 0.999 * safe.lower_bound;
  const auto proven = plan(world, request);
  BOOST_TEST(outcome(proven) == "infeasible ground_risk_too_high");
  BOOST_TEST(proven.error->where == "max_ground_risk");
  request.max_ground_risk = 0.5 * (safe.lower_bound + safe.cost);
  BOOST_TEST(outcome(plan(world, request)) == "refused undecided_at_resolution");
  request.max_ground_risk = 0.0;
  BOOST_TEST(outcome(plan(world, request)) == "infeasible ground_risk_too_high");
}

BOOST_AUTO_TEST_SUITE_END()
