#include "maps/referee/zone_check.hpp"

#include <algorithm>
#include <cmath>

namespace swiftlet::maps::referee {
namespace {

/// c0 + c1 x + c2 x².
struct Quadratic {
  double c0 = 0.0;
  double c1 = 0.0;
  double c2 = 0.0;

  [[nodiscard]] double at(double x) const { return c0 + x * (c1 + x * c2); }

  void add_roots(double from, double to, std::vector<double>& out) const {
    const auto add = [&](double x) {
      if (x > from && x < to) out.push_back(x);
    };
    if (c2 == 0.0) {
      if (c1 != 0.0) add(-c0 / c1);
      return;
    }
    const double discriminant = c1 * c1 - 4.0 * c2 * c0;
    if (discriminant < 0.0) return;
    // The sum that does not cancel; the other root follows from the product of both.
    const double q = -0.5 * (c1 + std::copysign(std::sqrt(discriminant), c1));
    add(q / c2);
    if (q != 0.0) add(c0 / q);
  }
};

/// How far the piece is above a limit over one span of terrain, in the span's sigma.
Quadratic above(const ZoneLimit& limit, const Piece& piece, const TerrainSpan& span) {
  const double z = piece.alt_msl_m(span.from);
  Quadratic height{.c0 = z - limit.value_m, .c1 = piece.alt_msl_m(span.to) - z};
  if (limit.above_ground) {
    height.c0 -= span.constant_m;
    height.c1 -= span.linear_m;
    height.c2 -= span.square_m;
  }
  return height;
}

/// The parts of `within` (fractions of the piece) where the piece is between the zone's limits, over one span.
std::vector<Interval> between_limits(const Zone& zone, const Piece& piece, const TerrainSpan& span, Interval within) {
  const double length = span.to - span.from;
  const double from = std::max(0.0, (within.from - span.from) / length);
  const double to = std::min(1.0, (within.to - span.from) / length);
  if (!(from < to)) return {};
  std::vector<double> cuts{from, to};
  std::optional<Quadratic> over_lower;
  std::optional<Quadratic> over_upper;
  if (zone.lower) {
    over_lower = above(*zone.lower, piece, span);
    over_lower->c0 -= kTolerance_m;
    over_lower->add_roots(from, to, cuts);
  }
  if (zone.upper) {
    over_upper = above(*zone.upper, piece, span);
    over_upper->c0 += kTolerance_m;
    over_upper->add_roots(from, to, cuts);
  }
  std::sort(cuts.begin(), cuts.end());
  std::vector<Interval> inside;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    const double middle = 0.5 * (cuts[i] + cuts[i + 1]);
    if (cuts[i] == cuts[i + 1] || (over_lower && over_lower->at(middle) <= 0.0) ||
        (over_upper && over_upper->at(middle) >= 0.0)) {
      continue;
    }
    inside.push_back({span.from + cuts[i] * length, span.from + cuts[i + 1] * length});
  }
  return inside;
}

bool is_active(const Zone& zone, const geo::RouteUnderTest& route, const Piece& piece, Interval presence) {
  const UtcTime from = after(route.depart, piece.t_s(presence.from) - route.time_uncertainty_s);
  const UtcTime to = after(route.depart, piece.t_s(presence.to) + route.time_uncertainty_s);
  return zone.schedule.active_between(from, to);
}

void judge(const Zone& zone, const std::vector<Part>& closed_area, const geo::RouteUnderTest& route, const Piece& piece,
           Findings& findings) {
  for (const Part& part : closed_area) {
    for (const Interval& over : intervals_inside(part, piece.a->local, piece.b->local)) {
      for (const TerrainSpan& span : piece.terrain) {
        for (const Interval& presence : between_limits(zone, piece, span, over)) {
          if (!is_active(zone, route, piece, presence)) continue;
          findings.add({.rule = "geozone",
                        .segment = piece.segment,
                        .at = piece.at(0.5 * (presence.from + presence.to)),
                        .cause = ErrorCause{.kind = "geozone", .id = zone.id}},
                       0.0);
          return;
        }
      }
    }
  }
}

bool enters(const Zone& zone, const Piece& piece) {
  return std::any_of(zone.entered.begin(), zone.entered.end(),
                     [&](const Part& part) { return !intervals_inside(part, piece.a->local, piece.b->local).empty(); });
}

}  // namespace

void check_zones(const std::vector<const Zone*>& zones, const geo::RouteUnderTest& route,
                 const Instruments& instruments, const FlightPath& path, geo::RefereeReport& report,
                 Findings& findings) {
  const double margin_m = route.policy.zone_margin_m;
  Box route_box;
  for (const Piece& piece : path.pieces) {
    route_box.include(piece.a->local);
    route_box.include(piece.b->local);
  }
  for (const Zone* in_force : zones) {
    const Zone& zone = *in_force;
    if (!zone.box.meets(route_box, margin_m)) continue;
    const bool closed = zone.closed_to(route.authorisations);
    const std::vector<Part> closed_area =
        closed && margin_m > 0.0 ? grown(instruments.geos, zone.footprint, margin_m - kTolerance_m) : zone.entered;
    bool entered = false;
    for (const Piece& piece : path.pieces) {
      if (!zone.box.meets(piece.box(), margin_m)) continue;
      entered = entered || enters(zone, piece);
      if (closed) judge(zone, closed_area, route, piece, findings);
    }
    if (entered && std::find(report.geozones.begin(), report.geozones.end(), zone.id) == report.geozones.end()) {
      report.geozones.push_back(zone.id);
    }
  }
}

}  // namespace swiftlet::maps::referee
