#include "maps/referee/plane.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace swiftlet::maps::referee {
namespace {

Point2 operator-(Point2 u, Point2 v) { return {u.x - v.x, u.y - v.y}; }
double dot(Point2 u, Point2 v) { return u.x * v.x + u.y * v.y; }
double cross(Point2 u, Point2 v) { return u.x * v.y - u.y * v.x; }
Point2 along(Point2 a, Point2 b, double s) { return {a.x + s * (b.x - a.x), a.y + s * (b.y - a.y)}; }

/// Where lo <= offset + s * slope <= hi, cut to `within`.
std::optional<Interval> between(double offset, double slope, double lo, double hi, Interval within) {
  if (slope == 0.0) return offset >= lo && offset <= hi ? std::optional(within) : std::nullopt;
  double from = (lo - offset) / slope;
  double to = (hi - offset) / slope;
  if (from > to) std::swap(from, to);
  const Interval cut{std::max(from, within.from), std::min(to, within.to)};
  return cut.from <= cut.to ? std::optional(cut) : std::nullopt;
}

/// Where a + s * d is within radius of c.
std::optional<Interval> in_disc(Point2 a, Point2 d, Point2 c, double radius) {
  const Point2 ca = a - c;
  const double constant = dot(ca, ca) - radius * radius;
  const double square = dot(d, d);
  if (square == 0.0) return constant < 0.0 ? std::optional(Interval{}) : std::nullopt;
  const double half = dot(ca, d);
  const double discriminant = half * half - square * constant;
  if (discriminant <= 0.0) return std::nullopt;
  const double root = std::sqrt(discriminant);
  const Interval cut{std::max(0.0, (-half - root) / square), std::min(1.0, (-half + root) / square)};
  return cut.from <= cut.to ? std::optional(cut) : std::nullopt;
}

/// Where a + s * d is within radius of the edge p-q: two discs and a rectangle, together convex.
std::optional<Interval> in_capsule(Point2 a, Point2 d, Point2 p, Point2 q, double radius) {
  std::optional<Interval> whole;
  const auto join = [&](const std::optional<Interval>& one) {
    if (!one) return;
    whole = whole ? Interval{std::min(whole->from, one->from), std::max(whole->to, one->to)} : *one;
  };
  join(in_disc(a, d, p, radius));
  join(in_disc(a, d, q, radius));
  const Point2 e = q - p;
  const double length = std::hypot(e.x, e.y);
  if (length > 0.0) {
    const auto beside = between(dot(a - p, e) / length, dot(d, e) / length, 0.0, length, {});
    if (beside) join(between(cross(e, a - p) / length, cross(e, d) / length, -radius, radius, *beside));
  }
  return whole;
}

}  // namespace

void Box::include(Point2 p) {
  min_x = std::min(min_x, p.x);
  min_y = std::min(min_y, p.y);
  max_x = std::max(max_x, p.x);
  max_y = std::max(max_y, p.y);
}

bool Box::meets(const Box& other, double margin) const {
  return min_x - margin <= other.max_x && other.min_x - margin <= max_x && min_y - margin <= other.max_y &&
         other.min_y - margin <= max_y;
}

Box bounds(const Part& part) {
  Box box;
  for (const Point2& p : part.rings.front()) box.include(p);
  return box;
}

bool contains(const Part& part, Point2 p) {
  bool inside = false;
  for (const Ring& ring : part.rings) {
    for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
      const Point2 a = ring[i];
      const Point2 b = ring[i + 1];
      if ((a.y > p.y) == (b.y > p.y)) continue;
      if (p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x)) inside = !inside;
    }
  }
  return inside;
}

double box_distance_lower_bound(const Box& box, Point2 a, Point2 b) {
  const double gap_x = std::max({box.min_x - std::max(a.x, b.x), std::min(a.x, b.x) - box.max_x, 0.0});
  const double gap_y = std::max({box.min_y - std::max(a.y, b.y), std::min(a.y, b.y) - box.max_y, 0.0});
  const double gap = std::sqrt(gap_x * gap_x + gap_y * gap_y);
  const Point2 d = b - a;
  const double length = std::sqrt(dot(d, d));
  if (length == 0.0) return gap;
  // The carrying line separates where the whole box lies on one side of it.
  const Point2 centre{0.5 * (box.min_x + box.max_x), 0.5 * (box.min_y + box.max_y)};
  const double reach = 0.5 * (std::abs(d.y) * (box.max_x - box.min_x) + std::abs(d.x) * (box.max_y - box.min_y));
  return std::max(gap, (std::abs(cross(d, centre - a)) - reach) / length);
}

std::vector<Interval> intervals_inside(const Part& part, Point2 a, Point2 b) {
  const Point2 d = b - a;
  std::vector<double> cuts{0.0, 1.0};
  for (const Ring& ring : part.rings) {
    for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
      const Point2 edge = ring[i + 1] - ring[i];
      const double turn = cross(d, edge);
      if (turn == 0.0) continue;
      const Point2 to_edge = ring[i] - a;
      const double s = cross(to_edge, edge) / turn;
      const double u = cross(to_edge, d) / turn;
      if (u >= 0.0 && u <= 1.0 && s > 0.0 && s < 1.0) cuts.push_back(s);
    }
  }
  std::sort(cuts.begin(), cuts.end());
  std::vector<Interval> inside;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    if (cuts[i] == cuts[i + 1] || !contains(part, along(a, b, 0.5 * (cuts[i] + cuts[i + 1])))) continue;
    inside.push_back({cuts[i], cuts[i + 1]});
  }
  return inside;
}

std::vector<Interval> intervals_near(const Part& part, Point2 a, Point2 b, double radius) {
  std::vector<Interval> near;
  const Point2 d = b - a;
  for (const Ring& ring : part.rings) {
    for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
      if (const auto interval = in_capsule(a, d, ring[i], ring[i + 1], radius)) near.push_back(*interval);
    }
  }
  return near;
}

}  // namespace swiftlet::maps::referee
