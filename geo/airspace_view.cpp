#include "geo/airspace_view.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "geo/composed_tiles.hpp"
#include "geo/floating_obstacles.hpp"
#include "geo/segment_walk.hpp"
#include "geo/terrain_patch.hpp"

namespace swiftlet::geo {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool finite(const Enu3& p) { return std::isfinite(p.x()) && std::isfinite(p.y()) && std::isfinite(p.z()); }

bool before(const Enu3& a, const Enu3& b) {
  return std::lexicographical_compare(a.data(), a.data() + 3, b.data(), b.data() + 3);
}

/// A vertical segment may lean that far off its axis: what is nearer than the clearance by less is not proven closed.
constexpr double kAxisTolerance_m = 0.05;

double limit_msl_m(const ZoneLimit& limit, double terrain_msl_m) {
  return limit.value_m + (limit.reference == VerticalReference::agl ? terrain_msl_m : 0.0);
}

std::vector<ActiveZone> active_zones(const Airspace& airspace, const ViewOptions& options) {
  std::vector<ActiveZone> active;
  for (const Geozone& zone : airspace.zones) {
    if (!zone.blocks(options.authorisations) || !zone.active_within(options.from, options.to)) continue;
    active.push_back({&zone, zone.active_throughout(options.from, options.to)});
  }
  return active;
}

std::shared_ptr<const ViewLayers> layers_of(const Airspace& airspace, const Policy& policy) {
  if (airspace.own_layers && ViewLayers::same_layers(airspace.own_layers->policy(), policy)) return airspace.own_layers;
  return ViewLayers::derive(airspace, policy);
}

/// Whether two airspaces differ in nothing but zones: as versions of one another they share terrain and obstacles.
bool same_ground(const Airspace& a, const Airspace& b) {
  return &a == &b ||
         (a.bounds.hi_nodes_msl_m().data() == b.bounds.hi_nodes_msl_m().data() && a.obstacles.shares_with(b.obstacles));
}

TerrainPatch patch_over(const std::span<const float>& nodes, const GridFrame& grid, int i, int j) {
  return {nodes[grid.node_index(i, j)], nodes[grid.node_index(i + 1, j)], nodes[grid.node_index(i, j + 1)],
          nodes[grid.node_index(i + 1, j + 1)]};
}

}  // namespace

struct AirspaceView::Impl {
  const Airspace& airspace;
  const GridFrame& grid;
  double floor_agl_m;    ///< with margin
  double ceiling_agl_m;  ///< with margin
  ComposedTiles tiles;

  Impl(const Airspace& a, const Policy& policy, ComposedTiles composed)
      : airspace(a),
        grid(a.bounds.grid()),
        floor_agl_m(policy.min_height_agl_m + kProofMargin_m),
        ceiling_agl_m(policy.max_height_agl_m - kProofMargin_m),
        tiles(std::move(composed)) {}

  static std::unique_ptr<const Impl> make(const Airspace& airspace, const ViewOptions& options, const Impl* older) {
    const Policy& policy = options.policy;
    auto zones = active_zones(airspace, options);
    if (older != nullptr && same_ground(airspace, older->airspace) &&
        ViewLayers::same_layers(older->tiles.layers()->policy(), policy)) {
      return std::make_unique<const Impl>(airspace, policy,
                                          ComposedTiles(airspace, policy, std::move(zones), older->tiles));
    }
    return std::make_unique<const Impl>(airspace, policy,
                                        ComposedTiles(airspace, policy, layers_of(airspace, policy), std::move(zones)));
  }

  [[nodiscard]] TerrainPatch hi(int i, int j) const { return patch_over(airspace.bounds.hi_nodes_msl_m(), grid, i, j); }
  [[nodiscard]] TerrainPatch lo(int i, int j) const { return patch_over(airspace.bounds.lo_nodes_msl_m(), grid, i, j); }

  /// What zones leave of a cell.
  [[nodiscard]] static HeightBand zone_limits(const ComposedTiles::Tile& tile, std::size_t n) {
    return tile.zones != nullptr ? tile.zones->limits[n] : HeightBand::unlimited();
  }

