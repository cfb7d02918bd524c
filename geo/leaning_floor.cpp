#include "geo/leaning_floor.hpp"

#include "geo/z_order.hpp"

namespace swiftlet::geo {

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
  LeaningFloor floor{.corner_msl_m = 0.0F,
                     .per_cell_east_m = static_cast<float>(east / spread),
                     .per_cell_north_m = static_cast<float>(north / spread)};
  // A patch and a plane are furthest apart at a corner.
  const double to_east = floor.per_cell_east_m;
  const double to_north = floor.per_cell_north_m;
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
