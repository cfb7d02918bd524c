#include "sim/fleet/route_shelf.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

#include "planner/route_json.hpp"
#include "tests/scenarios/dense_referee.hpp"
#include "tests/scenarios/flown.hpp"
#include "tests/seed.hpp"

namespace swiftlet::sim {
namespace {

using std::chrono::minutes;
using test::kMondayNoon;

constexpr double kParcel_kg = 0.5;  // a class of the shelf's

constexpr std::string_view kWayRound = R"(
    ....................
    .A.....ZZ........C..
    .......ZZ...........
    .......ZZ.......B...
    ....................
    ....................)";
constexpr std::string_view kNoWayRound = R"(
    .......ZZ...........
    .A.....ZZ........C..
    .......ZZ...........
    .......ZZ.......B...)";

/// A zone from a quarter past twelve to one o'clock across the straight way, and winds that turn within three hours.
struct Town {
  test::Drawing drawing;
  std::map<std::string, planner::VehicleProfile> profiles{{"courier-4", test::courier()}};
  std::unique_ptr<planner::Planner> planner;

  explicit Town(std::string_view map = kWayRound) : drawing(test::draw(map)) {
    drawing.zone("Z").applicability = {
        {.start = kMondayNoon + minutes(15), .end = kMondayNoon + minutes(60), .periods = {}}};
    drawing.airspace->wind_field = {geo::WindProfile{.kind = geo::WindProfileKind::log},
                                    {},
                                    {kMondayNoon, kMondayNoon + minutes(180)},
                                    geo::FlatArray<double>(std::vector<double>{-6.0, 0.0, 6.0, 0.0})};
    planner = planner_now();
  }

  [[nodiscard]] std::unique_ptr<planner::Planner> planner_now() const {
    return std::make_unique<planner::Planner>(drawing.airspace, std::make_shared<test::DenseReferee>(drawing.airspace));
  }
};

/// A shelf with a store of its own.
struct Shelf {
  RouteStore store;
  RouteShelf shelf;

  explicit Shelf(const Town& town) : shelf(*town.planner, town.profiles, {}, store) {}
};

dispatch::PlanJob job(const planner::PlanRequest& request) {
  return {.id = 1, .vehicle = "courier-4", .request = request};
}

planner::PlanRequest there(minutes after_noon = minutes(0), std::optional<geo::Wind> wind = geo::Wind{}) {
  planner::PlanRequest request = test::between("A", "B");
  request.payload_kg = kParcel_kg;
  request.depart = kMondayNoon + after_noon;
  request.wind = wind;
  return request;
}

planner::Route ask(RouteShelf& shelf, const planner::PlanRequest& request) {
  return shelf.answer({job(request)}, 1).front().route;
}

std::string text(planner::Route route) {
  route.planning = {};  // how long it took
  return planner::to_json(route).dump();
}