  /// The lowest floor and the highest ceiling that terrain and zones leave anywhere in a cell.
  [[nodiscard]] Band optimistic_without_obstacles(const ComposedTiles::Tile& tile, int i, int j) const {
    Band band{-kInfinity, kInfinity};
    if (tile.zones != nullptr) band.ceiling_msl_m = tile.zones->optimistic_ceiling_msl_m[cell(i, j)];
    if (!airspace.bounds.flyable(i, j)) return band;
    const Policy& policy = tiles.policy();
    const TerrainPatch h = hi(i, j);
    const TerrainPatch l = lo(i, j);
    band.floor_msl_m = std::min({l.sw, l.se, l.nw, l.ne}) + policy.min_height_agl_m - kProofMargin_m;
    band.ceiling_msl_m =
        std::min(band.ceiling_msl_m, std::max({h.sw, h.se, h.nw, h.ne}) + policy.max_height_agl_m + kProofMargin_m);
    return band;
  }

  /// Leaves a band what is below or what is above the floating obstacles near a box.
  void cut_by_floating(const ComposedTiles::Tile& tile, const Box2& box, Band& band) const {
    const double reach = tiles.policy().lateral_clearance_m + kProofMargin_m;
    for (const std::uint32_t k : tile.floating) {
      const Obstacle& obstacle = airspace.obstacles[k];
      if (distance_m(obstacle.footprint, box) < reach) TakenAltitudes(obstacle, tiles.policy()).cut(band);
    }
  }

  /// What binds in all squares of a cell.
  struct CellGround {
    const ComposedTiles::Tile* tile;
    Enu2 corner_enu;
    TerrainPatch hi;
    TerrainPatch lo;
    HeightBand zones;
    Band possible;  ///< the lowest floor and the highest ceiling that terrain and zones leave
  };
  [[nodiscard]] CellGround ground_of(const ComposedTiles::Tile& tile, int i, int j) const {
    return {&tile,
            grid.node(i, j),
            hi(i, j),
            lo(i, j),
            zone_limits(tile, cell(i, j)),
            optimistic_without_obstacles(tile, i, j)};
  }

  /// The square of that corner and side, counted in cells, over which obstacles leave those floors.
  [[nodiscard]] Quarter quarter(const CellGround& ground, const Enu2& at, double side, float safe_floor,
                                float optimistic_floor) const {
    // A bilinear patch is extreme at the corners of any square in it.
    double highest = -kInfinity;
    double lowest = kInfinity;
    for (const Enu2& c : {Enu2(0, 0), Enu2(side, 0), Enu2(0, side), Enu2(side, side)}) {
      highest = std::max(highest, ground.hi.at(at.x() + c.x(), at.y() + c.y()));
      lowest = std::min(lowest, ground.lo.at(at.x() + c.x(), at.y() + c.y()));
    }
    Band safe{std::max({highest + floor_agl_m, double{safe_floor}, double{ground.zones.floor_msl_m}}),
              std::min(lowest + ceiling_agl_m, double{ground.zones.ceiling_msl_m})};
    const Enu2 corner = ground.corner_enu + grid.cell_m * at;
    cut_by_floating(*ground.tile, Box2{corner, corner + Enu2::Constant(grid.cell_m * side)}, safe);
    return {
        .corner_enu = corner,
        .side_m = grid.cell_m * side,
        .safe = safe,
        .optimistic = {std::max(ground.possible.floor_msl_m, double{optimistic_floor}), ground.possible.ceiling_msl_m}};
  }

  [[nodiscard]] static std::size_t cell(int i, int j) {
    return ViewTile::cell(i & (TileGrid::kCells - 1), j & (TileGrid::kCells - 1));
  }
};

AirspaceView::AirspaceView(AirspacePtr airspace, ViewOptions options)
    : airspace_(std::move(airspace)), options_(std::move(options)), impl_(Impl::make(*airspace_, options_, nullptr)) {}

AirspaceView::AirspaceView(AirspacePtr airspace, ViewOptions options, const AirspaceView& older)
    : airspace_(std::move(airspace)),
      options_(std::move(options)),
      impl_(Impl::make(*airspace_, options_, older.impl_.get())) {}

