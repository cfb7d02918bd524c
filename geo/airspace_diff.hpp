#pragma once

#include <string>
#include <vector>

#include "geo/airspace.hpp"

namespace swiftlet::geo {

/// Things by name: what only the later airspace has, what only the earlier one has, what both have in another form.
struct NamedChanges {
  std::vector<std::string> added;
  std::vector<std::string> removed;
  std::vector<std::string> changed;

  [[nodiscard]] bool empty() const { return added.empty() && removed.empty() && changed.empty(); }
  friend bool operator==(const NamedChanges&, const NamedChanges&) = default;
};

/// The terrain, compared at the nodes of the later airspace's cells, in tiles of 64 × 64 cells.
struct TerrainChanges {
  std::size_t tiles = 0;
  std::size_t changed_tiles = 0;  ///< with a height that differs by over 1 mm, or is there on one side only
  double largest_change_m = 0.0;  ///< where both know the height
  bool extent_changed = false;    ///< some node has a height on one side only, or the cells are others

  [[nodiscard]] bool empty() const { return changed_tiles == 0 && !extent_changed; }
  friend bool operator==(const TerrainChanges&, const TerrainChanges&) = default;
};

/// What became of an airspace. Obstacles are named "kind id", zones and pads by their ids; things of one name are
/// compared together. Footprints count as the same within 5 mm, so that another frame is no change.
struct AirspaceDiff {
  NamedChanges obstacles;
  NamedChanges zones;
  NamedChanges pads;
  TerrainChanges terrain;
  bool policy_changed = false;
  bool wind_changed = false;
  bool ground_risk_changed = false;

  [[nodiscard]] bool empty() const {
    return obstacles.empty() && zones.empty() && pads.empty() && terrain.empty() && !policy_changed && !wind_changed &&
           !ground_risk_changed;
  }
};

[[nodiscard]] AirspaceDiff compare(const Airspace& earlier, const Airspace& later);

}  // namespace swiftlet::geo
