#pragma once

#include <optional>
#include <vector>

#include "geo/view_tile.hpp"

namespace swiftlet::geo {

/// Floors of a window of cells from obstacles alone, row by row.
struct ObstacleFloors {
  int nx = 0;
  std::vector<float> safe_msl_m;
  std::vector<float> optimistic_msl_m;

  void reset(int columns, int rows);
  [[nodiscard]] std::size_t index(int i, int j) const {
    return static_cast<std::size_t>(j) * static_cast<std::size_t>(nx) + static_cast<std::size_t>(i);
  }
};

/// A cell's floor, whole or refined, with what its parts have in common.
struct RefinedCell {
  RefinableFloor safe;
  float highest_safe_msl_m;
  float lowest_optimistic_msl_m;
};

/// Cells are refined into quarters until those are no wider than this.
constexpr double kFinestCell_m = 0.25;

/// How often cells of a grid are halved: 2^depth quarters along a side.
[[nodiscard]] int refinement_depth(double cell_m);

/// Refines the square of `side` quarters at (i, j) of `fine`, no floor in it being lower than `least`. Floors that the
/// terrain's own band makes meaningless (below `matters`, above it) are levelled, and equal quarters joined.
[[nodiscard]] RefinedCell refine_cell(const ObstacleFloors& fine, int i, int j, int side, float least_safe_msl_m,
                                      float least_optimistic_msl_m, const HeightBand& matters,
                                      std::vector<FloorQuad>& quads);

}  // namespace swiftlet::geo