AirspaceView::~AirspaceView() = default;

const ComposedTiles& AirspaceView::tiles() const { return impl_->tiles; }

AirspaceView::Band AirspaceView::safe_band(int i, int j) const {
  const HeightBand& band = impl_->tiles.band(0, i, j);
  return {.floor_msl_m = band.floor_msl_m, .ceiling_msl_m = band.ceiling_msl_m};
}

AirspaceView::Band AirspaceView::optimistic_band(int i, int j) const {
  const ComposedTiles::Tile& tile = impl_->tiles.at_cell(i, j);
  Band band = impl_->optimistic_without_obstacles(tile, i, j);
  const double obstacles = tile.layers->optimistic_floor_msl_m[Impl::cell(i, j)];
  band.floor_msl_m = std::max(band.floor_msl_m, obstacles);
  return band;
}

bool AirspaceView::is_refined(int i, int j) const {
  return impl_->tiles.at_cell(i, j).layers->safe_floor[Impl::cell(i, j)].is_refined();
}

namespace {

/// Visits the undivided quarters of a square whose floors are given.
template <class Visit>
void walk_quarters(std::span<const FloorQuad> quads, RefinableFloor safe, float optimistic, const Enu2& corner,
                   double side, Visit&& visit) {
  if (!safe.is_refined()) {
    visit(corner, side, safe.msl_m(), optimistic);
    return;
  }
  if (safe.quad() >= quads.size()) return visit(corner, side, std::numeric_limits<float>::infinity(), optimistic);
  const FloorQuad& quad = quads[safe.quad()];
  for (std::size_t k = 0; k < 4; ++k) {
    const Enu2 at = corner + 0.5 * side * Enu2(k % 2 == 1 ? 1.0 : 0.0, k >= 2 ? 1.0 : 0.0);
    if (quad.safe[k].is_refined() && quad.safe[k].quad() <= safe.quad()) {
      visit(at, 0.5 * side, std::numeric_limits<float>::infinity(), quad.optimistic_msl_m[k]);
    } else {
      walk_quarters(quads, quad.safe[k], quad.optimistic_msl_m[k], at, 0.5 * side, visit);
    }
  }
}

/// The floor at a point of a square, u and v counted from its corner in sides.
float floor_at(std::span<const FloorQuad> quads, RefinableFloor floor, double u, double v) {
  while (floor.is_refined()) {
    if (floor.quad() >= quads.size()) return std::numeric_limits<float>::infinity();
    const std::size_t east = u >= 0.5 ? 1 : 0;
    const std::size_t north = v >= 0.5 ? 1 : 0;
    const RefinableFloor quarter = quads[floor.quad()].safe[east + 2 * north];
    if (quarter.is_refined() && quarter.quad() <= floor.quad()) return std::numeric_limits<float>::infinity();
    u = 2.0 * u - static_cast<double>(east);
    v = 2.0 * v - static_cast<double>(north);
    floor = quarter;
  }
  return floor.msl_m();
}

}  // namespace

void AirspaceView::for_each_quarter(int i, int j, const std::function<void(const Quarter&)>& visit) const {
  if (is_refined(i, j)) return for_each_quarter(i, j, impl_->grid.cell_m, visit);
  visit({impl_->grid.node(i, j), impl_->grid.cell_m, safe_band(i, j), optimistic_band(i, j)});
}

void AirspaceView::for_each_quarter(int i, int j, double side_m,
                                    const std::function<void(const Quarter&)>& visit) const {
  const ComposedTiles::Tile& tile = impl_->tiles.at_cell(i, j);
  const std::size_t n = Impl::cell(i, j);
  const Impl::CellGround ground = impl_->ground_of(tile, i, j);
  const double widest = side_m / impl_->grid.cell_m;
  const auto cut = [&](const auto& self, const Enu2& at, double side, float safe, float optimistic) -> void {
    if (side <= widest) return visit(impl_->quarter(ground, at, side, safe, optimistic));
    for (int k = 0; k < 4; ++k) {
      self(self, at + 0.5 * side * Enu2(k % 2, k / 2), 0.5 * side, safe, optimistic);
    }
  };
  walk_quarters(
      tile.quads, tile.layers->safe_floor[n], tile.layers->optimistic_floor_msl_m[n], Enu2::Zero(), 1.0,
      [&](const Enu2& at, double side, float safe, float optimistic) { cut(cut, at, side, safe, optimistic); });
}

