#include "geo/airspace_view.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "geo/cell_limits.hpp"
#include "geo/obstacle_index.hpp"
#include "geo/view_layers.hpp"

namespace swiftlet::geo {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr float kFloatInfinity = std::numeric_limits<float>::infinity();

/// The layers of a view that zones have cut.
struct ZonedLimits {
  CellLimits safe;
  CellLimits optimistic;
  BandPyramid pyramid;
};

/// A bilinear surface over one cell, in the cell's own coordinates u, v in [0, 1].
struct Patch {
  double sw, se, nw, ne;

  [[nodiscard]] double at(double u, double v) const {
    return (1 - v) * ((1 - u) * sw + u * se) + v * ((1 - u) * nw + u * ne);
  }
  [[nodiscard]] double twist() const { return sw + ne - se - nw; }
};

/// The least value on s in [0, 1] of the parabola with f(0) = f0, f(1) = f1 and second coefficient a.
double parabola_min(double f0, double f1, double a) {
  const double b = f1 - f0 - a;
  if (a > 0.0 && b < 0.0 && b > -2.0 * a) return f0 - b * b / (4.0 * a);
  return std::min(f0, f1);
}

bool finite(const Enu3& p) { return std::isfinite(p.x()) && std::isfinite(p.y()) && std::isfinite(p.z()); }

bool before(const Enu3& a, const Enu3& b) {
  return std::lexicographical_compare(a.data(), a.data() + 3, b.data(), b.data() + 3);
}

}  // namespace

struct AirspaceView::Impl {
  const Airspace& airspace;
  const TerrainBounds& terrain;
  const GridFrame& grid;
  double floor_agl_m;    ///< with margin
  double ceiling_agl_m;  ///< with margin
  std::shared_ptr<const ViewLayers> layers;
  ZonedLimits zoned;  ///< where zones bind; empty otherwise
  std::span<const float> safe_floor_msl_m;
  std::span<const float> safe_ceiling_msl_m;  ///< empty where nothing lowers a ceiling
  std::span<const float> optimistic_floor_msl_m;
  std::span<const float> optimistic_ceiling_msl_m;
  const BandPyramid* pyramid;
  ObstacleIndex obstacles;
  std::vector<const Geozone*> zones;  ///< that block at some instant of the interval

  Impl(const Airspace& a, const ViewOptions& options)
      : airspace(a),
        terrain(a.bounds),
        grid(a.bounds.grid()),
        floor_agl_m(options.policy.min_height_agl_m + kProofMargin_m),
        ceiling_agl_m(options.policy.max_height_agl_m - kProofMargin_m),
        layers(a.own_layers && ViewLayers::same_layers(a.own_layers->policy(), options.policy)
                   ? a.own_layers
                   : ViewLayers::derive(a, options.policy)),
        safe_floor_msl_m(layers->safe_floor_msl_m()),
        optimistic_floor_msl_m(layers->optimistic_floor_msl_m()),
        pyramid(&layers->pyramid()),
        obstacles(a.obstacles) {
    for (const Geozone& zone : a.zones) {
      if (zone.blocks(options.authorisations) && zone.active_within(options.from, options.to)) zones.push_back(&zone);
    }
    if (!zones.empty()) apply_zones(options);
  }

  void apply_zones(const ViewOptions& options) {
    const auto open_above = [](std::span<const float> floors) {
      return CellLimits{{floors.begin(), floors.end()}, std::vector<float>(floors.size(), kFloatInfinity)};
    };
    zoned.safe = open_above(safe_floor_msl_m);
    cut_safe_limits(airspace, options, zoned.safe);
    zoned.optimistic = open_above(optimistic_floor_msl_m);
    cut_optimistic_limits(airspace, options, zoned.optimistic);
    safe_floor_msl_m = zoned.safe.floor_msl_m;
    safe_ceiling_msl_m = zoned.safe.ceiling_msl_m;
    optimistic_floor_msl_m = zoned.optimistic.floor_msl_m;
    optimistic_ceiling_msl_m = zoned.optimistic.ceiling_msl_m;
    zoned.pyramid =
        BandPyramid(grid.nx, grid.ny, safe_bands(airspace, options.policy, safe_floor_msl_m, safe_ceiling_msl_m));
    pyramid = &zoned.pyramid;
  }

