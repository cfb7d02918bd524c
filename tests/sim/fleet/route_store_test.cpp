#include "sim/fleet/route_store.hpp"

#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>

#include "planner/route_json.hpp"
#include "sim/fleet/packed_route.hpp"
#include "sim/fleet/route_shelf.hpp"
#include "tests/scenarios/dense_referee.hpp"
#include "tests/scenarios/flown.hpp"
#include "tests/seed.hpp"

namespace swiftlet::sim {
namespace {

namespace fs = std::filesystem;
using std::chrono::minutes;
using test::kMondayNoon;

constexpr std::string_view kTown = R"(
    ....................
    .A.....##........C..
    .......##...........
    .......##.......B...
    ....................
    ....................)";

struct Folder {
  fs::path path = fs::temp_directory_path() / ("swiftlet-routes-" + std::to_string(::getpid()));
  Folder() { fs::remove_all(path); }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::vector<fs::path> files() const {
    std::vector<fs::path> found{fs::directory_iterator(path), {}};
    std::sort(found.begin(), found.end());
    return found;
  }
};

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

/// Passes nothing.
class SternReferee : public geo::Referee {
 public:
  [[nodiscard]] geo::RefereeReport judge(const geo::RouteUnderTest&) const override {
    geo::RefereeReport report;
    report.violations.push_back({.rule = "lateral_clearance"});
    return report;
  }
};

struct Town {
  test::Drawing drawing = test::draw(kTown);
  std::map<std::string, planner::VehicleProfile> profiles{{"courier-4", test::courier()}};
  planner::Planner planner{drawing.airspace, std::make_shared<test::DenseReferee>(drawing.airspace)};

  [[nodiscard]] const std::string& hash() const { return drawing.airspace->hash; }
};

planner::PlanRequest request(const char* from, const char* to, double payload_kg = 0.5, double wind_m_s = 0.0) {
  planner::PlanRequest wanted = test::between(from, to);
  wanted.payload_kg = payload_kg;
  wanted.wind = geo::Wind{.speed_m_s = wind_m_s, .from_deg = 90.0};
  return wanted;
}

/// Some that have routes, and one that has none.
std::vector<planner::PlanRequest> wishes() {
  return {request("A", "B"), request("A", "C"), request("B", "A", 0.0, 3.0), request("C", "B", 1.7),
          request("A", "B", 0.5, 25.0)};
}

struct Day {
  std::vector<std::string> told;
  std::size_t planned = 0;
  std::size_t damaged = 0;
};

/// Asks for all of the wishes, as a run does that keeps its routes there.
Day day(const Town& town, const planner::Planner& planner, const fs::path& folder, unsigned threads = 1) {
  RouteStore store;
  BOOST_REQUIRE(store.open(folder, town.hash()).has_value());
  RouteShelf shelf(planner, town.profiles, {}, store);
  std::vector<dispatch::PlanJob> jobs;
  for (const planner::PlanRequest& wish : wishes()) {
    jobs.push_back({.id = jobs.size() + 1, .vehicle = "courier-4", .request = wish});
  }
  Day out;
  for (const dispatch::PlanAnswer& answer : shelf.answer(jobs, threads)) {
    out.told.push_back(planner::to_json(answer.route).dump());
  }
  out.planned = shelf.planned();
  out.damaged = store.damages().size();
  BOOST_REQUIRE(store.save().has_value());
  return out;
}
Day day(const Town& town, const fs::path& folder) { return day(town, town.planner, folder); }

}  // namespace

BOOST_AUTO_TEST_SUITE(route_store)

