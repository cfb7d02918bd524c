#pragma once

#include <Eigen/Core>
#include <variant>

#include "planner/mission/mission.hpp"

namespace swiftlet::planner::mission {

// What an autopilot does for the items of a mission; places in metres east, north and up of home.

/// Straight up to a height.
struct TakeOff {
  double height_m;
};
/// Fly there and stay that long. A waypoint without a stay is flown through if another one follows.
struct FlyTo {
  Eigen::Vector3d place_m;
  double stay_s;
  bool may_fly_through;
};
/// Stay where it is.
struct Hold {
  double seconds;
};
enum class SpeedKind { across, climb, descent };
struct ChangeSpeed {
  SpeedKind kind;
  double speed_m_s;
};
/// Fly over the place at the present height and land; z is the height of the ground there.
struct Land {
  Eigen::Vector3d place_m;
};
struct ReturnHome {};

struct Step {
  int seq;
  std::variant<TakeOff, FlyTo, Hold, ChangeSpeed, Land, ReturnHome> action;
  [[nodiscard]] bool is_navigation() const { return !std::holds_alternative<ChangeSpeed>(action); }
};

/// The steps of a mission. A place left at 0, 0 is the one before it; commands that do not move the vehicle are left.
/// Errors: unsupported_format (an item that changes the path or the time in a way that is not modelled), value_invalid.
[[nodiscard]] Expected<std::vector<Step>> mission_steps(const Mission& mission);

/// Metres east, north and up of home, on the autopilots' own flat earth.
[[nodiscard]] Eigen::Vector3d from_home_m(const GeoPoint& home, const LonLat& at, double height_m);

}  // namespace swiftlet::planner::mission
