#include "maps/obstacle_height.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <limits>

namespace swiftlet::maps {

void StatedHeights::state_height(double m) { height_m = std::max(height_m.value_or(m), m); }
void StatedHeights::state_base_height(double m) { base_height_m = std::min(base_height_m.value_or(m), m); }

Expected<void> set_heights(const StatedHeights& stated, const geo::GroundUnder& ground, double sag_m,
                           geo::Obstacle& obstacle) {
  double top = -std::numeric_limits<double>::infinity();
  if (stated.height_m) top = ground.highest_msl_m + *stated.height_m;
  if (stated.top_msl_m) top = std::max(top, *stated.top_msl_m);
  double base = std::numeric_limits<double>::infinity();
  if (stated.base_height_m) base = ground.lowest_msl_m + *stated.base_height_m;
  if (stated.base_msl_m) base = std::min(base, *stated.base_msl_m);
  obstacle.top_msl_m = top;
  if (!stated.base_height_m && !stated.base_msl_m) return {};
  if (base >= top) {
    return fail(ErrorCode::value_invalid,
                fmt::format("its base at {} m is not below its top at {} m above the datum", base, top));
  }
  obstacle.base_msl_m = base - sag_m;
  return {};
}

}  // namespace swiftlet::maps
