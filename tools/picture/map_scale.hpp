#pragma once

#include "geo/polygon.hpp"

namespace swiftlet::tools {

/// Metres of the local frame to a drawing's units, north up: `box` fills a rectangle whose upper left corner is at
/// (left, top).
struct MapScale {
  geo::Box2 box;
  double per_m = 1.0;
  double left = 0.0;
  double top = 0.0;

  [[nodiscard]] double width() const { return (box.max.x() - box.min.x()) * per_m; }
  [[nodiscard]] double height() const { return (box.max.y() - box.min.y()) * per_m; }
  [[nodiscard]] geo::Enu2 at(const geo::Enu2& p) const {
    return {left + (p.x() - box.min.x()) * per_m, top + (box.max.y() - p.y()) * per_m};
  }
  [[nodiscard]] geo::Enu2 place(double x, double y) const {
    return {box.min.x() + (x - left) / per_m, box.max.y() - (y - top) / per_m};
  }
};

}  // namespace swiftlet::tools
