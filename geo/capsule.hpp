#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "geo/local_frame.hpp"

namespace swiftlet::geo {

/// All points within a radius of a segment: a convex shape, looked at along lines of constant y.
class Capsule {
 public:
  struct Chord {
    double from;
    double to;
  };

  Capsule(const Enu2& a, const Enu2& b, double radius) : a_(a), b_(b), r_(radius) {
    const Enu2 step = b - a;
    const double length = step.norm();
    if (length > 0.0 && std::abs(step.y()) > 1e-12 * length) {
      // Towards the east side; the west side is its mirror image.
      offset_ = Enu2(step.y(), -step.x()) * (r_ / length);
      if (offset_.x() < 0.0) offset_ = -offset_;
      dx_dy_ = step.x() / step.y();
      has_sides_ = true;
    }
  }

  [[nodiscard]] double min_y() const { return std::min(a_.y(), b_.y()) - r_; }
  [[nodiscard]] double max_y() const { return std::max(a_.y(), b_.y()) + r_; }

  /// The chord at height y; from > to where there is none.
  [[nodiscard]] Chord at(double y) const {
    Chord chord{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
    for (const Enu2* end : {&a_, &b_}) {
      const double dy = y - end->y();
      const double square = r_ * r_ - dy * dy;
      if (square < 0.0) continue;
      const double half = std::sqrt(square);
      chord.from = std::min(chord.from, end->x() - half);
      chord.to = std::max(chord.to, end->x() + half);
    }
    if (!has_sides_) return chord;
    const double lo = std::min(a_.y(), b_.y());
    const double hi = std::max(a_.y(), b_.y());
    if (y >= lo + offset_.y() && y <= hi + offset_.y()) {
      chord.to = std::max(chord.to, a_.x() + offset_.x() + (y - a_.y() - offset_.y()) * dx_dy_);
    }
    if (y >= lo - offset_.y() && y <= hi - offset_.y()) {
      chord.from = std::min(chord.from, a_.x() - offset_.x() + (y - a_.y() + offset_.y()) * dx_dy_);
    }
    return chord;
  }

  /// The extent in x of what lies between two heights y0 ≤ y1; from > to where there is nothing. East and west side
  /// are concave and convex in y, so that each is extreme at its own extreme place or as near to it as the strip comes.
  [[nodiscard]] Chord between(double y0, double y1) const {
    if (y1 < min_y() || y0 > max_y()) {
      return {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
    }
    const double east_y = a_.x() > b_.x() ? a_.y() : b_.y();
    const double west_y = a_.x() > b_.x() ? b_.y() : a_.y();
    const double bottom = std::max(y0, min_y());
    const double top = std::min(y1, max_y());
    return {at(std::clamp(west_y, bottom, top)).from, at(std::clamp(east_y, bottom, top)).to};
  }

 private:
  Enu2 a_;
  Enu2 b_;
  double r_;
  Enu2 offset_ = Enu2::Zero();
  double dx_dy_ = 0.0;
  bool has_sides_ = false;
};

}  // namespace swiftlet::geo
