#include "geo/cell_limits.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "geo/airspace_view.hpp"

namespace swiftlet::geo {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr double kMargin_m = AirspaceView::kProofMargin_m;

constexpr double kEnclosure_m = AirspaceView::kZoneEnclosure_m;

float rounded_up(double value) { return std::nextafter(static_cast<float>(value), kInfinity); }
float rounded_down(double value) { return std::nextafter(static_cast<float>(value), -kInfinity); }

struct CellSpan {
  int i0, i1, j0, j1;
};

CellSpan cells_meeting(const GridFrame& grid, const Box2& box) {
  const Enu2 lo = (box.min - grid.origin) / grid.cell_m;
  const Enu2 hi = (box.max - grid.origin) / grid.cell_m;
  const auto cell = [](double value, int n) {
    return static_cast<int>(std::clamp(std::floor(value), -1.0, static_cast<double>(n)));
  };
  return {std::max(0, cell(lo.x(), grid.nx)), std::min(grid.nx - 1, cell(hi.x(), grid.nx)),
          std::max(0, cell(lo.y(), grid.ny)), std::min(grid.ny - 1, cell(hi.y(), grid.ny))};
}

/// Calls visit(i, j) for every cell whose closed square is nearer than reach_m to the footprint (or touches it, where
/// reach_m is 0 plus margin). The exact distance is asked for only where the centre's leaves it open.
template <class Visit>
void for_each_cell_near(const GridFrame& grid, const MultiPolygon& footprint, const Box2& box, double reach_m,
                        Visit&& visit) {
  const double half_side = grid.cell_m / 2.0;
  const double half_diagonal = half_side * std::sqrt(2.0);
  const CellSpan span = cells_meeting(grid, box.grown(reach_m));
  for (int j = span.j0; j <= span.j1; ++j) {
    for (int i = span.i0; i <= span.i1; ++i) {
      const double d = distance_m(footprint, grid.centre(i, j));
      if (d >= reach_m + half_diagonal) continue;
      if (d < reach_m + half_side || distance_m(footprint, grid.cell(i, j)) < reach_m) visit(i, j);
    }
  }
}

/// Calls visit(i, j) for cells that certainly lie within reach_m of the footprint with every point.
template <class Visit>
void for_each_cell_within(const GridFrame& grid, const MultiPolygon& footprint, const Box2& box, double reach_m,
                          Visit&& visit) {
  const double half_diagonal = grid.cell_m * std::sqrt(0.5);
  const CellSpan span = cells_meeting(grid, box.grown(std::max(0.0, reach_m)));
  for (int j = span.j0; j <= span.j1; ++j) {
    for (int i = span.i0; i <= span.i1; ++i) {
      // With the distance to the footprint 1-Lipschitz, the centre answers for the whole cell.
      if (distance_m(footprint, grid.centre(i, j)) <= reach_m - half_diagonal) visit(i, j);
    }
  }
}

/// Whether every point of the cell lies inside the footprint.
bool cell_inside(const GridFrame& grid, const MultiPolygon& footprint, int i, int j) {
  const Enu2 centre = grid.centre(i, j);
  if (!contains(footprint, centre)) return false;
  double to_edge = std::numeric_limits<double>::infinity();
  for_each_edge(footprint, [&](const Enu2& a, const Enu2& b) {
    to_edge = std::min(to_edge, point_segment_distance_m(centre, a, b));
  });
  return to_edge > grid.cell_m * std::sqrt(0.5) + kEnclosure_m;
}

struct Range {
  double lo;
  double hi;
};

/// The least and greatest height that a zone's limit has over a cell, given the enclosed terrain there.
Range limit_over_cell(const ZoneLimit& limit, const Range& terrain) {
  if (limit.reference == VerticalReference::amsl) return {limit.value_m, limit.value_m};
  return {terrain.lo + limit.value_m, terrain.hi + limit.value_m};
}

Range terrain_over_cell(const TerrainBounds& bounds, int i, int j) {
  const auto [lo0, lo1] = std::minmax(
      {bounds.lo_msl_m(i, j), bounds.lo_msl_m(i + 1, j), bounds.lo_msl_m(i, j + 1), bounds.lo_msl_m(i + 1, j + 1)});
  const auto [hi0, hi1] = std::minmax(
      {bounds.hi_msl_m(i, j), bounds.hi_msl_m(i + 1, j), bounds.hi_msl_m(i, j + 1), bounds.hi_msl_m(i + 1, j + 1)});
  return {lo0, hi1};
}

/// Cuts the cell's band by a zone: below the zone where there is room, else above it, else closed.
void cut_by_zone(const Airspace& airspace, const ViewOptions& options, const Geozone& zone, int i, int j,
                 CellLimits& limits) {
  const std::size_t n = airspace.bounds.grid().index(i, j);
  const Range terrain = terrain_over_cell(airspace.bounds, i, j);
  const double floor =
      std::max(static_cast<double>(limits.floor_msl_m[n]), terrain.hi + options.policy.min_height_agl_m);
  const double ceiling =
      std::min(static_cast<double>(limits.ceiling_msl_m[n]), terrain.lo + options.policy.max_height_agl_m);
  const double lower =
      zone.lower ? limit_over_cell(*zone.lower, terrain).lo - kMargin_m : -std::numeric_limits<double>::infinity();
  const double upper =
      zone.upper ? limit_over_cell(*zone.upper, terrain).hi + kMargin_m : std::numeric_limits<double>::infinity();
  if (lower >= floor) {
    limits.ceiling_msl_m[n] = std::min(limits.ceiling_msl_m[n], rounded_down(lower));
  } else if (upper <= ceiling) {
    limits.floor_msl_m[n] = std::max(limits.floor_msl_m[n], rounded_up(upper));
  } else {
    limits.floor_msl_m[n] = kInfinity;
  }
}

}  // namespace

