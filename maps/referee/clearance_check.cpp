#include "maps/referee/clearance_check.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace swiftlet::maps::referee {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The part of `interval` on which the prism binds: too low to be over it, too high to be under it. Only parts of
/// some length count, since the limits themselves do not bind.
std::optional<Interval> binding_part(const Piece& piece, Interval interval, const Prism& prism,
                                     const geo::Policy& policy) {
  const double vertical_m = policy.vertical_clearance_m;
  const auto base_msl_m = prism.passable_base_msl_m(policy);
  const double z0 = piece.a->geo.alt_msl_m;
  const double dz = piece.b->geo.alt_msl_m - z0;
  if (dz == 0.0) return prism.binds_at(z0, policy) ? std::optional(interval) : std::nullopt;
  const double over = (prism.top_msl_m + vertical_m - kTolerance_m - z0) / dz;
  const double under =
      base_msl_m ? (*base_msl_m - vertical_m + kTolerance_m - z0) / dz : (dz > 0.0 ? -kInfinity : kInfinity);
  const Interval part{std::max(interval.from, std::min(over, under)), std::min(interval.to, std::max(over, under))};
  return part.from < part.to ? std::optional(part) : std::nullopt;
}

double vertical_clearance_m(const Prism& prism, const geo::Policy& policy, double z_msl_m) {
  const auto base_msl_m = prism.passable_base_msl_m(policy);
  if (base_msl_m && z_msl_m < *base_msl_m) return *base_msl_m - z_msl_m;
  return z_msl_m - prism.top_msl_m;
}

struct Closest {
  double clearance_m = kInfinity;
  const Prism* prism = nullptr;
  GeoPoint at = {};
};

class ClearanceCheck {
 public:
  ClearanceCheck(const Sources& sources, const geo::Policy& policy, const Instruments& instruments,
                 const FlightPath& path, Findings& findings)
      : sources_(sources), policy_(policy), geos_(instruments.geos), path_(path), findings_(findings) {}

  void run() {
    double radius_m = std::max(policy_.lateral_clearance_m, 30.0);
    search(radius_m, true);
    if (lateral_.clearance_m > radius_m) search(radius_m = std::max(radius_m, 200.0), false);
    if (lateral_.clearance_m > radius_m) search_everywhere();
  }

  void report(geo::RefereeReport& out) const {
    if (lateral_.prism != nullptr) out.min_lateral_clearance_m = lateral_.clearance_m;
    if (vertical_.prism != nullptr) out.min_vertical_clearance_m = vertical_.clearance_m;
    const Closest& nearest = lateral_.prism != nullptr ? lateral_ : vertical_;
    if (nearest.prism != nullptr) out.nearest = {.obstacle = nearest.prism->cause, .at = nearest.at};
  }

 private:
  void search(double radius_m, bool judge) {
    for (const Piece& piece : path_.pieces) {
      if (piece.en_route.empty()) continue;
      near_.clear();
      sources_.near(geos_, piece.box(), radius_m, loan_, near_);
      for (const IndexedPart* part : near_) visit(piece, *part, judge);
    }
  }

  /// For open country: from the highest prism down, until all that follow are overflown.
  void search_everywhere() {
    double lowest_m = kInfinity;
    for (const Piece& piece : path_.pieces) {
      for (const Interval& part : piece.en_route) {
        lowest_m = std::min({lowest_m, piece.alt_msl_m(part.from), piece.alt_msl_m(part.to)});
      }
    }
    for (const IndexedPart* part : sources_.prisms->parts_by_top()) {
      if (part->prism->top_msl_m + policy_.vertical_clearance_m <= lowest_m) break;
      for (const Piece& piece : path_.pieces) visit(piece, *part, false);
    }
    for (const PixelPrisms& raster : sources_.rasters) search_blocks(raster, lowest_m);
  }

  void search_blocks(const PixelPrisms& raster, double lowest_m) {
    for (const PixelPrisms::Block& block : raster.blocks()) {
      if (block.top_msl_m + policy_.vertical_clearance_m <= lowest_m) break;
      for (const Piece& piece : path_.pieces) {
        if (piece.en_route.empty()) continue;
        if (box_distance_lower_bound(block.box, piece.a->local, piece.b->local) >= lateral_.clearance_m) continue;
        near_.clear();
        raster.make(geos_, block, block.box, 0.0, loan_, near_);
        for (const IndexedPart* part : near_) visit(piece, *part, false);
      }
    }
  }

