#include "geo/zone_tile.hpp"

#include <algorithm>
#include <array>

#include "geo/airspace_view.hpp"

namespace swiftlet::geo {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kMargin_m = AirspaceView::kProofMargin_m;
/// By what the terrain under a cell, taken back from its band's ceiling, may be wrong: two roundings to float.
constexpr double kFloat_m = 0.003;

using Range = ZoneTileBuilder::Range;

Range terrain_over_cell(const TerrainBounds& bounds, int i, int j) {
  const auto [lo0, lo1] = std::minmax(
      {bounds.lo_msl_m(i, j), bounds.lo_msl_m(i + 1, j), bounds.lo_msl_m(i, j + 1), bounds.lo_msl_m(i + 1, j + 1)});
  const auto [hi0, hi1] = std::minmax(
      {bounds.hi_msl_m(i, j), bounds.hi_msl_m(i + 1, j), bounds.hi_msl_m(i, j + 1), bounds.hi_msl_m(i + 1, j + 1)});
  return {lo0, hi1};
}

bool is_agl(const std::optional<ZoneLimit>& limit) { return limit && limit->reference == VerticalReference::agl; }

bool same(const std::optional<ZoneLimit>& a, const std::optional<ZoneLimit>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  return a->value_m == b->value_m && a->reference == b->reference;
}

bool same(const MultiPolygon& a, const MultiPolygon& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Polygon& p, const Polygon& q) { return p.outer == q.outer && p.holes == q.holes; });
}

}  // namespace

bool cuts_alike(const ActiveZone& a, const ActiveZone& b) {
  if (a.throughout != b.throughout) return false;
  return a.zone == b.zone || (same(a.zone->lower, b.zone->lower) && same(a.zone->upper, b.zone->upper) &&
                              same(a.zone->footprint, b.zone->footprint));
}

double zone_reach_m(const Policy& policy) { return policy.zone_margin_m + kMargin_m; }

void ZoneTileBuilder::build(int ti, int tj, const ViewTile& tile, std::span<const ActiveZone> zones, ZoneTile& out) {
  const GridFrame& grid = airspace_.bounds.grid();
  const int i0 = ti * TileGrid::kCells;
  const int j0 = tj * TileGrid::kCells;
  const CellWindow window{.origin = grid.node(i0, j0),
                          .cell_m = grid.cell_m,
                          .nx = std::min(TileGrid::kCells, grid.nx - i0),
                          .ny = std::min(TileGrid::kCells, grid.ny - j0)};
  const Box2 box{window.origin, window.origin + window.cell_m * Enu2(window.nx, window.ny)};
  std::copy_n(tile.safe.cells.begin(), ViewTile::kCells, out.safe.cells.begin());
  out.limits.fill(HeightBand::unlimited());
  out.optimistic_ceiling_msl_m.fill(std::numeric_limits<float>::infinity());
  for (const ActiveZone& active : zones) {
    if (!box.intersects(active.zone->box.grown(zone_reach_m(policy_) + kMargin_m))) continue;
    mask_.reset(window);
    mask_.add_near(active.zone->footprint, zone_reach_m(policy_));
    cut_safe(i0, j0, tile, *active.zone, out);
    if (!active.throughout) continue;
    mask_.reset(window);
    mask_.add_inside(active.zone->footprint, AirspaceView::kZoneEnclosure_m);
    cut_optimistic(i0, j0, tile, *active.zone, out);
  }
  TileBands::build_levels(out.safe, out.upper);
}