std::vector<float> safe_floors(const Airspace& airspace, const Policy& policy) {
  const GridFrame& grid = airspace.bounds.grid();
  std::vector<float> floors(grid.cell_count(), -kInfinity);
  for (std::size_t n = 0; n < grid.cell_count(); ++n) {
    if (airspace.bounds.extents()[n] != CellExtent::inside) floors[n] = kInfinity;
  }
  const double reach = policy.lateral_clearance_m + kMargin_m;
  for (const Obstacle& obstacle : airspace.obstacles) {
    const float floor = rounded_up(obstacle.top_msl_m + policy.vertical_clearance_m + kMargin_m);
    for_each_cell_near(grid, obstacle.footprint, obstacle.box, reach, [&](int i, int j) {
      float& cell = floors[grid.index(i, j)];
      cell = std::max(cell, floor);
    });
  }
  return floors;
}

std::vector<float> optimistic_floors(const Airspace& airspace, const Policy& policy) {
  const GridFrame& grid = airspace.bounds.grid();
  std::vector<float> floors(grid.cell_count(), -kInfinity);
  for (std::size_t n = 0; n < grid.cell_count(); ++n) {
    if (airspace.bounds.extents()[n] == CellExtent::outside) floors[n] = kInfinity;
  }
  for (const Obstacle& obstacle : airspace.obstacles) {
    const float floor = rounded_down(obstacle.top_msl_m + policy.vertical_clearance_m - kMargin_m);
    for_each_cell_within(grid, obstacle.footprint, obstacle.box,
                         policy.lateral_clearance_m - kMargin_m - obstacle.enclosure_m, [&](int i, int j) {
                           float& cell = floors[grid.index(i, j)];
                           cell = std::max(cell, floor);
                         });
  }
  return floors;
}

void cut_safe_limits(const Airspace& airspace, const ViewOptions& options, CellLimits& limits) {
  const GridFrame& grid = airspace.bounds.grid();
  for (const Geozone& zone : airspace.zones) {
    if (!zone.blocks(options.authorisations) || !zone.active_within(options.from, options.to)) continue;
    for_each_cell_near(grid, zone.footprint, zone.box, options.policy.zone_margin_m + kMargin_m, [&](int i, int j) {
      if (airspace.bounds.flyable(i, j)) cut_by_zone(airspace, options, zone, i, j, limits);
    });
  }
}

void cut_optimistic_limits(const Airspace& airspace, const ViewOptions& options, CellLimits& limits) {
  const GridFrame& grid = airspace.bounds.grid();
  for (const Geozone& zone : airspace.zones) {
    if (!zone.blocks(options.authorisations) || !zone.active_throughout(options.from, options.to)) continue;
    const CellSpan span = cells_meeting(grid, zone.box);
    for (int j = span.j0; j <= span.j1; ++j) {
      for (int i = span.i0; i <= span.i1; ++i) {
        const CellExtent extent = airspace.bounds.extent(i, j);
        if (extent == CellExtent::outside || !cell_inside(grid, zone.footprint, i, j)) continue;
        const std::size_t n = grid.index(i, j);
        // A cell on the edge of the extent has no terrain bounds: only what does not ask for them can bind there.
        const bool asks_for_terrain = zone.upper || (zone.lower && zone.lower->reference == VerticalReference::agl);
        if (extent == CellExtent::partly && asks_for_terrain) continue;
        const Range terrain = extent == CellExtent::inside ? terrain_over_cell(airspace.bounds, i, j) : Range{0.0, 0.0};
        const double lower = zone.lower ? limit_over_cell(*zone.lower, terrain).hi + kMargin_m
                                        : -std::numeric_limits<double>::infinity();
        const double ceiling = terrain.hi + options.policy.max_height_agl_m + kMargin_m;
        // A zone that ends below the ceiling can be flown over: it takes nothing off the ends of the band.
        if (zone.upper && limit_over_cell(*zone.upper, terrain).lo - kMargin_m <= ceiling) continue;
        limits.ceiling_msl_m[n] = std::min(limits.ceiling_msl_m[n], rounded_up(lower));
      }
    }
  }
}

std::vector<BandPyramid::Band> safe_bands(const Airspace& airspace, const Policy& policy,
                                          std::span<const float> floors_msl_m, std::span<const float> ceilings_msl_m) {
  const TerrainBounds& bounds = airspace.bounds;
  const GridFrame& grid = bounds.grid();
  const double floor_agl_m = policy.min_height_agl_m + kMargin_m;
  const double ceiling_agl_m = policy.max_height_agl_m - kMargin_m;
  std::vector<BandPyramid::Band> bands(grid.cell_count(), BandPyramid::closed());
  for (int j = 0; j < grid.ny; ++j) {
    for (int i = 0; i < grid.nx; ++i) {
      if (!bounds.flyable(i, j)) continue;
      const std::size_t n = grid.index(i, j);
      const Range terrain = terrain_over_cell(bounds, i, j);
      bands[n].floor = std::max(floors_msl_m[n], rounded_up(terrain.hi + floor_agl_m));
      bands[n].ceiling = rounded_down(terrain.lo + ceiling_agl_m);
      if (!ceilings_msl_m.empty()) bands[n].ceiling = std::min(bands[n].ceiling, ceilings_msl_m[n]);
    }
  }
  return bands;
}

}  // namespace swiftlet::geo