  void visit(const Piece& piece, const IndexedPart& part, bool judge) {
    // Cheap refusals first: most of what lies near a route is far below it.
    const double lowest_m = std::min(piece.a->geo.alt_msl_m, piece.b->geo.alt_msl_m);
    const bool overflown = lowest_m >= part.prism->top_msl_m + policy_.vertical_clearance_m;
    if (overflown && !judge) return;
    const double at_least_m = box_distance_lower_bound(part.box, piece.a->local, piece.b->local);
    const bool may_break = judge && at_least_m <= policy_.lateral_clearance_m;
    if (!may_break && (overflown || at_least_m >= lateral_.clearance_m)) return;
    for (const Interval& interval : piece.en_route) {
      if (const auto binding = binding_part(piece, interval, *part.prism, policy_)) {
        measure_lateral(piece, *binding, part, may_break);
      }
      if (may_break && may_be_nearest_below(piece, *part.prism)) measure_vertical(piece, interval, part);
    }
  }

  /// Whether the vertical clearance to the prism can be less than the least one yet, anywhere on the piece.
  [[nodiscard]] bool may_be_nearest_below(const Piece& piece, const Prism& prism) const {
    if (prism.passable_base_msl_m(policy_)) return true;
    const double lowest_m = std::min(piece.a->geo.alt_msl_m, piece.b->geo.alt_msl_m);
    return lowest_m - prism.top_msl_m < vertical_.clearance_m;
  }

  void measure_lateral(const Piece& piece, Interval binding, const IndexedPart& part, bool judge) {
    const Point2 a = piece.local(binding.from);
    const Point2 b = piece.local(binding.to);
    const double distance = distance_m(geos_, a, b, part);
    const bool broken = judge && (distance < policy_.lateral_clearance_m - kTolerance_m ||
                                  (distance == 0.0 && runs_inside(a, b, part)));
    if (!broken && distance >= lateral_.clearance_m) return;
    const double s = binding.from + nearest_fraction(geos_, a, b, part) * (binding.to - binding.from);
    if (distance < lateral_.clearance_m) lateral_ = {.clearance_m = distance, .prism = part.prism, .at = piece.at(s)};
    if (!broken) return;
    findings_.add({.rule = "lateral_clearance",
                   .segment = piece.segment,
                   .at = piece.at(s),
                   .required_m = policy_.lateral_clearance_m,
                   .actual_m = distance,
                   .cause = part.prism->cause},
                  policy_.lateral_clearance_m - distance);
  }

  /// Whether a-b runs through the inside of the footprint for more than the tolerance. With next to no lateral
  /// clearance asked for, touching a wall is allowed; flying through it never is.
  [[nodiscard]] bool runs_inside(Point2 a, Point2 b, const IndexedPart& part) const {
    const double length_m = std::hypot(b.x - a.x, b.y - a.y);
    double inside_m = 0.0;
    for (const Interval& cut : intervals_inside(*part.part, a, b)) inside_m += (cut.to - cut.from) * length_m;
    return inside_m > kTolerance_m || (length_m <= kTolerance_m && contains(*part.part, a));
  }

  void measure_vertical(const Piece& piece, Interval interval, const IndexedPart& part) {
    const double radius_m = policy_.lateral_clearance_m - kTolerance_m;
    const auto note = [&](double s) {
      const double clearance = vertical_clearance_m(*part.prism, policy_, piece.alt_msl_m(s));
      if (clearance < vertical_.clearance_m)
        vertical_ = {.clearance_m = clearance, .prism = part.prism, .at = piece.at(s)};
    };
    for (const Interval& near : intervals_near(*part.part, piece.a->local, piece.b->local, radius_m)) {
      const Interval cut{std::max(near.from, interval.from), std::min(near.to, interval.to)};
      if (cut.from > cut.to) continue;
      note(cut.from);
      note(cut.to);
    }
    for (const double s : {interval.from, interval.to}) {
      if (contains(*part.part, piece.local(s))) note(s);
    }
  }

  const Sources& sources_;
  const geo::Policy& policy_;
  const GeosContext& geos_;
  const FlightPath& path_;
  Findings& findings_;
  PrismLoan loan_;
  std::vector<const IndexedPart*> near_;
  Closest lateral_;
  Closest vertical_;
};

}  // namespace

void check_clearances(const Sources& sources, const geo::Policy& policy, const Instruments& instruments,
                      const FlightPath& path, geo::RefereeReport& report, Findings& findings) {
  ClearanceCheck check(sources, policy, instruments, path, findings);
  check.run();
  check.report(report);
}

}  // namespace swiftlet::maps::referee
