#include "geo/leaning_floor.hpp"

#include <algorithm>
#include <cmath>

#include "geo/z_order.hpp"

namespace swiftlet::geo {
namespace {

std::int16_t in_steps(double per_cell_m) {
  using Limits = std::numeric_limits<std::int16_t>;
  return static_cast<std::int16_t>(
      std::clamp(std::round(per_cell_m / LeaningFloor::kStep_m), double{Limits::min()}, double{Limits::max()}));
}

}  // namespace

LeaningFloor LeaningFloor::over(std::span<const FloorPatch> cells) {
  const int side = z_side(cells.size());
  const double middle = 0.5 * (side - 1);
  double east = 0.0;
  double north = 0.0;
  for (std::size_t n = 0; n < cells.size(); ++n) {
    const FloorPatch& patch = cells[n];
    if (patch.sw == std::numeric_limits<float>::infinity()) return {};
    const ZPlace at = z_place(n);
    const double height = 0.25 * (double{patch.sw} + patch.se + patch.nw + patch.ne);
    east += (at.i - middle) * height;
    north += (at.j - middle) * height;
  }
  // The sum of (i - middle)² over the block.
  const double spread = static_cast<double>(cells.size()) * (side * side - 1) / 12.0;
  LeaningFloor floor{
      .corner_msl_m = 0.0F, .per_cell_east = in_steps(east / spread), .per_cell_north = in_steps(north / spread)};
  // A patch and a plane are furthest apart at a corner.
  const double to_east = kStep_m * floor.per_cell_east;
  const double to_north = kStep_m * floor.per_cell_north;
  double lift = -std::numeric_limits<double>::infinity();
  for (std::size_t n = 0; n < cells.size(); ++n) {
    const FloorPatch& patch = cells[n];
    const ZPlace at = z_place(n);
    const double above = std::max(std::max(double{patch.sw}, patch.se - to_east),
                                  std::max(patch.nw - to_north, patch.ne - to_east - to_north));
    lift = std::max(lift, above - at.i * to_east - at.j * to_north);
  }
  floor.corner_msl_m = rounded_up(lift);
  return floor;
}

}  // namespace swiftlet::geo
