#pragma once

#include <vector>

#include "geo/airspace.hpp"
#include "geo/cell_refinement.hpp"
#include "geo/cover_mask.hpp"
#include "geo/obstacle_index.hpp"
#include "geo/view_tile.hpp"

namespace swiftlet::geo {

/// Derives tiles of a policy's layers, one after the other. One deriver a thread; what a tile becomes does not depend
/// on the tiles before it.
///
/// The safe floors hold at every point of a closed cell, with AirspaceView::kProofMargin_m to spare, and prove paths;
/// cells that are not flyable are closed. The optimistic ones hold only what binds at every point, and prove absence.
/// Cells that obstacles close (or leave next to nothing of), though some of it may be free, are refined into quarters.
class TileDeriver {
 public:
  TileDeriver(const Airspace& airspace, const Policy& policy, const ObstacleIndex& index);

  /// Fills a tile; appends the quads of its refined cells, which its floors count from 0.
  void derive(int ti, int tj, ViewTile& tile, TileBands::Upper& upper, std::vector<FloorQuad>& quads);

 private:
  /// What is known of a cell before obstacles.
  struct CellTerrain {
    CellExtent extent;
    HeightBand safe;
    HeightBand optimistic;
    FloorPatch floor;  ///< what the safe band's is the highest of
  };
  /// A tile in the making.
  struct Draft {
    int i0;
    int j0;
    CellWindow window;
    std::vector<std::size_t> low;   ///< obstacles that may lift floors, but close no cell
    std::vector<std::size_t> high;  ///< obstacles that may close cells
    std::vector<std::size_t> floating;
  };

  [[nodiscard]] Draft begin(int ti, int tj);
  void sort_obstacles(Draft& draft) const;
  void raise(const CellWindow& window, const std::vector<std::size_t>& obstacles, ObstacleFloors& floors);
  void settle(const Draft& draft, ViewTile& tile, std::vector<FloorQuad>& quads);
  void cut_by_floating(const Draft& draft, ViewTile& tile);
  [[nodiscard]] bool is_contested(const CellTerrain& cell, float safe_msl_m, float optimistic_msl_m) const;

  const Airspace& airspace_;
  const Policy& policy_;
  const ObstacleIndex& index_;
  CoverMask mask_;
  std::vector<CellTerrain> terrain_;  ///< of the tile's cells
  std::vector<FloorPatch> floors_;    ///< of the tile's cells, obstacles included
  ObstacleFloors low_;
  ObstacleFloors high_;
  ObstacleFloors fine_;  ///< of the high obstacles, in quarters of cells
};

}  // namespace swiftlet::geo
