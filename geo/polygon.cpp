#include "geo/polygon.hpp"

#include <algorithm>
#include <cmath>

namespace swiftlet::geo {
namespace {

double cross(const Enu2& u, const Enu2& v) { return u.x() * v.y() - u.y() * v.x(); }

/// Proper or touching intersection of closed segments.
bool segments_meet(const Enu2& a, const Enu2& b, const Enu2& c, const Enu2& d) {
  const double c_side = cross(b - a, c - a);
  const double d_side = cross(b - a, d - a);
  const double a_side = cross(d - c, a - c);
  const double b_side = cross(d - c, b - c);
  return ((c_side > 0) != (d_side > 0)) && ((a_side > 0) != (b_side > 0));
}

/// Whether the segment a-b meets the closed box (slab test).
bool meets(const Box2& box, const Enu2& a, const Enu2& b) {
  double t0 = 0.0;
  double t1 = 1.0;
  for (int axis = 0; axis < 2; ++axis) {
    const double from = a[axis];
    const double step = b[axis] - a[axis];
    if (step == 0.0) {
      if (from < box.min[axis] || from > box.max[axis]) return false;
      continue;
    }
    double near = (box.min[axis] - from) / step;
    double far = (box.max[axis] - from) / step;
    if (near > far) std::swap(near, far);
    t0 = std::max(t0, near);
    t1 = std::min(t1, far);
    if (t0 > t1) return false;
  }
  return true;
}

double point_box_distance_m(const Enu2& p, const Box2& box) {
  const Enu2 outside = (box.min - p).cwiseMax(p - box.max).cwiseMax(Enu2::Zero());
  return outside.norm();
}

double box_segment_distance_m(const Box2& box, const Enu2& a, const Enu2& b) {
  if (meets(box, a, b)) return 0.0;
  double d = std::min(point_box_distance_m(a, box), point_box_distance_m(b, box));
  for (const Enu2& corner : {box.min, Enu2(box.max.x(), box.min.y()), box.max, Enu2(box.min.x(), box.max.y())}) {
    d = std::min(d, point_segment_distance_m(corner, a, b));
  }
  return d;
}

}  // namespace

double point_segment_distance_m(const Enu2& p, const Enu2& a, const Enu2& b) {
  const Enu2 ab = b - a;
  const double length2 = ab.squaredNorm();
  if (length2 == 0.0) return (p - a).norm();
  const double t = std::clamp((p - a).dot(ab) / length2, 0.0, 1.0);
  return (p - (a + t * ab)).norm();
}

double segment_distance_m(const Enu2& a, const Enu2& b, const Enu2& c, const Enu2& d) {
  if (segments_meet(a, b, c, d)) return 0.0;
  return std::min({point_segment_distance_m(a, c, d), point_segment_distance_m(b, c, d),
                   point_segment_distance_m(c, a, b), point_segment_distance_m(d, a, b)});
}

Box2 bounds(const MultiPolygon& shape) {
  Box2 box;
  for (const Polygon& polygon : shape) {
    for (const Enu2& p : polygon.outer) box.include(p);
  }
  return box;
}

bool contains(const MultiPolygon& shape, const Enu2& p_enu) {
  for (const Polygon& polygon : shape) {
    bool inside = false;
    const auto cross_ring = [&](const Ring& ring) {
      for (std::size_t i = 0, n = ring.size(); i < n; ++i) {
        const Enu2& a = ring[i];
        const Enu2& b = ring[i + 1 == n ? 0 : i + 1];
        if ((a.y() > p_enu.y()) == (b.y() > p_enu.y())) continue;
        if (p_enu.x() < a.x() + (p_enu.y() - a.y()) / (b.y() - a.y()) * (b.x() - a.x())) inside = !inside;
      }
    };
    cross_ring(polygon.outer);
    for (const Ring& hole : polygon.holes) cross_ring(hole);
    if (inside) return true;
  }
  return false;
}

double distance_m(const MultiPolygon& shape, const Enu2& p_enu) {
  if (contains(shape, p_enu)) return 0.0;
  double d = std::numeric_limits<double>::infinity();
  for_each_edge(shape, [&](const Enu2& a, const Enu2& b) { d = std::min(d, point_segment_distance_m(p_enu, a, b)); });
  return d;
}

double distance_m(const MultiPolygon& shape, const Box2& box) {
  if (contains(shape, box.min)) return 0.0;
  double d = std::numeric_limits<double>::infinity();
  for_each_edge(shape, [&](const Enu2& a, const Enu2& b) { d = std::min(d, box_segment_distance_m(box, a, b)); });
  return d;
}

double distance_m(const MultiPolygon& shape, const Enu2& a_enu, const Enu2& b_enu) {
  if (contains(shape, a_enu)) return 0.0;
  double d = std::numeric_limits<double>::infinity();
  for_each_edge(shape, [&](const Enu2& a, const Enu2& b) { d = std::min(d, segment_distance_m(a_enu, b_enu, a, b)); });
  return d;
}

}  // namespace swiftlet::geo
