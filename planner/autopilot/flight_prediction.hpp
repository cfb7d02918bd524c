#pragma once

#include <vector>

namespace swiftlet::planner::autopilot {

struct WaypointReached {
  int seq = 0;
  double t_s = 0.0;
};

/// Where the vehicle was.
struct TrackPoint {
  double t_s = 0.0;
  double east_m = 0.0, north_m = 0.0, height_m = 0.0;  ///< of home
  double ground_speed_m_s = 0.0;
};

/// How an autopilot would fly a mission. Times count from lift-off.
struct FlightPrediction {
  std::vector<WaypointReached> waypoints;
  double touchdown_s = 0.0;
  double duration_s = 0.0;  ///< until the motors are disarmed
  double energy_wh = 0.0;
  std::vector<TrackPoint> track;  ///< ten a second; empty for PX4, whose model has no motion between the waypoints
};

}  // namespace swiftlet::planner::autopilot