  /// What a cell's limits take off the top of its band.
  [[nodiscard]] static double ceiling_at(std::span<const float> ceilings, std::size_t n) {
    return ceilings.empty() ? kInfinity : static_cast<double>(ceilings[n]);
  }

  [[nodiscard]] static double limit_msl_m(const ZoneLimit& limit, double terrain_msl_m) {
    return limit.value_m + (limit.reference == VerticalReference::agl ? terrain_msl_m : 0.0);
  }
  [[nodiscard]] Patch hi(int i, int j) const {
    return {terrain.hi_msl_m(i, j), terrain.hi_msl_m(i + 1, j), terrain.hi_msl_m(i, j + 1),
            terrain.hi_msl_m(i + 1, j + 1)};
  }
  [[nodiscard]] Patch lo(int i, int j) const {
    return {terrain.lo_msl_m(i, j), terrain.lo_msl_m(i + 1, j), terrain.lo_msl_m(i, j + 1),
            terrain.lo_msl_m(i + 1, j + 1)};
  }

  /// Whether the part [t0, t1] of the segment p + t·step (x, y in cells, z in metres), which lies in cell (i, j), is
  /// free.
  [[nodiscard]] bool leaf_is_free(int i, int j, const Enu3& p, const Enu3& step, double t0, double t1) const {
    if (!terrain.flyable(i, j)) return false;
    const std::size_t n = grid.index(i, j);
    const Enu3 a = p + t0 * step;
    const Enu3 b = p + t1 * step;
    if (std::min(a.z(), b.z()) < safe_floor_msl_m[n]) return false;
    if (std::max(a.z(), b.z()) > ceiling_at(safe_ceiling_msl_m, n)) return false;
    // Along the segment a bilinear patch is a parabola whose second coefficient is twist · du · dv.
    const double du_dv = (b.x() - a.x()) * (b.y() - a.y());
    const Patch h = hi(i, j);
    const double above0 = a.z() - h.at(a.x() - i, a.y() - j);
    const double above1 = b.z() - h.at(b.x() - i, b.y() - j);
    if (parabola_min(above0, above1, -h.twist() * du_dv) < floor_agl_m) return false;
    const Patch l = lo(i, j);
    const double below0 = l.at(a.x() - i, a.y() - j) - a.z();
    const double below1 = l.at(b.x() - i, b.y() - j) - b.z();
    return parabola_min(below0, below1, l.twist() * du_dv) >= -ceiling_agl_m;
  }

  /// The same for a block of the pyramid: free as a whole, or asked in quarters.
  [[nodiscard]] bool block_is_free(int level, int i, int j, const Enu3& p, const Enu3& step, double t0,
                                   double t1) const {
    const BandPyramid::Band& band = pyramid->at(level, i, j);
    const double z0 = p.z() + t0 * step.z();
    const double z1 = p.z() + t1 * step.z();
    if (std::min(z0, z1) >= band.floor && std::max(z0, z1) <= band.ceiling) return true;
    if (level == 0) return leaf_is_free(i, j, p, step, t0, t1);
    const double half = static_cast<double>(1U << static_cast<unsigned>(level - 1));
    std::array<double, 4> cut{t0, t1, t1, t1};
    int cuts = 1;
    const std::array<double, 2> middle{(2 * i + 1) * half, (2 * j + 1) * half};
    for (int axis = 0; axis < 2; ++axis) {
      if (step[axis] == 0.0) continue;
      const double t = (middle[static_cast<std::size_t>(axis)] - p[axis]) / step[axis];
      if (t > t0 && t < t1) cut[static_cast<std::size_t>(cuts++)] = t;
    }
    if (cuts == 3 && cut[1] > cut[2]) std::swap(cut[1], cut[2]);
    cut[static_cast<std::size_t>(cuts)] = t1;
    for (int k = 0; k < cuts; ++k) {
      const double from = cut[static_cast<std::size_t>(k)];
      const double to = cut[static_cast<std::size_t>(k) + 1];
      const double tm = 0.5 * (from + to);
      const int east = p.x() + tm * step.x() >= middle[0] ? 1 : 0;
      const int north = p.y() + tm * step.y() >= middle[1] ? 1 : 0;
      if (!block_is_free(level - 1, 2 * i + east, 2 * j + north, p, step, from, to)) return false;
    }
    return true;
  }
};

