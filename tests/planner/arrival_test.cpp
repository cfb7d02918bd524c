#include "planner/arrival.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

#include "tests/scenarios/flown.hpp"

namespace {

using namespace swiftlet;
using std::chrono::minutes;
using test::between;
using test::kMondayNoon;
using test::outcome;
using test::parted;
using test::plan;

UtcTime touchdown(const planner::Route& route) { return after(route.depart, route.duration_s); }

}  // namespace

BOOST_AUTO_TEST_SUITE(arrival)

BOOST_AUTO_TEST_CASE(the_departure_is_the_latest_that_arrives_in_time) {
  const auto world = test::draw(".A..........B.");
  auto request = between("A", "B");
  for (const int after_s : {300, 301, 3600, 86400}) {
    request.arrive_by = kMondayNoon + std::chrono::seconds(after_s);
    const auto route = plan(world, request);
    BOOST_REQUIRE_EQUAL(outcome(route), "ok");
    BOOST_TEST((route.depart >= request.depart));
    BOOST_TEST((touchdown(route) <= *request.arrive_by));
    BOOST_TEST((touchdown(route) >= *request.arrive_by - std::chrono::seconds(1)));
  }
}

BOOST_AUTO_TEST_CASE(too_soon_is_a_proof_only_below_the_bound) {
  const auto world = test::draw(".A..........B.");
  auto request = between("A", "B");
  const auto now = plan(world, request);
  request.arrive_by = after(kMondayNoon, 0.5 * now.lower_bound);
  BOOST_TEST(outcome(plan(world, request)) == "infeasible arrive_by_too_soon");
  request.arrive_by = after(kMondayNoon, 0.5 * (now.lower_bound + now.duration_s));
  const auto open = plan(world, request);
  BOOST_TEST(outcome(open) == "refused arrive_by_too_soon");
  BOOST_TEST(open.error->where == "arrive_by");
  BOOST_TEST(open.waypoints.empty());
  request.arrive_by = kMondayNoon - minutes(1);
  BOOST_TEST(outcome(plan(world, request)) == "infeasible arrive_by_too_soon");
}

BOOST_AUTO_TEST_CASE(a_zone_that_is_in_force_at_the_end_is_flown_through_before_it_begins) {
  const auto world = parted();
  const UtcTime begins = kMondayNoon + minutes(60);
  world.zone("Z").applicability = {{.start = begins, .end = kMondayNoon + minutes(180), .periods = {}}};
  auto request = between("A", "B");
  request.arrive_by = kMondayNoon + minutes(90);
  const auto route = plan(world, request);
  BOOST_REQUIRE_EQUAL(outcome(route), "ok");
  BOOST_TEST((touchdown(route) <= begins));
  BOOST_TEST((touchdown(route) >= begins - minutes(5)));
}

BOOST_AUTO_TEST_CASE(a_zone_that_is_in_force_all_the_time_is_what_stands_in_the_way) {
  const auto world = parted();
  auto request = between("A", "B");
  request.arrive_by = kMondayNoon + minutes(90);
  const auto route = plan(world, request);
  BOOST_REQUIRE_EQUAL(outcome(route), "infeasible unreachable");
  BOOST_TEST(route.error->cause->id == "Z");
}

BOOST_AUTO_TEST_CASE(a_zone_that_begins_just_after_the_arrival_is_not_in_the_way) {
  const auto world = parted();
  const UtcTime begins = kMondayNoon + minutes(60);
  world.zone("Z").applicability = {{.start = begins, .end = kMondayNoon + minutes(180), .periods = {}}};
  auto request = between("A", "B");
  for (const int before_s : {0, 1, 29, 31, 60, 120}) {
    request.arrive_by = begins - std::chrono::seconds(before_s);
    const auto route = plan(world, request);
    BOOST_TEST_CONTEXT(before_s << " s before it begins") {
      BOOST_REQUIRE_EQUAL(outcome(route), "ok");
      BOOST_TEST((touchdown(route) <= *request.arrive_by));
      BOOST_TEST((touchdown(route) >= *request.arrive_by - minutes(2)));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_zone_that_has_been_there_for_days_proves_nothing_of_the_day_before) {
  const auto world = parted();
  world.zone("Z").applicability = {
      {.start = kMondayNoon + std::chrono::hours(18), .end = kMondayNoon + std::chrono::hours(120), .periods = {}}};
  auto request = between("A", "B");
  request.arrive_by = kMondayNoon + std::chrono::hours(72);
  const auto route = plan(world, request);
  BOOST_REQUIRE_EQUAL(outcome(route), "ok");
  BOOST_TEST((touchdown(route) < kMondayNoon + std::chrono::hours(18)));
  request.depart = kMondayNoon + std::chrono::hours(20);
  BOOST_TEST(outcome(plan(world, request)) == "refused unreachable");
}

BOOST_AUTO_TEST_CASE(whatever_the_durations_the_departure_is_in_time_and_late) {
  constexpr unsigned kSeed = 1;
  BOOST_TEST_MESSAGE("seed " << kSeed);
  std::mt19937 random(kSeed);
  const auto drawn = [&](double from, double to) { return std::uniform_real_distribution(from, to)(random); };
  auto world = test::draw(".A..........B.");
  // A zone that binds nobody here, so that the hours differ.
  geo::Geozone far;
  far.applicability = {{.start = kMondayNoon - minutes(600), .end = kMondayNoon - minutes(500), .periods = {}}};
  auto airspace = *world.airspace;
  airspace.zones.push_back(far);
  int in_time = 0;
  for (int k = 0; k < 300; ++k) {
    const double usual_s = drawn(60.0, 600.0);
    const double slope = drawn(-0.3, 0.3);  // the wind rises or eases
    const auto duration_s = [&](UtcTime depart) {
      return std::max(30.0, usual_s + slope * seconds_between(kMondayNoon, depart));
    };
    auto request = between("A", "B");
    request.arrive_by = after(kMondayNoon, drawn(0.0, 3000.0));
    int asked = 0;
    const auto route = planner::arriving_by(airspace, request, [&](UtcTime depart) {
      BOOST_TEST((depart >= request.depart));
      ++asked;
      planner::DatedRoute answer;
      answer.route.status = planner::RouteStatus::ok;
      answer.route.depart = depart;
      answer.route.duration_s = duration_s(depart);
      return answer;
    });
    BOOST_TEST(asked <= 20);
    const bool possible = after(kMondayNoon, duration_s(kMondayNoon)) <= *request.arrive_by;
    if (route.status == planner::RouteStatus::ok) {
      ++in_time;
      BOOST_TEST((touchdown(route) <= after(*request.arrive_by, 0.001)));
      BOOST_TEST((touchdown(route) >= *request.arrive_by - std::chrono::seconds(2)));
    } else {
      BOOST_TEST(!possible);
    }
  }
  BOOST_TEST(in_time >= 200);
}

BOOST_AUTO_TEST_CASE(who_is_in_the_air_cannot_depart_later) {
  const auto world = test::draw(".A..........B.");
  auto request = between("A", "B");
  request.from = planner::AirbornePoint{.at = {4.85, 45.76, 160.0}};
  request.arrive_by = kMondayNoon + minutes(90);
  const auto route = plan(world, request);
  BOOST_TEST(outcome(route) == "refused bad_request");
  BOOST_TEST(route.error->where == "arrive_by");
}

BOOST_AUTO_TEST_SUITE_END()
