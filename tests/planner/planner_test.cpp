#include "planner/planner.hpp"

#include <cmath>
#include <limits>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "planner/energy.hpp"
#include "tests/scenarios/dense_referee.hpp"
#include "tests/scenarios/flown.hpp"

namespace geo = swiftlet::geo;
namespace planner = swiftlet::planner;
using swiftlet::test::between;
using swiftlet::test::draw;
using swiftlet::test::outcome;
using swiftlet::test::plan;

namespace {

swiftlet::test::Drawing street() {
  return draw(R"(
    ..............................
    .A......................5...B.
    ..............................)");
}

planner::GroundPoint at(double lon, double lat, double deck = 0.0) {
  return {.at = {lon, lat}, .deck_height_agl_m = deck};
}

/// Refuses everything: what a planner must never override.
class NoSayer : public geo::Referee {
 public:
  [[nodiscard]] geo::RefereeReport judge(const geo::RouteUnderTest& route) const override {
    geo::RefereeReport report;
    report.violations.push_back({.rule = "geozone",
                                 .segment = 3,
                                 .at = route.path.front(),
                                 .required_m = {},
                                 .actual_m = {},
                                 .cause = swiftlet::ErrorCause{"geozone", "Z"}});
    return report;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(planner_plan)

BOOST_AUTO_TEST_CASE(what_the_referee_refuses_does_not_leave) {
  const auto world = street();
  const planner::Planner strict(world.airspace, std::make_shared<NoSayer>());
  const auto route = strict.plan(between("A", "B"), swiftlet::test::courier());
  BOOST_TEST(outcome(route) == "refused referee_refused");
  BOOST_TEST(route.waypoints.empty());
  BOOST_TEST(route.planning.first_solution_us == 0);
  BOOST_TEST(swiftlet::traits(route.error->code).exit_status == 6);
  BOOST_TEST(route.error->cause->id == "Z");
}

BOOST_AUTO_TEST_CASE(a_planner_without_airspace_or_referee_is_a_bug_of_the_caller) {
  BOOST_CHECK_THROW(planner::Planner(nullptr, nullptr), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(places_a_hand_beyond_the_clearance_of_a_wall_are_taken_off_from) {
  const auto world = draw(R"(
    ...........
    .....#...B.
    ...........)");
  const geo::Airspace& airspace = *world.airspace;
  const auto& wall = airspace.obstacles[0];
  const geo::Box2 box = geo::bounds(wall.footprint);
  const double y = 0.5 * (box.min.y() + box.max.y());
  int flown = 0;
  for (int k = 0; k < 40; ++k) {
    // From 9 cm inside of the clearance to 20 cm beyond it, in cells cut anyhow.
    const double beyond_m = -0.09 + 0.0075 * k;
    const geo::Policy policy;
    const geo::Enu2 p(box.min.x() - policy.lateral_clearance_m - beyond_m, y + 0.37 * k - 7.0);
    const swiftlet::GeoPoint place = airspace.frame.to_geo({p.x(), p.y(), 0.0});
    auto request = between("B", "B");
    request.from = at(place.lon_deg, place.lat_deg);
    const auto route = plan(world, request);
    BOOST_TEST_CONTEXT(beyond_m << " m beyond the clearance: " << outcome(route)) {
      if (beyond_m < -0.055) {
        BOOST_TEST((route.status == planner::RouteStatus::infeasible));
        continue;
      }
      // A vertical that leans by 5 cm could keep the clearance: no proof of absence from here on.
      BOOST_TEST((route.status != planner::RouteStatus::infeasible));
      if (beyond_m < -0.035) continue;  // the lean that is tried is a little less
      BOOST_TEST(outcome(route) == "ok");
      ++flown;
      if (route.status == planner::RouteStatus::ok) BOOST_TEST(route.lower_bound <= route.cost);
    }
  }
  BOOST_TEST(flown >= 28);
}

BOOST_AUTO_TEST_CASE(places_that_do_not_exist_are_named) {
  const auto world = street();
  auto request = between("A", "X");
  BOOST_TEST(outcome(plan(world, request)) == "refused not_found");
  request.to = planner::PadRef{.pad = "B", .slot = 1};
  BOOST_TEST(outcome(plan(world, request)) == "refused bad_request");
  request.to = planner::PadRef{.pad = "A"};
  BOOST_TEST(outcome(plan(world, request)) == "refused bad_request");
  const double nan = std::nan("");
  const double inf = std::numeric_limits<double>::infinity();
  for (const auto& place : {at(500, 45), at(4.85, 91), at(nan, 45), at(4.85, nan), at(4.85, inf), at(-1e300, 1e300),
                            at(0, 0), at(4.85, 45.7), at(4.8505, 45.7602, nan)}) {
    request.to = place;
    BOOST_TEST(outcome(plan(world, request)) == "refused out_of_region");
  }
  request.to = between("A", "B").to;
  request.from = planner::AirbornePoint{.at = {nan, nan, nan}};
  BOOST_TEST(outcome(plan(world, request)) == "refused out_of_region");
}

BOOST_AUTO_TEST_CASE(a_drone_faster_than_its_type_is_refused) {
  const auto world = street();
  auto request = between("A", "B");
  const geo::Enu2 p = world.airspace->frame.to_local(world.airspace->find_pad("A")->slots.front().lonlat());
  const auto moving = [&](double east_m_s, double up_m_s) {
    request.from = planner::AirbornePoint{
        .at = world.airspace->frame.to_geo({p.x(), p.y(), 160.0}), .v_e_m_s = east_m_s, .v_u_m_s = up_m_s};
    return outcome(plan(world, request));
  };
  BOOST_TEST(moving(60.0, 0.0) == "refused value_invalid");
  BOOST_TEST(moving(0.0, 20.0) == "refused value_invalid");
  BOOST_TEST(moving(0.0, -20.0) == "refused value_invalid");
  BOOST_TEST(moving(std::nan(""), 0.0) == "refused value_invalid");
  BOOST_TEST(moving(5.0, 1.0) != "refused value_invalid");
}

BOOST_AUTO_TEST_CASE(a_drone_that_comes_fast_against_the_wind_is_not_slower_than_its_bound) {
  const auto world = street();
  auto request = between("A", "B");
  const geo::Enu2 p = world.airspace->frame.to_local(world.airspace->find_pad("A")->slots.front().lonlat());
  for (const double speed_m_s : {0.0, 8.0, 16.0, 24.0, 30.0}) {
    for (const double wind_m_s : {0.0, 6.0, 11.0}) {
      request.from = planner::AirbornePoint{.at = world.airspace->frame.to_geo({p.x() + 60.0, p.y(), 160.0}),
                                            .v_e_m_s = speed_m_s};
      request.wind = geo::Wind{.speed_m_s = wind_m_s, .from_deg = 90.0};
      for (const double goal_m : {60.0, 120.0, 400.0}) {
        request.to = planner::GroundPoint{.at = world.airspace->frame.to_lonlat(p + geo::Enu2(60.0 + goal_m, 0.0))};
        auto light = swiftlet::test::courier();
        light.max_airspeed_m_s = 16.0;
        light.max_wind_m_s = 12.0;
        const auto route = plan(world, request, {}, light);
        if (route.status != planner::RouteStatus::ok) continue;
        BOOST_TEST(route.lower_bound <= route.cost,
                   speed_m_s << " m/s into " << wind_m_s << " m/s, " << goal_m << " m");
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_fuller_battery_never_refuses_what_an_emptier_one_allowed) {
  const auto world = draw(R"(
    ..........3..........
    .A...4....7....2...B.
    ..........7..........
    ..........7..........
    .....................)");
  for (const char* type : {"courier-4", "hexa-15"}) {
    const auto vehicle = planner::load_vehicle(type).value();
    auto request = between("A", "B");
    request.battery_wh = vehicle.battery_wh;
    const auto full = plan(world, request, {}, vehicle);
    BOOST_REQUIRE_EQUAL(outcome(full), "ok");
    const double held_wh = planner::PowerModel(vehicle, 0.0).hover_w() * request.policy.hold_s / 3600.0;
    const double needed_wh = (full.energy_wh + held_wh) / (1.0 - request.policy.energy_reserve_fraction);
    bool flies = false;
    for (double share = 0.9; share < 1.1; share += 0.01) {
      request.battery_wh = share * needed_wh;
      const auto route = plan(world, request, {}, vehicle);
      BOOST_TEST((!flies || outcome(route) == "ok"), type << " with " << share << ": " << outcome(route));
      flies = flies || outcome(route) == "ok";
      BOOST_TEST((route.status == planner::RouteStatus::ok) == (route.planning.first_solution_us > 0));
    }
    BOOST_TEST(flies);
  }
}

BOOST_AUTO_TEST_CASE(a_bound_of_length_holds_for_flights_that_wait_for_a_zone_to_end) {
  using std::chrono::minutes;
  using swiftlet::test::kMondayNoon;
  // Z shuts everything later, so that flights are planned in a shorter view, in which O stands all the time.
  const auto world = draw(R"(
    .....O......Z....
    .A...O......Z..B.
    .....O......Z....
    ............Z....
    ............Z....
    ............Z....)");
  world.zone("Z").applicability = {
      {.start = kMondayNoon + minutes(20), .end = kMondayNoon + minutes(600), .periods = {}}};
  auto request = between("A", "B", {.min_height_agl_m = 65.0});
  request.objective = planner::Objective::length;
  world.zone("O").applicability = {
      {.start = kMondayNoon - minutes(60), .end = kMondayNoon + minutes(6), .periods = {}}};
  const auto round = plan(world, request);
  BOOST_REQUIRE_EQUAL(outcome(round), "ok");
  world.zone("O").applicability = {
      {.start = kMondayNoon - minutes(60), .end = kMondayNoon - minutes(50), .periods = {}}};
  const auto straight = plan(world, request);
  BOOST_REQUIRE_EQUAL(outcome(straight), "ok");
  BOOST_TEST(straight.length_m < round.length_m - 1.0);
  BOOST_TEST(round.lower_bound <= straight.length_m);
}

BOOST_AUTO_TEST_CASE(a_point_in_a_footprint_is_refused_unless_its_deck_is_the_roof) {
  const auto world = street();
  const geo::Box2& box = world.airspace->obstacles[0].box;
  const swiftlet::LonLat roof = world.airspace->frame.to_lonlat(0.5 * (box.min + box.max));
  auto request = between("A", "B");
  request.to = planner::GroundPoint{.at = roof};
  const auto inside = plan(world, request);
  BOOST_REQUIRE_EQUAL(outcome(inside), "refused goal_in_obstacle");
  BOOST_TEST(swiftlet::traits(inside.error->code).exit_status == 3);
  BOOST_TEST(inside.error->cause->id == world.airspace->obstacles[0].id);
  std::swap(request.from, request.to);
  BOOST_TEST(outcome(plan(world, request)) == "refused start_in_obstacle");
  request.from = planner::GroundPoint{.at = roof, .deck_height_agl_m = 51.5};
  BOOST_TEST(outcome(plan(world, request)) == "refused start_in_obstacle");
  request.from = planner::GroundPoint{.at = roof, .deck_height_agl_m = 50.6};
  const auto on_it = plan(world, request);
  BOOST_REQUIRE_EQUAL(outcome(on_it), "ok");
  BOOST_TEST(on_it.waypoints.front().height_agl_m == 50.0);
}

BOOST_AUTO_TEST_CASE(what_the_vehicle_cannot_do_is_said_before_any_search) {
  const auto world = street();
  auto request = between("A", "B");
  request.payload_kg = 2.51;
  BOOST_TEST(outcome(plan(world, request)) == "infeasible payload_too_heavy");
  request.payload_kg = std::nan("");
  BOOST_TEST(outcome(plan(world, request)) == "refused value_invalid");
  request = between("A", "B");
  request.battery_wh = 20.0;
  BOOST_TEST(outcome(plan(world, request)) == "infeasible energy_insufficient");
  request.battery_wh = 711.0;
  BOOST_TEST(outcome(plan(world, request)) == "refused value_invalid");
  request = between("A", "B");
  request.objective = planner::Objective::risk;
  BOOST_TEST(outcome(plan(world, request)) == "refused ground_risk_unknown");
  request = between("A", "B");
  request.max_ground_risk = 1.0;
  BOOST_TEST(outcome(plan(world, request)) == "refused ground_risk_unknown");
  request.max_ground_risk = -1.0;
  BOOST_TEST(outcome(plan(world, request)) == "refused value_invalid");
  request = between("A", "B");
  request.policy.max_height_agl_m = 20.0;
  BOOST_TEST(outcome(plan(world, request)) == "refused value_invalid");
  request.policy.max_height_agl_m = std::nan("");
  BOOST_TEST(outcome(plan(world, request)) == "refused value_invalid");
  BOOST_TEST(outcome(plan(world, between("A", "B"), {.planner = "teleport"})) == "refused usage");
}

BOOST_AUTO_TEST_CASE(a_deadline_of_nothing_is_a_deadline_and_effort_of_nothing_is_undecided) {
  const auto world = draw(R"(
    ......#.......
    .A....#.....B.
    ......#.......
    ..............)");
  BOOST_TEST(outcome(plan(world, between("A", "B"), {.deadline = std::chrono::milliseconds(0)})) ==
             "deadline deadline_passed");
  BOOST_TEST(outcome(plan(world, between("A", "B"), {.deadline = std::chrono::milliseconds(-5)})) ==
             "deadline deadline_passed");
  BOOST_TEST(outcome(plan(world, between("A", "B"), {.effort = 3})) == "refused undecided_at_resolution");
  BOOST_TEST(outcome(plan(world, between("A", "B"), {.deadline = std::chrono::milliseconds::max()})) == "ok");
}

BOOST_AUTO_TEST_CASE(what_a_deadline_cut_short_is_prepared_for_the_next_and_changes_no_answer) {
  const auto world = draw(R"(
    ......#.......
    .A....#.....B.
    ......#.......
    ..............)");
  const geo::AirspacePtr airspace = world.airspace;
  const auto referee = std::make_shared<swiftlet::test::DenseReferee>(airspace);
  const auto patient = plan(world, between("A", "B"));
  BOOST_REQUIRE_EQUAL(outcome(patient), "ok");
  for (const int ms : {1, 2, 5, 20}) {
    const planner::Planner hurried(airspace, referee);
    const auto first =
        hurried.plan(between("A", "B"), swiftlet::test::courier(), {.deadline = std::chrono::milliseconds(ms)});
    BOOST_TEST((outcome(first) == "ok" || outcome(first) == "deadline deadline_passed"));
    if (first.status != planner::RouteStatus::ok) BOOST_TEST(first.waypoints.empty());
    const auto next = hurried.plan(between("A", "B"), swiftlet::test::courier());
    BOOST_REQUIRE_EQUAL(outcome(next), "ok");
    BOOST_TEST(next.cost == patient.cost);
    BOOST_TEST(next.lower_bound == patient.lower_bound);
  }
}

BOOST_AUTO_TEST_CASE(a_deadline_counts_from_where_the_caller_began) {
  const auto world = street();
  const planner::PlanOptions late{.deadline = std::chrono::seconds(30),
                                  .began = std::chrono::steady_clock::now() - std::chrono::minutes(1)};
  BOOST_TEST(outcome(plan(world, between("A", "B"), late)) == "deadline deadline_passed");
}

BOOST_AUTO_TEST_CASE(every_objective_states_its_cost_above_its_bound) {
  const auto world = street();
  for (const auto objective : {planner::Objective::time, planner::Objective::energy, planner::Objective::length}) {
    auto request = between("A", "B");
    request.objective = objective;
    const auto route = plan(world, request);
    BOOST_REQUIRE_EQUAL(outcome(route), "ok");
    const double expected = objective == planner::Objective::time     ? route.duration_s
                            : objective == planner::Objective::energy ? route.energy_wh
                                                                      : route.length_m;
    BOOST_TEST(route.cost == expected);
    BOOST_TEST(route.lower_bound > 0.0);
    BOOST_TEST(route.planning.first_solution_us > 0);
    BOOST_TEST(route.planning.first_solution_us <= route.planning.time_us);
    BOOST_TEST(route.lower_bound <= route.cost);
  }
}

BOOST_AUTO_TEST_CASE(a_heavier_parcel_takes_more_energy) {
  const auto world = street();
  double last = 0.0;
  for (const double payload : {0.0, 0.5, 1.0, 2.0, 2.5}) {
    auto request = between("A", "B");
    request.payload_kg = payload;
    const auto route = plan(world, request);
    BOOST_REQUIRE_EQUAL(outcome(route), "ok");
    BOOST_TEST(route.energy_wh > last);
    last = route.energy_wh;
  }
}

BOOST_AUTO_TEST_CASE(terminals_are_vertical_to_the_digit_and_the_decks_are_kept) {
  const auto world = street();
  const auto route = plan(world, between("A", "B"));
  BOOST_REQUIRE_EQUAL(outcome(route), "ok");
  const auto& w = route.waypoints;
  BOOST_TEST(w.front().height_agl_m == 0.0);
  BOOST_TEST(w.back().height_agl_m == 0.0);
  BOOST_TEST(w.front().t_s == 0.0);
  for (const auto& p : w) {
    if (p.phase == planner::Phase::takeoff) BOOST_TEST((p.position.lonlat() == w.front().position.lonlat()));
    if (p.phase == planner::Phase::landing) BOOST_TEST((p.position.lonlat() == w.back().position.lonlat()));
    BOOST_TEST(p.position.lon_deg == std::round(p.position.lon_deg * 1e8) / 1e8);
    BOOST_TEST(p.position.alt_msl_m == std::round(p.position.alt_msl_m * 1e3) / 1e3);
  }
}

BOOST_AUTO_TEST_CASE(ompl_gives_a_second_opinion_by_name) {
  const auto world = draw(R"(
    ..............#...............
    .A............#.............B.
    ..............#...............
    ..............................
    ..............................
    ..............#...............)");
  const auto own = plan(world, between("A", "B"));
  BOOST_REQUIRE_EQUAL(outcome(own), "ok");
  for (const char* name : {"rrtconnect", "RRTConnect", "informed_rrtstar", "InformedRRT*", "rrtstar", "BIT*",
                           "abitstar", "PRM*", "lazy-prm*"}) {
    const auto theirs = plan(world, between("A", "B"), {.planner = name, .deadline = std::chrono::milliseconds(800)});
    BOOST_TEST_CONTEXT(name) {
      BOOST_TEST(outcome(theirs) == "ok");
      BOOST_TEST(theirs.planning.planner == name);
      BOOST_TEST(theirs.cost < 1.5 * own.cost);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
