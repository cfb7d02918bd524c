#pragma once

#include <geos_c.h>

#include <optional>
#include <string>
#include <vector>

#include "geo/error.hpp"
#include "geo/policy.hpp"
#include "maps/referee/geos_shapes.hpp"

namespace swiftlet::maps::referee {

/// An obstacle as one feature of a source states it, in the local frame.
struct Prism {
  ErrorCause cause;  ///< kind of the source, id of the feature
  double top_msl_m = 0.0;
  std::optional<double> base_msl_m;  ///< only where the source gives it; without it nothing passes below
  std::vector<Part> parts;

  /// The base, where the policy lets a flight pass below it.
  [[nodiscard]] std::optional<double> passable_base_msl_m(const geo::Policy& policy) const {
    return policy.fly_under ? base_msl_m : std::nullopt;
  }
  /// Whether altitude z is too low to fly over it and too high to fly under it.
  [[nodiscard]] bool binds_at(double z_msl_m, const geo::Policy& policy) const {
    const auto base = passable_base_msl_m(policy);
    return z_msl_m < top_msl_m + policy.vertical_clearance_m - kTolerance_m &&
           (!base || z_msl_m > *base - policy.vertical_clearance_m + kTolerance_m);
  }
};

/// One polygon of a prism, ready for GEOS.
struct IndexedPart {
  const Prism* prism = nullptr;
  const Part* part = nullptr;
  Box box;
  GeosGeometry geometry;
};

/// All prisms of a region, found by place. Immutable after construction and safe to read from any number of threads,
/// each with a context of its own.
class PrismIndex {
 public:
  explicit PrismIndex(std::vector<Prism> prisms);
  ~PrismIndex();
  PrismIndex(const PrismIndex&) = delete;
  PrismIndex& operator=(const PrismIndex&) = delete;

  /// Parts whose bounds come within margin of the box.
  void near(const GeosContext& context, const Box& box, double margin_m, std::vector<const IndexedPart*>& out) const;

  /// All parts, the highest first.
  [[nodiscard]] const std::vector<const IndexedPart*>& parts_by_top() const { return by_top_; }

 private:
  std::vector<Prism> prisms_;
  std::vector<IndexedPart> parts_;
  std::vector<const IndexedPart*> by_top_;
  GeosContext context_;
  GEOSSTRtree* tree_ = nullptr;
};

/// The horizontal distance from the segment a-b to the part, metres; 0 where they meet.
[[nodiscard]] double distance_m(const GeosContext& context, Point2 a, Point2 b, const IndexedPart& part);

/// The point of the segment a-b that is nearest to the part, as a fraction of its length.
[[nodiscard]] double nearest_fraction(const GeosContext& context, Point2 a, Point2 b, const IndexedPart& part);

}  // namespace swiftlet::maps::referee
