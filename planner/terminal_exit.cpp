#include "planner/terminal_exit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "geo/composed_tiles.hpp"
#include "geo/floating_obstacles.hpp"
#include "planner/band_profile.hpp"
#include "planner/column_grid.hpp"
#include "planner/terminal.hpp"

namespace swiftlet::planner {
namespace {

using Band = geo::AirspaceView::Band;
using geo::Enu2;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kMargin_m = geo::AirspaceView::kProofMargin_m;
constexpr Band kClosed{kInfinity, -kInfinity};

struct Way {
  Enu2 to;
  Band band;
  double length_m;
};

/// Proven columns within two cells, the nearest first.
std::vector<Way> ways_out(const geo::AirspaceView& view, const Enu2& p_enu) {
  constexpr int kReach = 2;
  std::vector<Way> ways;
  const auto cell = cell_at(view.grid(), p_enu);
  if (!cell) return ways;
  for (int j = std::max(0, cell->j - kReach); j <= std::min(view.grid().ny - 1, cell->j + kReach); ++j) {
    for (int i = std::max(0, cell->i - kReach); i <= std::min(view.grid().nx - 1, cell->i + kReach); ++i) {
      for_each_column(view, i, j, [&](const geo::AirspaceView::Quarter& quarter) {
        if (!(quarter.safe.floor_msl_m + 4.0 * kProfileMargin_m <= quarter.safe.ceiling_msl_m)) return;
        const Enu2 middle = quarter.corner_enu + Enu2::Constant(0.5 * quarter.side_m);
        ways.push_back({middle, quarter.safe, (middle - p_enu).norm()});
      });
    }
  }
  std::stable_sort(ways.begin(), ways.end(), [](const Way& a, const Way& b) { return a.length_m < b.length_m; });
  return ways;
}

double limit_over(const geo::ZoneLimit& limit, double terrain_msl_m) {
  return limit.reference == geo::VerticalReference::agl ? terrain_msl_m + limit.value_m : limit.value_m;
}

}  // namespace

Band exact_band(const geo::AirspaceView& view, const Enu2& a_enu, const Enu2& b_enu) {
  const geo::Policy& policy = view.options().policy;
  const Enu2 middle = 0.5 * (a_enu + b_enu);
  const double half_m = 0.5 * (b_enu - a_enu).norm();
  const geo::Box2 square = geo::Box2{middle, middle}.grown(half_m + kMargin_m);
  const auto terrain = view.airspace().terrain.bounds_over(square);
  if (!terrain) return kClosed;
  const double highest_msl_m = *std::max_element(terrain->hi_msl_m.begin(), terrain->hi_msl_m.end());
  const double lowest_msl_m = *std::min_element(terrain->lo_msl_m.begin(), terrain->lo_msl_m.end());
  Band band{highest_msl_m + policy.min_height_agl_m + kMargin_m, lowest_msl_m + policy.max_height_agl_m - kMargin_m};
  const double reach_m = policy.lateral_clearance_m + kMargin_m;
  for (const std::size_t k : view.obstacles_near(middle, reach_m + half_m)) {
    const geo::Obstacle& obstacle = view.airspace().obstacles[k];
    if (geo::distance_m(obstacle.footprint, a_enu, b_enu) >= reach_m) continue;
    if (geo::floats(obstacle, policy)) return kClosed;
    band.floor_msl_m = std::max(band.floor_msl_m, obstacle.top_msl_m + policy.vertical_clearance_m + kMargin_m);
  }
  for (const geo::ActiveZone& active : view.tiles().zones()) {
    const geo::Geozone& zone = *active.zone;
    if (geo::distance_m(zone.footprint, a_enu, b_enu) >= policy.zone_margin_m + kMargin_m) continue;
    if (zone.lower) {
      band.ceiling_msl_m = std::min(band.ceiling_msl_m, limit_over(*zone.lower, lowest_msl_m) - kMargin_m);
    } else if (zone.upper) {
      band.floor_msl_m = std::max(band.floor_msl_m, limit_over(*zone.upper, highest_msl_m) + kMargin_m);
    } else {
      return kClosed;
    }
  }
  return band;
}

std::optional<TerminalExit> find_terminal_exit(const geo::AirspaceView& view, const Enu2& p_enu, double deck_msl_m) {
  if (!exact_band(view, p_enu, p_enu).open()) return std::nullopt;
  for (const Way& way : ways_out(view, p_enu)) {
    const Band over = exact_band(view, p_enu, way.to);
    const double lowest = std::max({over.floor_msl_m, way.band.floor_msl_m + 2.0 * kProfileMargin_m, deck_msl_m});
    const double altitude = std::ceil(lowest * 1e3) / 1e3;
    if (altitude <= std::min(over.ceiling_msl_m, way.band.ceiling_msl_m - 2.0 * kProfileMargin_m)) {
      return TerminalExit{.altitude_msl_m = altitude, .leaves_at_enu = way.to};
    }
  }
  return std::nullopt;
}

}  // namespace swiftlet::planner