std::optional<AirspaceView::Band> AirspaceView::band_at(const Enu2& p_enu) const {
  const GridFrame& grid = impl_->grid;
  const Enu2 g = (p_enu - grid.origin) / grid.cell_m;
  if (!(g.x() >= 0.0 && g.y() >= 0.0 && g.x() <= grid.nx && g.y() <= grid.ny)) return std::nullopt;
  const int i = std::min(static_cast<int>(g.x()), grid.nx - 1);
  const int j = std::min(static_cast<int>(g.y()), grid.ny - 1);
  const ComposedTiles::Tile& tile = impl_->tiles.at_cell(i, j);
  if (!airspace_->bounds.flyable(i, j)) return std::nullopt;
  const double u = g.x() - i;
  const double v = g.y() - j;
  const std::size_t n = Impl::cell(i, j);
  const HeightBand zones = Impl::zone_limits(tile, n);
  const double obstacles = floor_at(tile.quads, tile.layers->safe_floor[n], u, v);
  Band band{
      .floor_msl_m = std::max({obstacles, double{zones.floor_msl_m}, impl_->hi(i, j).at(u, v) + impl_->floor_agl_m}),
      .ceiling_msl_m = std::min(double{zones.ceiling_msl_m}, impl_->lo(i, j).at(u, v) + impl_->ceiling_agl_m)};
  impl_->cut_by_floating(tile, Box2{p_enu, p_enu}, band);
  return band;
}

AirspaceView::Band AirspaceView::optimistic_band_at(const Enu2& p_enu) const {
  const auto terrain = p_enu.allFinite() ? airspace_->terrain.height_msl_m(p_enu) : std::nullopt;
  if (!terrain) return {.floor_msl_m = kInfinity, .ceiling_msl_m = -kInfinity};
  const Policy& policy = options_.policy;
  Band band{.floor_msl_m = *terrain + policy.min_height_agl_m - kProofMargin_m,
            .ceiling_msl_m = *terrain + policy.max_height_agl_m + kProofMargin_m};
  for (const std::size_t k : obstacles_near(p_enu, policy.lateral_clearance_m)) {
    const Obstacle& obstacle = airspace_->obstacles[k];
    if (floats(obstacle, policy)) continue;  // it takes nothing off the ends of the band
    const double certain_reach = policy.lateral_clearance_m - kAxisTolerance_m - kProofMargin_m - obstacle.enclosure_m;
    if (distance_m(obstacle.footprint, p_enu) >= certain_reach) continue;
    const double over = obstacle.top_msl_m + policy.vertical_clearance_m - kProofMargin_m;
    band.floor_msl_m = std::max(band.floor_msl_m, over);
  }
  // A zone takes a part off the top only where it reaches through the ceiling, and off the bottom likewise.
  if (const Geozone* zone = certain_zone({p_enu.x(), p_enu.y(), band.ceiling_msl_m})) {
    const double lower = zone->lower ? limit_msl_m(*zone->lower, *terrain) : -kInfinity;
    band.ceiling_msl_m = std::min(band.ceiling_msl_m, lower + kProofMargin_m);
  }
  if (const Geozone* zone = certain_zone({p_enu.x(), p_enu.y(), band.floor_msl_m})) {
    const double upper = zone->upper ? limit_msl_m(*zone->upper, *terrain) : kInfinity;
    band.floor_msl_m = std::max(band.floor_msl_m, upper - kProofMargin_m);
  }
  return band;
}