/// Below the zone where there is room, else above it, else closed.
void ZoneTileBuilder::cut_safe(int i0, int j0, const ViewTile& tile, const Geozone& zone, ZoneTile& out) {
  constexpr float kNone = std::numeric_limits<float>::infinity();
  // What is below the zone: AMSL limits are the same everywhere, AGL limits are counted from the ceiling that the
  // terrain gives the cell.
  const auto constant =
      static_cast<float>(zone.lower ? zone.lower->value_m - kMargin_m - kFloat_m -
                                          (is_agl(zone.lower) ? policy_.max_height_agl_m - kMargin_m : 0.0)
                                    : -kInfinity);
  const float per_ceiling = is_agl(zone.lower) ? 1.0F : 0.0F;
  mask_.for_each_run([&](int j, int first, int last) {
    for (int i = first; i <= last; ++i) {
      const std::size_t n = ViewTile::cell(i, j);
      if (!zone.lower && !zone.upper) {
        out.limits[n] = out.safe.cells[n] = HeightBand::closed();
        continue;
      }
      const HeightBand terrain = tile.safe.cells[n];
      if (terrain.ceiling_msl_m == -kNone) continue;  // not flyable
      HeightBand& band = out.safe.cells[n];
      HeightBand& limits = out.limits[n];
      const float lower = constant + per_ceiling * terrain.ceiling_msl_m;
      if (lower >= band.floor_msl_m) {
        limits.ceiling_msl_m = std::min(limits.ceiling_msl_m, lower);
        band.ceiling_msl_m = std::min(band.ceiling_msl_m, lower);
        continue;
      }
      float refined_floor_msl_m = kNone;
      if (tile.safe_floor[n].is_refined()) refined_floor_msl_m = limits.floor_msl_m;
      const HeightBand cut =
          above_or_below(zone, lower, terrain_over_cell(airspace_.bounds, i0 + i, j0 + j), band, refined_floor_msl_m);
      limits.cut_to(cut);
      band.cut_to(cut);
    }
  });
}

/// What is left of a cell with no room below the zone in its band: of a cell that is refined, some of what its band
/// calls closed may be open; its floor without obstacles is given then, and infinity otherwise.
HeightBand ZoneTileBuilder::above_or_below(const Geozone& zone, float lower_msl_m, const Range& terrain,
                                           const HeightBand& band, float refined_floor_msl_m) const {
  constexpr float kNone = std::numeric_limits<float>::infinity();
  if (refined_floor_msl_m != kNone &&
      lower_msl_m >= std::max(double{refined_floor_msl_m}, terrain.hi + policy_.min_height_agl_m)) {
    return {-kNone, lower_msl_m};
  }
  const double upper =
      zone.upper ? zone.upper->value_m + kMargin_m + (is_agl(zone.upper) ? terrain.hi : 0.0) : kInfinity;
  return upper <= band.ceiling_msl_m ? HeightBand{rounded_up(upper), kNone} : HeightBand::closed();
}

void ZoneTileBuilder::cut_optimistic(int i0, int j0, const ViewTile& tile, const Geozone& zone, ZoneTile& out) {
  const TerrainBounds& bounds = airspace_.bounds;
  const double over_terrain = zone.lower ? zone.lower->value_m + kMargin_m : -kInfinity;
  mask_.for_each_run([&](int j, int first, int last) {
    for (int i = first; i <= last; ++i) {
      const std::size_t n = ViewTile::cell(i, j);
      float& ceiling = out.optimistic_ceiling_msl_m[n];
      const HeightBand band = tile.safe.cells[n];
      if (!zone.upper && band.ceiling_msl_m > band.floor_msl_m && tile.safe_floor[n].msl_m() < band.floor_msl_m) {
        // The floor is the terrain's own, with margin and rounding on top: no need to look it up.
        const double terrain = is_agl(zone.lower) ? band.floor_msl_m - policy_.min_height_agl_m : 0.0;
        ceiling = std::min(ceiling, static_cast<float>(over_terrain + terrain + kFloat_m));
        continue;
      }
      const CellExtent extent = bounds.extent(i0 + i, j0 + j);
      if (extent == CellExtent::outside) continue;
      // A cell on the edge of the extent has no terrain bounds: only what does not ask for them can bind there.
      if (extent == CellExtent::partly && (zone.upper || is_agl(zone.lower))) continue;
      const Range terrain = extent == CellExtent::inside ? terrain_over_cell(bounds, i0 + i, j0 + j) : Range{0.0, 0.0};
      // A zone that ends below the ceiling can be flown over: it takes nothing off the ends of the band.
      if (zone.upper && zone.upper->value_m + (is_agl(zone.upper) ? terrain.lo : 0.0) - kMargin_m <=
                            terrain.hi + policy_.max_height_agl_m + kMargin_m) {
        continue;
      }
      ceiling = std::min(ceiling, rounded_up(over_terrain + (is_agl(zone.lower) ? terrain.hi : 0.0)));
    }
  });
}

}  // namespace swiftlet::geo
