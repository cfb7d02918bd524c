#pragma once

#include <limits>
#include <vector>

namespace swiftlet::maps::referee {

/// What the contract allows a checker to overlook, in every direction.
inline constexpr double kTolerance_m = 0.01;

/// A place in the referee's own local frame (metres east, metres north) or, where said so, in the pixel coordinates of
/// the terrain (column, row; integers at cell centres).
struct Point2 {
  double x = 0.0;
  double y = 0.0;
};

/// Part of a straight piece, as fractions of its length.
struct Interval {
  double from = 0.0;
  double to = 1.0;
};

/// Axis-parallel bounds, closed.
struct Box {
  double min_x = std::numeric_limits<double>::infinity();
  double min_y = std::numeric_limits<double>::infinity();
  double max_x = -std::numeric_limits<double>::infinity();
  double max_y = -std::numeric_limits<double>::infinity();

  void include(Point2 p);
  [[nodiscard]] bool meets(const Box& other, double margin = 0.0) const;
};

/// A closed ring: the first point is repeated at the end.
using Ring = std::vector<Point2>;

/// One polygon: rings[0] is its outline, the others are holes.
struct Part {
  std::vector<Ring> rings;
};

[[nodiscard]] Box bounds(const Part& part);

/// Even-odd rule over all rings; points on an edge may fall on either side.
[[nodiscard]] bool contains(const Part& part, Point2 p);

/// Horizontal distance from the segment a-b to the box; 0 where they meet. A lower bound, cheap, of the distance to
/// whatever the box encloses.
[[nodiscard]] double box_distance_lower_bound(const Box& box, Point2 a, Point2 b);

/// The parts of a-b that lie inside, in order. Exact up to rounding; what runs along an edge may be left out.
[[nodiscard]] std::vector<Interval> intervals_inside(const Part& part, Point2 a, Point2 b);

/// Intervals whose union, together with ends of a-b that lie inside, holds the extreme fractions of every part of a-b
/// that is nearer to the polygon than radius: one interval an edge that comes that near. Closed form.
[[nodiscard]] std::vector<Interval> intervals_near(const Part& part, Point2 a, Point2 b, double radius);

}  // namespace swiftlet::maps::referee
