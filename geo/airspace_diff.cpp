#include "geo/airspace_diff.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace swiftlet::geo {
namespace {

constexpr double kSameShape_m = 0.005;
constexpr double kSameHeight_m = 0.001;

/// Brings the earlier airspace's places into the later one's frame.
class Carrier {
 public:
  Carrier(const LocalFrame& earlier, const LocalFrame& later)
      : earlier_(earlier), later_(later), same_(earlier.centre() == later.centre()) {}

  [[nodiscard]] Enu2 to_later(const Enu2& p) const { return same_ ? p : later_.to_local(earlier_.to_lonlat(p)); }
  [[nodiscard]] Enu2 to_earlier(const Enu2& p) const { return same_ ? p : earlier_.to_local(later_.to_lonlat(p)); }
  [[nodiscard]] bool same() const { return same_; }

  [[nodiscard]] MultiPolygon to_later(MultiPolygon shape) const {
    for (Polygon& polygon : shape) {
      for (Enu2& p : polygon.outer) p = to_later(p);
      for (Ring& hole : polygon.holes) {
        for (Enu2& p : hole) p = to_later(p);
      }
    }
    return shape;
  }

 private:
  const LocalFrame& earlier_;
  const LocalFrame& later_;
  bool same_;
};

bool equal(const Polygon& a, const Polygon& b) { return a.outer == b.outer && a.holes == b.holes; }

/// Whether every corner of one lies on an edge of the other.
bool on_edges_of(const MultiPolygon& a, const MultiPolygon& b) {
  bool all = true;
  for_each_edge(a, [&](const Enu2& corner, const Enu2&) {
    if (!all) return;
    bool near = false;
    for_each_edge(b, [&](const Enu2& from, const Enu2& to) {
      near = near || point_segment_distance_m(corner, from, to) <= kSameShape_m;
    });
    all = near;
  });
  return all;
}

bool same_shape(const MultiPolygon& earlier, const MultiPolygon& later, const Carrier& carrier) {
  if (carrier.same() && std::equal(earlier.begin(), earlier.end(), later.begin(), later.end(), equal)) return true;
  const MultiPolygon carried = carrier.to_later(earlier);
  return on_edges_of(carried, later) && on_edges_of(later, carried);
}

bool same(const Obstacle& a, const Obstacle& b, const Carrier& carrier) {
  const bool same_base = a.base_msl_m.has_value() == b.base_msl_m.has_value() &&
                         (!a.base_msl_m || std::abs(*a.base_msl_m - *b.base_msl_m) <= kSameHeight_m);
  return same_base && std::abs(a.top_msl_m - b.top_msl_m) <= kSameHeight_m &&
         same_shape(a.footprint, b.footprint, carrier);
}

bool same(const Geozone& a, const Geozone& b, const Carrier& carrier) {
  return a.name == b.name && a.restriction == b.restriction && a.lower == b.lower && a.upper == b.upper &&
         a.applicability == b.applicability && same_shape(a.footprint, b.footprint, carrier);
}

bool same(const Pad& a, const Pad& b, const Carrier& /*carrier*/) {
  return a.name == b.name && a.kind == b.kind &&
         std::equal(a.slots.begin(), a.slots.end(), b.slots.begin(), b.slots.end(),
                    [](const GeoPoint& p, const GeoPoint& q) {
                      return std::abs(p.lon_deg - q.lon_deg) < 1e-8 && std::abs(p.lat_deg - q.lat_deg) < 1e-8 &&
                             std::abs(p.alt_msl_m - q.alt_msl_m) <= kSameHeight_m;
                    });
}

std::string name_of(const Obstacle& obstacle) { return obstacle.kind + " " + obstacle.id; }
std::string name_of(const Geozone& zone) { return zone.id; }
std::string name_of(const Pad& pad) { return pad.id; }

/// Compares what has the same name, in order.
template <class List>
NamedChanges compare_named(const List& earlier, const List& later, const Carrier& carrier) {
  using Thing = std::remove_cvref_t<decltype(*earlier.begin())>;
  struct Sides {
    std::vector<const Thing*> earlier, later;
  };
  std::map<std::string, Sides> by_name;
  for (const Thing& thing : earlier) by_name[name_of(thing)].earlier.push_back(&thing);
  for (const Thing& thing : later) by_name[name_of(thing)].later.push_back(&thing);
  NamedChanges changes;
  for (const auto& [name, sides] : by_name) {
    if (sides.earlier.empty()) {
      changes.added.push_back(name);
    } else if (sides.later.empty()) {
      changes.removed.push_back(name);
    } else if (!std::equal(sides.earlier.begin(), sides.earlier.end(), sides.later.begin(), sides.later.end(),
                           [&](const Thing* a, const Thing* b) { return same(*a, *b, carrier); })) {
      changes.changed.push_back(name);
    }
  }
  return changes;
}

TerrainChanges compare_terrain(const Airspace& earlier, const Airspace& later, const Carrier& carrier) {
  constexpr int kTile = 64;
  const GridFrame& grid = later.bounds.grid();
  const GridFrame& before = earlier.bounds.grid();
  TerrainChanges changes;
  changes.extent_changed = !carrier.same() || grid.origin != before.origin || grid.cell_m != before.cell_m ||
                           grid.nx != before.nx || grid.ny != before.ny;
  for (int j0 = 0; j0 < grid.ny; j0 += kTile) {
    for (int i0 = 0; i0 < grid.nx; i0 += kTile) {
      bool changed = false;
      for (int j = j0; j <= std::min(j0 + kTile, grid.ny); ++j) {
        for (int i = i0; i <= std::min(i0 + kTile, grid.nx); ++i) {
          const Enu2 p = grid.node(i, j);
          const auto now = later.terrain.height_msl_m(p);
          const auto then = earlier.terrain.height_msl_m(carrier.to_earlier(p));
          if (now.has_value() != then.has_value()) {
            // At the rim another frame's rounding decides.
            changed = changed || carrier.same();
          } else if (now) {
            changes.largest_change_m = std::max(changes.largest_change_m, std::abs(*now - *then));
            changed = changed || std::abs(*now - *then) > kSameHeight_m;
          }
        }
      }
      ++changes.tiles;
      if (changed) ++changes.changed_tiles;
    }
  }
  return changes;
}

}  // namespace

AirspaceDiff compare(const Airspace& earlier, const Airspace& later) {
  const Carrier carrier(earlier.frame, later.frame);
  return {.obstacles = compare_named(earlier.obstacles, later.obstacles, carrier),
          .zones = compare_named(earlier.zones, later.zones, carrier),
          .pads = compare_named(earlier.pads, later.pads, carrier),
          .terrain = compare_terrain(earlier, later, carrier),
          .policy_changed = earlier.policy != later.policy,
          .wind_changed = earlier.wind != later.wind || !(earlier.wind_field == later.wind_field),
          .ground_risk_changed = !(earlier.ground_risk == later.ground_risk)};
}

}  // namespace swiftlet::geo
