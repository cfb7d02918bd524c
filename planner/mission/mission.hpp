#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "geo/error.hpp"
#include "geo/geo_point.hpp"

namespace swiftlet::planner::mission {

/// The MAVLink commands (MAV_CMD) that concern a mission's path or time.
enum class Command : int {
  waypoint = 16,
  loiter_time = 19,
  return_to_launch = 20,
  land = 21,
  takeoff = 22,
  delay = 93,
  change_speed = 178,
};

/// What an item's altitude is measured from (MAV_FRAME).
enum class AltitudeFrame { msl, home };

/// One item as it stands in the file.
struct Item {
  int seq = 0;
  int command = 0;
  AltitudeFrame frame = AltitudeFrame::home;
  std::array<double, 4> parameters{};
  LonLat at;
  double altitude_m = 0.0;  ///< in `frame`
  bool autocontinue = true;
  friend bool operator==(const Item&, const Item&) = default;
};

/// A geofence: a polygon with its corners in order, not closed; or, with a radius, a circle about the only corner.
struct Fence {
  std::vector<LonLat> corners;
  double radius_m = 0.0;
  bool inclusion = true;
  friend bool operator==(const Fence&, const Fence&) = default;
};

/// A mission: home, and the items in the order they are flown. seq counts from 1, as the autopilot does.
struct Mission {
  GeoPoint home;  ///< lon, lat, altitude above mean sea level
  std::vector<Item> items;
  std::vector<Fence> fences;
  std::vector<GeoPoint> rally_points;  ///< alt_msl_m is absolute
  double cruise_speed_m_s = 0.0;       ///< planned; 0: not said
  friend bool operator==(const Mission&, const Mission&) = default;
};

/// Reads a mission text: `QGC WPL 110`, or QGroundControl's plan file (JSON, version 1).
/// `source` names it in errors. Errors: unsupported_format, bad_json, value_invalid, each with line or field.
[[nodiscard]] Expected<Mission> parse_mission(std::string_view text, const std::string& source);
[[nodiscard]] Expected<Mission> read_mission_file(const std::string& file);

/// Whose commands a plan file is meant for (MAV_AUTOPILOT), and what it flies on (MAV_TYPE).
enum class Firmware : int { ardupilot = 3, px4 = 12 };
enum class Airframe : int { quadrotor = 2, hexarotor = 13, octorotor = 14 };

/// QGroundControl's plan file, version 1, with geofence and rally points.
[[nodiscard]] std::string to_plan_json(const Mission& mission, Firmware firmware, Airframe airframe);

/// `QGC WPL 110`; it knows no fence and no rally points.
[[nodiscard]] std::string to_waypoints_text(const Mission& mission);

}  // namespace swiftlet::planner::mission
