#pragma once

#include <geos_c.h>

#include <memory>
#include <optional>
#include <vector>

#include "maps/referee/plane.hpp"

namespace swiftlet::maps::referee {

/// A re-entrant GEOS context. One a thread at a time.
class GeosContext {
 public:
  GeosContext() : handle_(GEOS_init_r()) {}
  ~GeosContext() { GEOS_finish_r(handle_); }
  GeosContext(const GeosContext&) = delete;
  GeosContext& operator=(const GeosContext&) = delete;

  [[nodiscard]] GEOSContextHandle_t get() const { return handle_; }

 private:
  GEOSContextHandle_t handle_;
};

/// A geometry that outlives the context it was made in: GEOS ties geometries to no context.
struct GeosGeometryDestroy {
  void operator()(GEOSGeometry* geometry) const;
};
using GeosGeometry = std::unique_ptr<GEOSGeometry, GeosGeometryDestroy>;

[[nodiscard]] GeosGeometry to_geos(const GeosContext& context, const Part& part);

/// The segment a-b; a point where it has no length.
[[nodiscard]] GeosGeometry to_geos(const GeosContext& context, Point2 a, Point2 b);

/// Why the polygon is not a proper one (self-crossing, no area, holes outside …); nothing where it is.
[[nodiscard]] std::optional<std::string> what_is_invalid(const GeosContext& context, const Part& part);

/// All points within radius of the line or point. The outline is a polygon that encloses every true arc.
[[nodiscard]] std::vector<Part> buffered(const GeosContext& context, const Ring& line_or_point, double radius_m);

/// The convex hull of all corners; a thin shape where they lie on a line, which has no parts.
[[nodiscard]] std::vector<Part> convex_hull(const GeosContext& context, const std::vector<Part>& parts);

/// The polygon grown (or, negative, shrunk) by a distance.
[[nodiscard]] std::vector<Part> grown(const GeosContext& context, const Part& part, double by_m);

}  // namespace swiftlet::maps::referee
