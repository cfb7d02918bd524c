#pragma once

#include <functional>
#include <vector>

#include "geo/airspace.hpp"
#include "geo/obstacle_index.hpp"
#include "geo/view_tile.hpp"

// Private to maps: a region compiled strip by strip, so that it need not be in memory whole.
namespace swiftlet::maps {

/// One row of a view's tiles: the bounds of the terrain over it, and the layers of the region's own policy.
struct AirspaceStrip {
  int tile_row = 0;
  geo::TerrainBounds bounds;  ///< on a grid of its own: the rows of cells of this strip
  std::vector<geo::ViewTile> tiles;
  std::vector<geo::TileBands::Upper> upper;
  std::vector<std::vector<geo::FloorQuad>> quads;  ///< one a tile

  /// The band of a cell, j counted from the strip's south.
  [[nodiscard]] const geo::HeightBand& band(int i, int j) const;
};

/// Compiles all strips of a region on that many threads and hands them over from south to north, one at a time. What
/// `take` refuses ends it. Of the airspace only the frame of its bounds is asked for. Memory: one strip a thread.
/// Errors: those of `take`.
[[nodiscard]] Expected<void> for_each_strip(const geo::Airspace& airspace, const geo::ObstacleIndex& index,
                                            unsigned threads,
                                            const std::function<Expected<void>(const AirspaceStrip&)>& take);

}  // namespace swiftlet::maps
