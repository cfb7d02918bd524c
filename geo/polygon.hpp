#pragma once

#include <limits>
#include <vector>

#include "geo/local_frame.hpp"

namespace swiftlet::geo {

/// An axis-parallel box in the local frame, metres; closed.
struct Box2 {
  Enu2 min{Enu2::Constant(std::numeric_limits<double>::infinity())};
  Enu2 max{Enu2::Constant(-std::numeric_limits<double>::infinity())};

  void include(const Enu2& p) {
    min = min.cwiseMin(p);
    max = max.cwiseMax(p);
  }
  [[nodiscard]] Box2 grown(double by_m) const { return {min - Enu2::Constant(by_m), max + Enu2::Constant(by_m)}; }
  [[nodiscard]] bool contains(const Enu2& p) const {
    return (p.array() >= min.array()).all() && (p.array() <= max.array()).all();
  }
  [[nodiscard]] bool intersects(const Box2& other) const {
    return (min.array() <= other.max.array()).all() && (other.min.array() <= max.array()).all();
  }
};

/// A closed ring: the last point is joined to the first, and not repeated.
using Ring = std::vector<Enu2>;

/// A polygon in the local frame. Holes are not footprint. Rings need no particular direction.
struct Polygon {
  Ring outer;
  std::vector<Ring> holes;
};

using MultiPolygon = std::vector<Polygon>;

[[nodiscard]] Box2 bounds(const MultiPolygon& shape);

/// True where p lies inside (even-odd rule; holes excluded). Half-open on the edges, up to rounding: of two polygons
/// that share an edge, a point of it lies in one. Where the closed footprint is meant, ask for distance_m(…) == 0.
[[nodiscard]] bool contains(const MultiPolygon& shape, const Enu2& p_enu);

/// Distance in metres from p to the closed footprint; 0 inside. Exact up to double rounding.
[[nodiscard]] double distance_m(const MultiPolygon& shape, const Enu2& p_enu);

/// Distance in metres from the closed box to the closed footprint; 0 where they touch or overlap.
[[nodiscard]] double distance_m(const MultiPolygon& shape, const Box2& box);

/// Distance in metres from the segment a-b to the closed footprint; 0 where they touch or overlap.
[[nodiscard]] double distance_m(const MultiPolygon& shape, const Enu2& a_enu, const Enu2& b_enu);

/// The distance between two closed segments, metres.
[[nodiscard]] double segment_distance_m(const Enu2& a, const Enu2& b, const Enu2& c, const Enu2& d);

[[nodiscard]] double point_segment_distance_m(const Enu2& p, const Enu2& a, const Enu2& b);

/// Calls visit(a, b) for every edge of every ring, holes included.
template <class Visit>
void for_each_edge(const MultiPolygon& shape, Visit&& visit) {
  const auto walk = [&](const Ring& ring) {
    for (std::size_t i = 0, n = ring.size(); i < n; ++i) visit(ring[i], ring[i + 1 == n ? 0 : i + 1]);
  };
  for (const Polygon& polygon : shape) {
    walk(polygon.outer);
    for (const Ring& hole : polygon.holes) walk(hole);
  }
}

}  // namespace swiftlet::geo
