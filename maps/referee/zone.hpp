#pragma once

#include <optional>
#include <string>
#include <vector>

#include "maps/referee/plane.hpp"
#include "maps/referee/zone_schedule.hpp"

namespace swiftlet::maps::referee {

/// A vertical limit of a zone, in metres above the terrain under each point or above the region's datum.
struct ZoneLimit {
  double value_m = 0.0;
  bool above_ground = true;
};

/// One volume of a published zone; a zone with several volumes gives several of these with one id.
struct Zone {
  std::string id;
  bool needs_authorisation = false;     ///< closed unless its id is held
  bool prohibited = false;              ///< closed to everybody
  std::optional<ZoneLimit> lower = {};  ///< absent: from the ground
  std::optional<ZoneLimit> upper = {};  ///< absent: unlimited
  ZoneSchedule schedule = {};
  Part footprint = {};             ///< local frame
  std::vector<Part> entered = {};  ///< footprint less the tolerance: who is inside has entered, who touches has not
  Box box = {};                    ///< of the footprint

  [[nodiscard]] bool closed_to(const std::vector<std::string>& authorisations) const;
};

}  // namespace swiftlet::maps::referee