const Geozone* AirspaceView::certain_zone(const Enu3& p_enu) const {
  const Enu2 xy(p_enu.x(), p_enu.y());
  const auto terrain = finite(p_enu) ? airspace_->terrain.height_msl_m(xy) : std::nullopt;
  if (!terrain) return nullptr;
  for (const auto& [zone, throughout] : impl_->tiles.zones()) {
    if (!throughout || !contains(zone->footprint, xy)) continue;
    double to_edge = kInfinity;
    for_each_edge(zone->footprint, [&](const Enu2& a, const Enu2& b) {
      to_edge = std::min(to_edge, point_segment_distance_m(xy, a, b));
    });
    if (to_edge <= kZoneEnclosure_m) continue;
    if (zone->lower && p_enu.z() <= limit_msl_m(*zone->lower, *terrain) + kProofMargin_m) continue;
    if (zone->upper && p_enu.z() >= limit_msl_m(*zone->upper, *terrain) - kProofMargin_m) continue;
    return zone;
  }
  return nullptr;
}

bool AirspaceView::is_free(const Enu3& a_enu, const Enu3& b_enu) const {
  if (!finite(a_enu) || !finite(b_enu)) return false;
  const GridFrame& grid = impl_->grid;
  const auto to_cells = [&](const Enu3& p) {
    return Enu3((p.x() - grid.origin.x()) / grid.cell_m, (p.y() - grid.origin.y()) / grid.cell_m, p.z());
  };
  const bool swap = before(b_enu, a_enu);  // one order for both directions, so that rounding cannot tell them apart
  const Enu3 a = to_cells(swap ? b_enu : a_enu);
  const Enu3 b = to_cells(swap ? a_enu : b_enu);
  const auto inside = [&](const Enu3& p) { return p.x() >= 0 && p.y() >= 0 && p.x() <= grid.nx && p.y() <= grid.ny; };
  if (!inside(a) || !inside(b)) return false;
  return SegmentWalk(impl_->tiles, a, b).is_free();
}

bool AirspaceView::terminal_is_free(const Enu2& p_enu, double z0_msl_m, double z1_msl_m) const {
  const auto terrain = impl_->airspace.terrain.height_msl_m(p_enu);
  if (!terrain || !std::isfinite(z0_msl_m) || !std::isfinite(z1_msl_m)) return false;
  if (z1_msl_m > *terrain + impl_->ceiling_agl_m) return false;
  const std::vector<ActiveZone>& zones = impl_->tiles.zones();
  return std::none_of(zones.begin(), zones.end(), [&](const ActiveZone& active) {
    const Geozone* zone = active.zone;
    if (distance_m(zone->footprint, p_enu) >= options_.policy.zone_margin_m + kProofMargin_m) return false;
    const double lower = zone->lower ? limit_msl_m(*zone->lower, *terrain) - kProofMargin_m : -kInfinity;
    const double upper = zone->upper ? limit_msl_m(*zone->upper, *terrain) + kProofMargin_m : kInfinity;
    return z0_msl_m < upper && z1_msl_m > lower;
  });
}

const Geozone* AirspaceView::blocking_zone(const Enu3& p_enu) const {
  const Enu2 xy(p_enu.x(), p_enu.y());
  const double terrain = impl_->airspace.terrain.height_msl_m(xy).value_or(0.0);
  for (const auto& [zone, throughout] : impl_->tiles.zones()) {
    if (distance_m(zone->footprint, xy) >= options_.policy.zone_margin_m + kProofMargin_m) continue;
    if (zone->lower && p_enu.z() <= limit_msl_m(*zone->lower, terrain) - kProofMargin_m) continue;
    if (zone->upper && p_enu.z() >= limit_msl_m(*zone->upper, terrain) + kProofMargin_m) continue;
    return zone;
  }
  return nullptr;
}

std::vector<std::size_t> AirspaceView::obstacles_near(const Enu2& p_enu, double radius_m) const {
  const Box2 box = Box2{p_enu, p_enu}.grown(radius_m);
  std::vector<std::size_t> near = impl_->tiles.layers()->obstacles().meeting(airspace_->obstacles, box);
  std::erase_if(near, [&](std::size_t k) { return distance_m(airspace_->obstacles[k].footprint, p_enu) >= radius_m; });
  return near;
}

}  // namespace swiftlet::geo
