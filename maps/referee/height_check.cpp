#include "maps/referee/height_check.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace swiftlet::maps::referee {
namespace {

/// A height above the ground and where on the piece it is.
struct HeightAt {
  double agl_m;
  double s;
};

/// The height above the ground over one span, in sigma.
class HeightOverSpan {
 public:
  HeightOverSpan(const Piece& piece, const TerrainSpan& span) : span_(span) {
    const double z = piece.alt_msl_m(span.from);
    constant_ = z - span.constant_m;
    linear_ = piece.alt_msl_m(span.to) - z - span.linear_m;
    square_ = -span.square_m;
  }

  [[nodiscard]] HeightAt at(double sigma) const {
    return {.agl_m = constant_ + sigma * (linear_ + sigma * square_),
            .s = span_.from + sigma * (span_.to - span_.from)};
  }

  /// The lowest and highest over the part of the span that `within`, in fractions of the piece, leaves.
  [[nodiscard]] std::pair<HeightAt, HeightAt> extremes(Interval within) const {
    const double length = span_.to - span_.from;
    const double from = std::clamp((within.from - span_.from) / length, 0.0, 1.0);
    const double to = std::clamp((within.to - span_.from) / length, 0.0, 1.0);
    std::pair<HeightAt, HeightAt> out{at(from), at(from)};
    include(at(to), out);
    if (square_ != 0.0) {
      const double vertex = -linear_ / (2.0 * square_);
      if (vertex > from && vertex < to) include(at(vertex), out);
    }
    return out;
  }

 private:
  static void include(HeightAt here, std::pair<HeightAt, HeightAt>& out) {
    if (here.agl_m < out.first.agl_m) out.first = here;
    if (here.agl_m > out.second.agl_m) out.second = here;
  }

  const TerrainSpan& span_;
  double constant_;
  double linear_;
  double square_;
};

class HeightCheck {
 public:
  HeightCheck(const geo::Policy& policy, Findings& findings) : policy_(policy), findings_(findings) {}

  void check(const Piece& piece) {
    for (const TerrainSpan& span : piece.terrain) {
      if (!span.known) {
        findings_.add({.rule = "out_of_region", .segment = piece.segment, .at = piece.at(span.from)}, 0.0);
        continue;
      }
      const HeightOverSpan height(piece, span);
      const auto [lowest, highest] = height.extremes({span.from, span.to});
      highest_m_ = std::max(highest_m_, highest.agl_m);
      if (lowest.agl_m < -kTolerance_m) broken("below_ground", piece, lowest, 0.0);
      if (highest.agl_m > policy_.max_height_agl_m + kTolerance_m) {
        broken("max_height_agl", piece, highest, policy_.max_height_agl_m);
      }
      for (const Interval& interval : piece.en_route) {
        const Interval within{std::max(interval.from, span.from), std::min(interval.to, span.to)};
        if (within.from > within.to) continue;
        const HeightAt low = height.extremes(within).first;
        lowest_m_ = std::min(lowest_m_, low.agl_m);
        if (low.agl_m < policy_.min_height_agl_m - kTolerance_m) {
          broken("min_height_agl", piece, low, policy_.min_height_agl_m);
        }
      }
    }
  }

  void report(geo::RefereeReport& out) const {
    constexpr double kNone = std::numeric_limits<double>::infinity();
    out.min_height_agl_m = lowest_m_ == kNone ? 0.0 : lowest_m_;
    out.max_height_agl_m = highest_m_ == -kNone ? 0.0 : highest_m_;
  }

 private:
  void broken(const char* rule, const Piece& piece, HeightAt where, double required_m) {
    findings_.add({.rule = rule,
                   .segment = piece.segment,
                   .at = piece.at(where.s),
                   .required_m = required_m,
                   .actual_m = where.agl_m,
                   .cause = ErrorCause{.kind = "terrain", .id = ""}},
                  std::abs(required_m - where.agl_m));
  }

  const geo::Policy& policy_;
  Findings& findings_;
  double lowest_m_ = std::numeric_limits<double>::infinity();
  double highest_m_ = -std::numeric_limits<double>::infinity();
};

}  // namespace

void check_heights(const geo::Policy& policy, const FlightPath& path, geo::RefereeReport& report, Findings& findings) {
  const int last_segment = static_cast<int>(path.waypoint.size()) - 2;
  for (const PathPoint& point : path.points) {
    if (point.in_hull) continue;
    // A waypoint ends one segment and begins the next; a point between waypoints lies in one only.
    const bool is_waypoint = &point == &path.points[path.waypoint[static_cast<std::size_t>(point.segment)]];
    if (is_waypoint && point.segment > 0) {
      findings.add({.rule = "out_of_region", .segment = point.segment - 1, .at = point.geo}, 0.0);
    }
    if (point.segment <= last_segment) {
      findings.add({.rule = "out_of_region", .segment = point.segment, .at = point.geo}, 0.0);
    }
  }
  HeightCheck check(policy, findings);
  for (const Piece& piece : path.pieces) check.check(piece);
  check.report(report);
}

}  // namespace swiftlet::maps::referee