BOOST_AUTO_TEST_CASE(an_answer_comes_out_of_its_packing_to_the_last_bit) {
  const Town town;
  for (const planner::PlanRequest& wish : wishes()) {
    const planner::Route answer = town.planner.plan(wish, test::courier());
    const auto packed = pack(answer);
    BOOST_REQUIRE(packed.has_value());
    planner::Route again = planner::unanswered(*town.drawing.airspace, wish, "courier-4", {});
    BOOST_REQUIRE(unpack(*packed, again));
    again.planning = answer.planning;
    BOOST_TEST(planner::to_json(again).dump() == planner::to_json(answer).dump());
    BOOST_TEST(again.duration_s == answer.duration_s);
    BOOST_TEST(again.energy_wh == answer.energy_wh);
    for (std::size_t k = 0; k < answer.waypoints.size(); ++k) {
      BOOST_TEST((again.waypoints[k].position == answer.waypoints[k].position));
      BOOST_TEST(again.waypoints[k].t_s == answer.waypoints[k].t_s);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_number_that_the_wire_would_round_is_not_packed) {
  const Town town;
  planner::Route answer = town.planner.plan(wishes().front(), test::courier());
  answer.waypoints[1].t_s += 1e-5;
  BOOST_TEST(!pack(answer).has_value());
}

BOOST_AUTO_TEST_CASE(bytes_that_nobody_packed_are_refused_without_harm) {
  const Town town;
  std::mt19937_64 rng(test::seed());
  const auto packed = pack(town.planner.plan(wishes().front(), test::courier())).value();
  for (int turn = 0; turn < 2000; ++turn) {
    std::string bytes = packed;
    for (auto left = 1 + rng() % 4; left > 0; --left) bytes[rng() % bytes.size()] = static_cast<char>(rng());
    if (turn % 2 == 0) bytes.resize(rng() % bytes.size());
    planner::Route route;
    (void)unpack(bytes, route);
    if (turn % 2 == 0) BOOST_TEST(!unpack(bytes, route));
  }
}

BOOST_AUTO_TEST_CASE(the_second_day_plans_nothing_and_tells_the_same) {
  const Town town;
  const Folder folder;
  const Day cold = day(town, folder.path);
  BOOST_TEST(cold.planned >= wishes().size());
  BOOST_TEST(folder.files().size() == 1);
  const Day warm = day(town, town.planner, folder.path, 2);
  BOOST_TEST(warm.planned == 0);
  BOOST_TEST(warm.told == cold.told, boost::test_tools::per_element());
  BOOST_TEST(folder.files().size() == 1);
}

BOOST_AUTO_TEST_CASE(a_file_with_any_byte_wrong_changes_no_answer) {
  const Town town;
  const Folder folder;
  const Day cold = day(town, folder.path);
  const fs::path file = folder.files().front();
  const std::string good = bytes_of(file);
  std::mt19937_64 rng(test::seed());
  for (int turn = 0; turn < 60; ++turn) {
    std::string bad = good;
    if (turn % 3 == 0) bad.resize(rng() % bad.size());
    if (turn % 3 == 1) bad += "x";
    if (turn % 3 == 2) bad[rng() % bad.size()] ^= static_cast<char>(1U << rng() % 8);
    for (const fs::path& old : folder.files()) fs::remove(old);
    write(file, bad);
    BOOST_TEST_CONTEXT("turn " << turn) {
      const Day then = day(town, folder.path);
      BOOST_TEST(then.damaged == 1);
      BOOST_TEST(then.told == cold.told, boost::test_tools::per_element());
      const Day after_that = day(town, folder.path);
      BOOST_TEST(after_that.damaged == 0);
      BOOST_TEST(after_that.planned == 0);
      BOOST_TEST(after_that.told == cold.told, boost::test_tools::per_element());
    }
  }
}

BOOST_AUTO_TEST_CASE(what_the_referee_does_not_pass_again_is_planned_again) {
  const Town town;
  const Folder folder;
  (void)day(town, folder.path);
  const planner::Planner stern(town.drawing.airspace, std::make_shared<SternReferee>());
  const Day judged = day(town, stern, folder.path);
  BOOST_TEST(judged.damaged == wishes().size() - 1);
  BOOST_TEST(judged.planned >= wishes().size() - 1);
  for (const std::string& told : judged.told) BOOST_TEST(told.find("\"status\":\"ok\"") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(another_airspace_or_vehicle_has_no_part_in_them) {
  Town town;
  const Folder folder;
  const Day cold = day(town, folder.path);
  Town heavier;
  heavier.profiles.at("courier-4").empty_mass_kg += 0.1;
  BOOST_TEST(day(heavier, folder.path).planned == cold.planned);
  town.drawing.airspace = std::make_shared<geo::Airspace>(*town.drawing.airspace);
  town.drawing.airspace->hash = "sha256:other";
  const planner::Planner other(town.drawing.airspace, std::make_shared<test::DenseReferee>(town.drawing.airspace));
  const Day elsewhere = day(town, other, folder.path);
  BOOST_TEST(elsewhere.planned == cold.planned);
  BOOST_TEST(elsewhere.damaged == 0);
}

BOOST_AUTO_TEST_CASE(many_runs_files_become_one) {
  const Folder folder;
  for (int n = 0; n < 20; ++n) {
    RouteStore store;
    BOOST_REQUIRE(store.open(folder.path, "sha256:a").has_value());
    BOOST_TEST(store.read() == static_cast<std::size_t>(n));
    store.keep("key " + std::to_string(n), "answer", true);
    store.keep("for this run", "answer", false);
    BOOST_REQUIRE(store.save().has_value());
    BOOST_TEST(folder.files().size() <= 9);
  }
}

BOOST_AUTO_TEST_CASE(a_place_that_cannot_be_written_to_is_told_before_the_run) {
  const Folder folder;
  write(folder.path, "a file");
  RouteStore store;
  const auto opened = store.open(folder.path / "routes", "sha256:a");
  BOOST_REQUIRE(!opened.has_value());
  BOOST_TEST((opened.error().code == ErrorCode::output_refused));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::sim
