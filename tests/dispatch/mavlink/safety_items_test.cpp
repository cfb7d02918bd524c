// The geofence and the rally points that go with each mission.
#include "dispatch/mavlink/safety_items.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "tests/dispatch/mavlink/drone_drill.hpp"

namespace swiftlet::mavlink {
namespace {

using drone_link::Purpose;
using MissionAnswer = drone_link::MissionAck;
using testing::drill_mission;
using testing::drill_route;
using testing::DroneDrill;

constexpr std::array kBoth{Autopilot::px4, Autopilot::ardupilot};

/// Whether a convex fence holds it: to the same side of all its edges.
bool is_within(const std::vector<MissionItemInt>& fence, const GeoPoint& point) {
  int left = 0;
  for (std::size_t i = 0; i < fence.size(); ++i) {
    const MissionItemInt &a = fence[i], &b = fence[(i + 1) % fence.size()];
    const double along_lon = b.y - a.y, along_lat = b.x - a.x;
    if (along_lon * (point.lat_deg * 1e7 - a.x) > along_lat * (point.lon_deg * 1e7 - a.y)) ++left;
  }
  return left == 0 || left == static_cast<int>(fence.size());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(safety_items)

BOOST_AUTO_TEST_CASE(a_mission_goes_up_with_its_fence_and_its_decks) {
  for (const Autopilot autopilot : kBoth) {
    DroneDrill drill(autopilot);
    drill.fly(drill_mission(1, Purpose::pickup));
    const auto& fence = drill.vehicle.fence;
    BOOST_REQUIRE(fence.size() >= 3U);
    for (const MissionItemInt& corner : fence) {
      BOOST_TEST(corner.command == 5001);
      BOOST_TEST(corner.param1 == static_cast<float>(fence.size()));
    }
    for (const auto& waypoint : drill_route().waypoints) BOOST_TEST(is_within(fence, waypoint.position));
    GeoPoint astray = drill_route().waypoints[4].position;
    astray.lat_deg += 0.01;  // a kilometre
    BOOST_TEST(!is_within(fence, astray));

    const auto& rally = drill.vehicle.rally;
    BOOST_REQUIRE(rally.size() == 2U);
    const double deck_m = drill_route().waypoints.front().position.alt_msl_m;
    for (const MissionItemInt& point : rally) {
      BOOST_TEST(point.command == 5100);
      BOOST_TEST(int{point.frame} == 3);
      BOOST_TEST(point.z == std::floor(point.z));
      BOOST_TEST(point.z > 0.0F);
      BOOST_TEST(point.z < drill_route().waypoints[4].position.alt_msl_m - deck_m + 30.0);
    }
    BOOST_TEST(rally[1].y == std::llround(drill_route().waypoints.back().position.lon_deg * 1e7));
  }
}

/// A place in the air is none to land below.
BOOST_AUTO_TEST_CASE(a_way_that_begins_in_the_air_has_its_end_alone_as_a_rally_point) {
  DroneDrill drill(Autopilot::px4);
  drill.fly(drill_mission(1, Purpose::pickup));
  const GeoPoint here = drill_route().waypoints[4].position;
  drill.vehicle.at = here;
  drill.live(1.0);
  drill.tell(testing::drill_command(1, "return"));
  BOOST_REQUIRE(drill.hear<drone_link::CommandAck>()->accepted);
  BOOST_REQUIRE(drill.vehicle.rally.size() == 1U);
  BOOST_TEST(drill.vehicle.rally[0].y == std::llround(drill_route().waypoints.front().position.lon_deg * 1e7));
  BOOST_TEST(is_within(drill.vehicle.fence, here));
}

/// PX4 calls a mission infeasible that leaves the fence which it has when the mission comes.
BOOST_AUTO_TEST_CASE(the_fence_is_there_before_its_mission_and_again_when_an_older_one_goes_on) {
  for (const Autopilot autopilot : kBoth) {
    DroneDrill drill(autopilot);
    std::vector<int> lists;
    drill.vehicle.stores = [&](MissionItemInt& item) {
      if (lists.empty() || lists.back() != item.mission_type) lists.push_back(item.mission_type);
    };
    drill.fly(drill_mission(1, Purpose::pickup));
    BOOST_TEST((lists == std::vector<int>{kFenceList, kMissionList, kRallyList}));
    const auto fence = drill.vehicle.fence;
    drill.vehicle.at = drill_route().waypoints[4].position;
    drill.live(1.0);
    drill.vehicle.refuses_mission_with = 4;
    drill.tell(testing::drill_command(1, "return"));
    BOOST_TEST(!drill.hear<drone_link::CommandAck>()->accepted);
    drill.live(8.0);
    BOOST_TEST(is_in(FlightMode::mission, autopilot, drill.vehicle.custom_mode));
    BOOST_TEST(drill.vehicle.fence.size() == fence.size());
    for (std::size_t i = 0; i < fence.size(); ++i) BOOST_TEST(drill.vehicle.fence[i].x == fence[i].x);
    BOOST_TEST(drill.vehicle.uploads == 1);
  }
}

BOOST_AUTO_TEST_CASE(without_its_fence_no_mission_is_taken_unless_it_is_left_out) {
  DroneDrill drill(Autopilot::ardupilot);
  drill.vehicle.refuses_fence_with = 3;
  drill.tell(drill_mission(1, Purpose::pickup));
  const auto refused = drill.hear<MissionAnswer>();
  BOOST_REQUIRE(refused.has_value());
  BOOST_TEST(refused->reason == "the vehicle refuses the geofence: an item's command is not supported");
  BOOST_TEST((drill.drone->logbook().stage == Logbook::Stage::idle));
  drill.vehicle.refuses_fence_with = 0;
  drill.vehicle.stores = [](MissionItemInt& item) {
    if (item.command == 5001 && item.seq == 2) item.x += 40;  // half a metre
  };
  drill.tell(drill_mission(2, Purpose::pickup));
  BOOST_TEST(drill.hear<MissionAnswer>()->reason.find("geofence is not the one it was given: item 2: latitude") !=
             std::string::npos);

  DroneDrill bare(Autopilot::ardupilot, {}, false);
  bare.vehicle.refuses_fence_with = 3;
  bare.fly(drill_mission(1, Purpose::pickup));
  BOOST_TEST(bare.vehicle.fence.empty());
  BOOST_TEST(bare.vehicle.rally.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::mavlink