std::string text_of_plan(const Town& town, const planner::PlanRequest& request) {
  return text(town.planner->plan(request, test::courier()));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(route_shelf)

BOOST_AUTO_TEST_CASE(a_route_proven_in_one_wind_was_handed_out_in_another) {
  const Town town;
  Shelf kept(town);
  RouteShelf& shelf = kept.shelf;
  const auto late = minutes(120);
  const planner::Route calm = ask(shelf, there(late));
  BOOST_TEST(test::outcome(calm) == "ok");
  const auto ahead = there(late, geo::Wind{.speed_m_s = 5.0, .from_deg = 90.0});
  const planner::Route against = ask(shelf, ahead);
  BOOST_TEST(against.energy_wh > 1.05 * calm.energy_wh);
  BOOST_TEST(text(against) == text_of_plan(town, ahead));
  const auto lower = there(late, geo::Wind{.speed_m_s = 5.0, .from_deg = 90.0, .at_height_m = 60.0});
  BOOST_TEST(text(ask(shelf, lower)) == text_of_plan(town, lower));
  const auto storm = there(late, geo::Wind{.speed_m_s = 25.0, .from_deg = 90.0});
  BOOST_TEST(test::outcome(ask(shelf, storm)) == "infeasible wind_too_strong");

  const std::size_t planned = shelf.planned();
  const auto again = there(late + minutes(1));
  BOOST_TEST(text(ask(shelf, again)) == text_of_plan(town, again));
  BOOST_TEST(shelf.planned() == planned);
}

BOOST_AUTO_TEST_CASE(a_route_in_a_forecast_was_handed_out_at_another_hour) {
  const Town town;
  Shelf kept(town);
  RouteShelf& shelf = kept.shelf;
  const auto early = there(minutes(70), std::nullopt);
  const auto late = there(minutes(170), std::nullopt);
  const planner::Route against = ask(shelf, early);
  const planner::Route with = ask(shelf, late);
  BOOST_TEST(test::outcome(against) == "ok");
  BOOST_TEST(with.energy_wh != against.energy_wh);
  BOOST_TEST(text(with) == text_of_plan(town, late));
  BOOST_TEST(text(ask(shelf, early)) == text(against));
  BOOST_TEST(shelf.planned() == 2);
}

BOOST_AUTO_TEST_CASE(a_detour_was_handed_out_after_its_zone_had_gone) {
  const Town town;
  Shelf kept(town);
  RouteShelf& shelf = kept.shelf;
  const planner::Route detour = ask(shelf, there(minutes(14)));
  const planner::Route straight = ask(shelf, there(minutes(120)));
  BOOST_TEST(test::outcome(detour) == "ok");
  BOOST_TEST(straight.length_m < detour.length_m - 1.0);
  BOOST_TEST(text(straight) == text_of_plan(town, there(minutes(120))));
  // The zone begins in the middle of the longest flight from here: the planner goes round it although this one is over
  // long before.
  const auto before = there(minutes(5));
  BOOST_TEST(text(ask(shelf, before)) == text_of_plan(town, before));
}

BOOST_AUTO_TEST_CASE(a_flight_that_is_over_before_the_zone_begins_is_no_way_through_for_a_later_one) {
  const Town town(kNoWayRound);
  Shelf kept(town);
  RouteShelf& shelf = kept.shelf;
  BOOST_TEST(test::outcome(ask(shelf, there(minutes(0)))) == "ok");
  const auto late = there(minutes(14));
  const planner::Route refused = ask(shelf, late);
  BOOST_TEST(test::outcome(refused) != "ok");
  BOOST_TEST(text(refused) == text_of_plan(town, late));
}

BOOST_AUTO_TEST_CASE(a_refusal_was_planned_again_at_every_try) {
  const Town town;
  Shelf kept(town);
  RouteShelf& shelf = kept.shelf;
  // As a drone on its slot asks, every ten seconds of a storm: with what its battery tells.
  auto storm = there(minutes(120), geo::Wind{.speed_m_s = 25.0, .from_deg = 90.0});
  storm.battery_wh = 0.7 * test::courier().battery_wh;
  const planner::Route refused = ask(shelf, storm);
  BOOST_TEST(test::outcome(refused) == "infeasible wind_too_strong");
  auto faint = there(minutes(120));
  faint.battery_wh = 0.01 * test::courier().battery_wh;
  BOOST_TEST(test::outcome(ask(shelf, faint)) == "infeasible energy_insufficient");
  // In the same wind another battery or load changes nothing.
  const std::size_t once = shelf.planned();
  auto other = storm;
  other.battery_wh = 0.6 * test::courier().battery_wh;
  other.payload_kg = 0.4;
  BOOST_TEST(text(ask(shelf, other)) == text_of_plan(town, other));
  BOOST_TEST(shelf.planned() == once);
  const std::size_t planned = shelf.planned();
  for (planner::PlanRequest* request : {&storm, &faint}) {
    request->depart = after(request->depart, 10.0);
    BOOST_TEST(text(ask(shelf, *request)) == text_of_plan(town, *request));
  }
  BOOST_TEST(shelf.planned() == planned);
}

BOOST_AUTO_TEST_CASE(what_a_zone_forbids_is_asked_again) {
  Town town(kNoWayRound);
  // On Mondays only: the hint says when it is over, which is another time next week.
  const auto noon = kMondayNoon;
  town.drawing.zone("Z").applicability = {
      {.start = noon - minutes(60 * 24), .end = noon + minutes(60 * 24), .periods = {}},
      {.start = noon + minutes(60 * 24 * 6), .end = noon + minutes(60 * 24 * 8), .periods = {}}};
  town.planner = town.planner_now();
  Shelf kept(town);
  for (const auto late : {minutes(0), minutes(1), minutes(60 * 24 * 7)}) {
    const auto request = there(late);
    const planner::Route refused = ask(kept.shelf, request);
    BOOST_TEST(test::outcome(refused) != "ok");
    BOOST_TEST(text(refused) == text_of_plan(town, request));
  }
}

BOOST_AUTO_TEST_CASE(every_version_of_the_airspace_has_routes_of_its_own) {
  Town town;
  town.drawing.zone("Z").applicability.clear();
  town.drawing.zone("Z").lower = geo::ZoneLimit{.value_m = 500.0};
  Shelf kept(town);
  RouteShelf& shelf = kept.shelf;
  const planner::Route below = ask(shelf, there());
  const auto closed = std::make_shared<geo::Airspace>(*town.drawing.airspace);
  closed->hash = "sha256:closed";
  for (geo::Geozone& zone : closed->zones) zone.lower.reset();
  const planner::Planner other(closed, std::make_shared<test::DenseReferee>(closed));
  shelf.use(other);
  const planner::Route round = ask(shelf, there());
  BOOST_TEST(round.airspace_hash == "sha256:closed");
  BOOST_TEST(round.length_m > below.length_m + 1.0);
  shelf.use(*town.planner);
  BOOST_TEST(text(ask(shelf, there())) == text(below));
  BOOST_TEST(shelf.planned() == 2);
}

/// Whatever a job may name is drawn from a few values, so that the same comes again.
planner::PlanRequest drawn(std::mt19937_64& rng) {
  const auto one_of = [&](auto... values) {
    const std::array all{values...};
    return all.at(rng() % all.size());
  };
  planner::PlanRequest request = one_of(0, 1) == 0 ? test::between("A", "B") : test::between("C", "A");
  request.id = std::to_string(rng() % 1000);
  request.depart = kMondayNoon + minutes(one_of(-300, -290, 14, 15, 30, 31, 59, 61, 120, 200));
  request.payload_kg = one_of(0.0, 0.3, 0.5, 0.7, 2.0);
  const double blows_m_s = one_of(-1.0, 0.0, 3.0, 6.0, 9.0, 12.0, 14.0);
  request.wind.reset();
  if (blows_m_s >= 0.0) request.wind = geo::Wind{.speed_m_s = blows_m_s, .from_deg = one_of(45.0, 225.0)};
  request.objective = one_of(planner::Objective::time, planner::Objective::energy);
  request.policy.min_height_agl_m += one_of(0.0, 10.0);
  request.policy.hold_s = one_of(60.0, 90.0);
  if (one_of(0, 1, 2) == 0) request.authorisations = {"Z"};
  const double battery_share = one_of(0.0, 0.3, 0.9);
  if (battery_share > 0.0) request.battery_wh = battery_share * test::courier().battery_wh;
  if (one_of(0, 1, 2, 3, 4, 5) == 0) request.arrive_by = request.depart + minutes(20);
  return request;
}

BOOST_AUTO_TEST_CASE(what_was_asked_before_changes_no_answer) {
  const Town town;
  Shelf kept(town);
  RouteShelf& shelf = kept.shelf;
  std::mt19937_64 rng(test::seed());
  std::size_t asked = 0;
  for (int turn = 0; turn < 150; ++turn) {
    std::vector<dispatch::PlanJob> jobs;
    for (std::uint64_t left = 1 + rng() % 3; left > 0; --left) jobs.push_back(job(drawn(rng)));
    asked += jobs.size();
    const auto answers = shelf.answer(jobs, 1 + turn % 2);
    for (std::size_t k = 0; k < jobs.size(); ++k) {
      Shelf fresh(town);
      BOOST_TEST_CONTEXT("turn " << turn << ", job " << k) {
        BOOST_TEST(text(answers[k].route) == text(fresh.shelf.answer({jobs[k]}, 1).front().route));
        const planner::PlanRequest& request = jobs[k].request;
        const bool is_rounded = answers[k].route.status == planner::RouteStatus::ok &&
                                (request.battery_wh || std::remainder(request.payload_kg, kParcel_kg) != 0.0);
        if (!is_rounded) BOOST_TEST(text(answers[k].route) == text_of_plan(town, request));
      }
    }
  }
  BOOST_TEST(shelf.planned() < asked);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::sim