AirspaceView::AirspaceView(AirspacePtr airspace, ViewOptions options)
    : airspace_(std::move(airspace)),
      options_(std::move(options)),
      impl_(std::make_unique<Impl>(*airspace_, options_)) {}

AirspaceView::~AirspaceView() = default;

AirspaceView::Band AirspaceView::safe_band(int i, int j) const {
  const BandPyramid::Band& band = impl_->pyramid->at(0, i, j);
  return {.floor_msl_m = band.floor, .ceiling_msl_m = band.ceiling};
}

AirspaceView::Band AirspaceView::optimistic_band(int i, int j) const {
  const std::size_t n = impl_->grid.index(i, j);
  double floor = impl_->optimistic_floor_msl_m[n];
  double ceiling = impl_->ceiling_at(impl_->optimistic_ceiling_msl_m, n);
  if (impl_->terrain.flyable(i, j)) {
    const Patch h = impl_->hi(i, j);
    const Patch l = impl_->lo(i, j);
    floor = std::max(floor, std::min({l.sw, l.se, l.nw, l.ne}) + options_.policy.min_height_agl_m - kProofMargin_m);
    ceiling = std::min(ceiling, std::max({h.sw, h.se, h.nw, h.ne}) + options_.policy.max_height_agl_m + kProofMargin_m);
  }
  return {.floor_msl_m = floor, .ceiling_msl_m = ceiling};
}

std::optional<AirspaceView::Band> AirspaceView::band_at(const Enu2& p_enu) const {
  const Enu2 g = (p_enu - impl_->grid.origin) / impl_->grid.cell_m;
  if (!(g.x() >= 0.0 && g.y() >= 0.0 && g.x() <= impl_->grid.nx && g.y() <= impl_->grid.ny)) return std::nullopt;
  const int i = std::min(static_cast<int>(g.x()), impl_->grid.nx - 1);
  const int j = std::min(static_cast<int>(g.y()), impl_->grid.ny - 1);
  if (!impl_->terrain.flyable(i, j)) return std::nullopt;
  const std::size_t n = impl_->grid.index(i, j);
  return Band{.floor_msl_m = std::max(static_cast<double>(impl_->safe_floor_msl_m[n]),
                                      impl_->hi(i, j).at(g.x() - i, g.y() - j) + impl_->floor_agl_m),
              .ceiling_msl_m = std::min(impl_->ceiling_at(impl_->safe_ceiling_msl_m, n),
                                        impl_->lo(i, j).at(g.x() - i, g.y() - j) + impl_->ceiling_agl_m)};
}

AirspaceView::Band AirspaceView::optimistic_band_at(const Enu2& p_enu) const {
  const auto terrain = p_enu.allFinite() ? airspace_->terrain.height_msl_m(p_enu) : std::nullopt;
  if (!terrain) return {.floor_msl_m = kInfinity, .ceiling_msl_m = -kInfinity};
  const Policy& policy = options_.policy;
  Band band{.floor_msl_m = *terrain + policy.min_height_agl_m - kProofMargin_m,
            .ceiling_msl_m = *terrain + policy.max_height_agl_m + kProofMargin_m};
  for (const std::size_t k : obstacles_near(p_enu, policy.lateral_clearance_m)) {
    const Obstacle& obstacle = airspace_->obstacles[k];
    const double certain_reach = policy.lateral_clearance_m - kProofMargin_m - obstacle.enclosure_m;
    if (distance_m(obstacle.footprint, p_enu) >= certain_reach) continue;
    const double over = obstacle.top_msl_m + policy.vertical_clearance_m - kProofMargin_m;
    band.floor_msl_m = std::max(band.floor_msl_m, over);
  }
  // A zone takes a part off the top only where it reaches through the ceiling, and off the bottom likewise.
  if (const Geozone* zone = certain_zone({p_enu.x(), p_enu.y(), band.ceiling_msl_m})) {
    const double lower = zone->lower ? impl_->limit_msl_m(*zone->lower, *terrain) : -kInfinity;
    band.ceiling_msl_m = std::min(band.ceiling_msl_m, lower + kProofMargin_m);
  }
  if (const Geozone* zone = certain_zone({p_enu.x(), p_enu.y(), band.floor_msl_m})) {
    const double upper = zone->upper ? impl_->limit_msl_m(*zone->upper, *terrain) : kInfinity;
    band.floor_msl_m = std::max(band.floor_msl_m, upper - kProofMargin_m);
  }
  return band;
}

