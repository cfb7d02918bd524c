#include "dispatch/mavlink/mission_transfer.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "planner/mission/route_mission.hpp"
#include "tests/dispatch/mavlink/paper_vehicle.hpp"
#include "tests/seed.hpp"
#include "tests/sim/sample_mission.hpp"

namespace swiftlet::mavlink {
namespace {

using testing::PaperVehicle;
using testing::wall;

std::vector<MissionItemInt> sample_items(Autopilot autopilot) {
  const auto mission = planner::mission::to_mission(sim::testing::sample_route(UtcTime{}), {});
  BOOST_REQUIRE(mission.has_value());
  return mission_items(*mission, autopilot);
}

struct Run {
  Expected<void> outcome = {};
  double took_s = 0.0;
  std::vector<double> said_at_s = {};
};

/// The exchange with the vehicle until it is over.
Run run(Exchange& exchange, PaperVehicle& vehicle, double from_s = 0.0) {
  VehicleView view;
  Run result;
  for (double t_s = from_s; t_s < from_s + 300.0; t_s += 0.005) {
    std::vector<Message> out;
    Conversation with{.vehicle = {.system = 1, .component = 1}, .view = view, .out = out, .now = wall(t_s)};
    for (const Frame& frame : vehicle.speak(t_s)) {
      const Message message = decode(frame);
      view.take(message, with.now);
      exchange.hear(message, with);
    }
    const auto outcome = exchange.advance(with);
    if (!out.empty()) result.said_at_s.push_back(t_s - from_s);
    vehicle.hear(out, t_s);
    if (outcome) {
      result.outcome = *outcome;
      result.took_s = t_s - from_s;
      return result;
    }
  }
  BOOST_FAIL("the exchange does not end");
  return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mission_transfer)

BOOST_AUTO_TEST_CASE(a_mission_arrives_whole_whatever_the_air_does_to_it) {
  const std::uint64_t seed = test::seed();
  double slowest_s = 0.0;
  int went_well = 0;
  constexpr int kRuns = 300;
  for (int i = 0; i < kRuns; ++i) {
    const Autopilot autopilot = i % 2 == 0 ? Autopilot::px4 : Autopilot::ardupilot;
    PaperVehicle vehicle(autopilot, seed * 1000 + i);
    vehicle.loss = 0.4;
    vehicle.asks_the_old_way = i % 3 == 0;
    const auto items = sample_items(autopilot);
    MissionUpload upload(items);
    const Run up = run(upload, vehicle);
    if (!up.outcome) continue;
    MissionCheck check(items, autopilot);
    const Run read = run(check, vehicle, up.took_s);
    if (!read.outcome) continue;
    // What was said to be aboard is aboard.
    BOOST_REQUIRE(!difference(items, vehicle.mission, autopilot).has_value());
    BOOST_REQUIRE(vehicle.mission.size() == items.size());
    slowest_s = std::max(slowest_s, up.took_s + read.took_s);
    ++went_well;
  }
  BOOST_TEST_MESSAGE("went well: " << went_well << " of " << kRuns << ", the slowest took " << slowest_s << " s");
  BOOST_TEST(went_well >= kRuns * 98 / 100);
  BOOST_TEST(slowest_s < 60.0);
}

BOOST_AUTO_TEST_CASE(a_vehicle_that_keeps_another_mission_is_found_out) {
  for (const Autopilot autopilot : {Autopilot::px4, Autopilot::ardupilot}) {
    const auto items = sample_items(autopilot);
    const auto found_out = [&](const std::function<void(MissionItemInt&)>& stores) {
      PaperVehicle vehicle(autopilot);
      vehicle.stores = stores;
      MissionUpload upload(items);
      BOOST_REQUIRE(run(upload, vehicle).outcome.has_value());
      MissionCheck check(items, autopilot);
      const auto outcome = run(check, vehicle, 100.0).outcome;
      return outcome ? std::string() : outcome.error().message;
    };
    BOOST_TEST(found_out([](MissionItemInt&) {}).empty());
    BOOST_TEST(found_out([](MissionItemInt& item) { item.z += 0.5F; }).find("height") != std::string::npos);
    BOOST_TEST(found_out([](MissionItemInt& item) { item.x += 1; }).find("latitude") != std::string::npos);
    BOOST_TEST(found_out([](MissionItemInt& item) { item.y -= 1; }).find("longitude") != std::string::npos);
    BOOST_TEST(found_out([](MissionItemInt& item) { item.command += 1; }).find("command") != std::string::npos);
    BOOST_TEST(found_out([](MissionItemInt& item) {
                 if (item.command == 178) item.param2 += 1.0F;
               }).find("parameter 2") != std::string::npos);
    BOOST_TEST(found_out([](MissionItemInt& item) {
                 if (item.frame == 3) item.frame = 10;  // above the terrain
               }).find("frame") != std::string::npos);
    // As coarse as autopilots store: centimetres.
    BOOST_TEST(found_out([](MissionItemInt& item) { item.z = std::round(item.z * 100.0F) / 100.0F; }).empty());
  }
}

BOOST_AUTO_TEST_CASE(a_mission_of_another_length_is_found_out) {
  PaperVehicle vehicle(Autopilot::px4);
  vehicle.mission.resize(3);
  MissionCheck check(sample_items(Autopilot::px4), Autopilot::px4);
  const auto outcome = run(check, vehicle).outcome;
  BOOST_REQUIRE(!outcome.has_value());
  BOOST_TEST(outcome.error().message.find("3 items") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_told_in_words) {
  PaperVehicle vehicle(Autopilot::px4);
  vehicle.refuses_mission_with = 4;
  MissionUpload upload(sample_items(Autopilot::px4));
  const auto outcome = run(upload, vehicle).outcome;
  BOOST_REQUIRE(!outcome.has_value());
  BOOST_TEST(outcome.error().message == "the vehicle refuses the mission: no space for so many items");
  BOOST_TEST(vehicle.mission.empty());
}

BOOST_AUTO_TEST_CASE(a_silent_vehicle_is_asked_six_times_in_all_1_5_s_apart) {
  PaperVehicle vehicle(Autopilot::px4);
  vehicle.silent = true;
  for (const bool reading : {false, true}) {
    MissionUpload upload(sample_items(Autopilot::px4));
    MissionCheck check(sample_items(Autopilot::px4), Autopilot::px4);
    const Run silence = reading ? run(check, vehicle) : run(upload, vehicle);
    BOOST_REQUIRE(!silence.outcome.has_value());
    BOOST_TEST(name(silence.outcome.error().code) == "source_unavailable");
    BOOST_TEST(silence.said_at_s.size() == (reading ? 6U : 7U));  // an upload is called off at last
    BOOST_TEST(std::abs(silence.said_at_s[1] - 1.5) < 0.02);
    BOOST_TEST(std::abs(silence.took_s - 9.0) < 0.05);
  }
}

BOOST_AUTO_TEST_CASE(an_answer_to_an_older_mission_ends_no_new_one) {
  MissionUpload upload(sample_items(Autopilot::px4));
  VehicleView view;
  std::vector<Message> out;
  Conversation with{.vehicle = {.system = 1, .component = 1}, .view = view, .out = out, .now = wall(0)};
  BOOST_TEST(!upload.advance(with).has_value());
  upload.hear(MissionAck(), with);  // accepted
  BOOST_TEST(!upload.advance(with).has_value());
}

BOOST_AUTO_TEST_CASE(items_are_as_each_autopilot_takes_them) {
  const auto px4 = sample_items(Autopilot::px4);
  const auto ardupilot = sample_items(Autopilot::ardupilot);
  BOOST_TEST(ardupilot.size() == px4.size() + 1);
  BOOST_TEST(int{ardupilot[0].frame} == 0);  // home, above the sea
  BOOST_TEST(ardupilot[0].command == 16);
  BOOST_TEST(px4[0].command == 22);
  for (std::size_t i = 0; i < px4.size(); ++i) {
    const MissionItemInt &a = px4[i], &b = ardupilot[i + 1];
    BOOST_TEST(a.seq == i);
    BOOST_TEST(b.seq == i + 1);
    const bool moves = a.command != 178;
    BOOST_TEST(int{a.frame} == (moves ? 3 : 2));
    BOOST_TEST(std::isnan(a.param4) == moves);  // PX4 keeps its heading; 0 would be north
    BOOST_TEST(!std::isnan(b.param4));          // ArduPilot refuses what is no number
    BOOST_TEST(a.x == b.x);
    BOOST_TEST(a.z == b.z);
  }
  BOOST_TEST(px4.back().command == 21);
  BOOST_TEST(px4.back().z == 0.0F);  // the goal's deck is as high as the start's
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::mavlink
