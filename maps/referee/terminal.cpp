#include "maps/referee/terminal.hpp"

#include <algorithm>
#include <cmath>

namespace swiftlet::maps::referee {
namespace {

constexpr double kOffAxis_m = 0.05;

/// One end of the path and the points that stand over it.
struct Terminal {
  const PathPoint* deck = nullptr;
  std::size_t first = 0;  ///< index into path.points
  std::size_t last = 0;
  int segment = 0;
};

bool on_axis(const PathPoint& p, const PathPoint& deck) {
  return p.in_hull && std::hypot(p.local.x - deck.local.x, p.local.y - deck.local.y) <= kOffAxis_m;
}

Terminal start_of(const FlightPath& path) {
  Terminal terminal{.deck = &path.points.front()};
  while (terminal.last + 1 < path.points.size() && on_axis(path.points[terminal.last + 1], *terminal.deck)) {
    ++terminal.last;
  }
  return terminal;
}

Terminal goal_of(const FlightPath& path) {
  const std::size_t end = path.points.size() - 1;
  Terminal terminal{
      .deck = &path.points.back(), .first = end, .last = end, .segment = static_cast<int>(path.waypoint.size()) - 2};
  while (terminal.first > 0 && on_axis(path.points[terminal.first - 1], *terminal.deck)) --terminal.first;
  return terminal;
}

Box around(Point2 p) { return {.min_x = p.x, .min_y = p.y, .max_x = p.x, .max_y = p.y}; }

/// The first altitude from the deck upwards at which floor and clearances hold over the deck's own place.
double first_free_altitude(const Sources& sources, const geo::Policy& policy, const Instruments& instruments,
                           const PathPoint& deck) {
  double z = deck.geo.alt_msl_m;
  if (const auto ground = sources.dem.height_m(deck.pixel)) {
    if (z < *ground + policy.min_height_agl_m - kTolerance_m) z = *ground + policy.min_height_agl_m;
  }
  std::vector<const IndexedPart*> near;
  sources.prisms->near(instruments.geos, around(deck.local), policy.lateral_clearance_m, near);
  std::erase_if(near, [&](const IndexedPart* part) {
    return distance_m(instruments.geos, deck.local, deck.local, *part) >= policy.lateral_clearance_m - kTolerance_m;
  });
  // From the lowest top up: to clear one prism may lift into the next, never back into an earlier one.
  std::sort(near.begin(), near.end(),
            [](const IndexedPart* a, const IndexedPart* b) { return a->prism->top_msl_m < b->prism->top_msl_m; });
  for (const IndexedPart* part : near) {
    if (part->prism->binds_at(z, policy)) z = part->prism->top_msl_m + policy.vertical_clearance_m;
  }
  return z;
}

/// Nothing may stand higher than the deck inside the terminal cylinder, or over the deck itself.
void check_cylinder(const Sources& sources, const geo::Policy& policy, const Instruments& instruments,
                    const Terminal& terminal, Findings& findings) {
  const PathPoint& deck = *terminal.deck;
  std::vector<const IndexedPart*> near;
  sources.prisms->near(instruments.geos, around(deck.local), policy.terminal_radius_m, near);
  for (const IndexedPart* part : near) {
    if (part->prism->top_msl_m <= deck.geo.alt_msl_m + kTolerance_m) continue;
    const double distance = distance_m(instruments.geos, deck.local, deck.local, *part);
    if (distance > 0.0 && distance >= policy.terminal_radius_m - kTolerance_m) continue;
    findings.add({.rule = "terminal_radius",
                  .segment = terminal.segment,
                  .at = deck.geo,
                  .required_m = policy.terminal_radius_m,
                  .actual_m = distance,
                  .cause = part->prism->cause},
                 policy.terminal_radius_m - distance);
  }
}

/// Cuts `within` to where the piece is at or above free, or below the deck.
std::vector<Interval> not_exempt(const Piece& piece, const std::vector<Interval>& within, double deck_m,
                                 double free_m) {
  const double z0 = piece.a->geo.alt_msl_m;
  const double dz = piece.b->geo.alt_msl_m - z0;
  const auto exempt = [&](double s) {
    const double z = z0 + s * dz;
    return z >= deck_m - kTolerance_m && z < free_m;
  };
  std::vector<Interval> out;
  for (const Interval& interval : within) {
    std::vector<double> cuts{interval.from, interval.to};
    for (const double z : {deck_m - kTolerance_m, free_m}) {
      const double s = dz == 0.0 ? -1.0 : (z - z0) / dz;
      if (s > interval.from && s < interval.to) cuts.push_back(s);
    }
    std::sort(cuts.begin(), cuts.end());
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
      if (!exempt(0.5 * (cuts[i] + cuts[i + 1]))) out.push_back({cuts[i], cuts[i + 1]});
    }
  }
  return out;
}

}  // namespace

void apply_terminals(const Sources& sources, const geo::Policy& policy, const Instruments& instruments,
                     FlightPath& path, Findings& findings) {
  for (const Terminal& terminal : {start_of(path), goal_of(path)}) {
    if (!terminal.deck->in_hull) continue;
    const double deck_m = terminal.deck->geo.alt_msl_m;
    const double free_m = first_free_altitude(sources, policy, instruments, *terminal.deck);
    if (free_m <= deck_m + kTolerance_m) continue;
    check_cylinder(sources, policy, instruments, terminal, findings);
    for (Piece& piece : path.pieces) {
      const auto index = static_cast<std::size_t>(piece.a - path.points.data());
      if (index < terminal.first || index >= terminal.last) continue;
      piece.en_route = not_exempt(piece, piece.en_route, deck_m, free_m);
    }
  }
}

}  // namespace swiftlet::maps::referee
