#pragma once

namespace swiftlet::geo {

/// Wind as a meteorologist says it: the speed, and where it blows from, degrees clockwise from true north,
/// at `at_height_m` above the ground.
struct Wind {
  double speed_m_s = 0.0;
  double from_deg = 0.0;
  double at_height_m = 10.0;

  friend bool operator==(const Wind&, const Wind&) = default;
};

}  // namespace swiftlet::geo