const Geozone* AirspaceView::certain_zone(const Enu3& p_enu) const {
  const Enu2 xy(p_enu.x(), p_enu.y());
  const auto terrain = finite(p_enu) ? airspace_->terrain.height_msl_m(xy) : std::nullopt;
  if (!terrain) return nullptr;
  for (const Geozone* zone : impl_->zones) {
    if (!zone->active_throughout(options_.from, options_.to) || !contains(zone->footprint, xy)) continue;
    double to_edge = kInfinity;
    for_each_edge(zone->footprint, [&](const Enu2& a, const Enu2& b) {
      to_edge = std::min(to_edge, point_segment_distance_m(xy, a, b));
    });
    if (to_edge <= kZoneEnclosure_m) continue;
    if (zone->lower && p_enu.z() <= impl_->limit_msl_m(*zone->lower, *terrain) + kProofMargin_m) continue;
    if (zone->upper && p_enu.z() >= impl_->limit_msl_m(*zone->upper, *terrain) - kProofMargin_m) continue;
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
  return impl_->block_is_free(impl_->pyramid->top_level(), 0, 0, a, b - a, 0.0, 1.0);
}

bool AirspaceView::terminal_is_free(const Enu2& p_enu, double z0_msl_m, double z1_msl_m) const {
  const auto terrain = impl_->airspace.terrain.height_msl_m(p_enu);
  if (!terrain || !std::isfinite(z0_msl_m) || !std::isfinite(z1_msl_m)) return false;
  if (z1_msl_m > *terrain + impl_->ceiling_agl_m) return false;
  return std::none_of(impl_->zones.begin(), impl_->zones.end(), [&](const Geozone* zone) {
    if (distance_m(zone->footprint, p_enu) >= options_.policy.zone_margin_m + kProofMargin_m) return false;
    const double lower = zone->lower ? impl_->limit_msl_m(*zone->lower, *terrain) - kProofMargin_m : -kInfinity;
    const double upper = zone->upper ? impl_->limit_msl_m(*zone->upper, *terrain) + kProofMargin_m : kInfinity;
    return z0_msl_m < upper && z1_msl_m > lower;
  });
}

const Geozone* AirspaceView::blocking_zone(const Enu3& p_enu) const {
  const Enu2 xy(p_enu.x(), p_enu.y());
  const double terrain = impl_->airspace.terrain.height_msl_m(xy).value_or(0.0);
  for (const Geozone* zone : impl_->zones) {
    if (distance_m(zone->footprint, xy) >= options_.policy.zone_margin_m + kProofMargin_m) continue;
    if (zone->lower && p_enu.z() <= impl_->limit_msl_m(*zone->lower, terrain) - kProofMargin_m) continue;
    if (zone->upper && p_enu.z() >= impl_->limit_msl_m(*zone->upper, terrain) + kProofMargin_m) continue;
    return zone;
  }
  return nullptr;
}

std::vector<std::size_t> AirspaceView::obstacles_near(const Enu2& p_enu, double radius_m) const {
  const Box2 box = Box2{p_enu, p_enu}.grown(radius_m);
  std::vector<std::size_t> near = impl_->obstacles.meeting(box);
  std::erase_if(near, [&](std::size_t k) { return distance_m(airspace_->obstacles[k].footprint, p_enu) >= radius_m; });
  return near;
}

}  // namespace swiftlet::geo
