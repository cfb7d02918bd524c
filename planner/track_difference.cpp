#include "planner/track_difference.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "planner/separation.hpp"

namespace swiftlet::planner {
namespace {

using geo::Enu2;

/// Tracks nearer to each other than this are the same way, whatever small thing stands between them.
constexpr double kApart_m = 40.0;

double distance_m(std::span<const Enu2> track, const Enu2& p) {
  double nearest = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k + 1 < track.size(); ++k)
    nearest = std::min(nearest, geo::point_segment_distance_m(p, track[k], track[k + 1]));
  return nearest;
}

/// A side of the loop as a row of cells sees it: where it crosses the row, and whether upwards.
struct Crossing {
  double x;
  int winding;
};

}  // namespace

double apart_m(std::span<const Enu2> track, std::span<const Enu2> from) {
  double farthest = 0.0;
  for (const Enu2& p : track) farthest = std::max(farthest, distance_m(from, p));
  return farthest;
}

std::optional<Difference> passes_another_side(const geo::AirspaceView& view, std::span<const Enu2> track,
                                              std::span<const Enu2> from) {
  const double apart = apart_m(track, from);
  if (apart < kApart_m) return std::nullopt;
  // There and back: a loop.
  std::vector<Enu2> loop(track.begin(), track.end());
  loop.insert(loop.end(), from.rbegin(), from.rend());
  geo::Box2 box;
  for (const Enu2& p : loop) box.include(p);
  const geo::GridFrame& grid = view.grid();
  const auto row_of = [&](double y) {
    return std::clamp(static_cast<int>((y - grid.origin.y()) / grid.cell_m), 0, grid.ny - 1);
  };
  double deepest = 0.0;
  Enu2 between = Enu2::Zero();
  int winding_there = 0;
  std::vector<Crossing> crossings;
  for (int j = row_of(box.min.y()); j <= row_of(box.max.y()); ++j) {
    const double y = grid.centre(0, j).y();
    crossings.clear();
    for (std::size_t k = 0; k < loop.size(); ++k) {
      const Enu2& a = loop[k];
      const Enu2& b = loop[(k + 1) % loop.size()];
      if ((a.y() <= y) == (b.y() <= y)) continue;
      crossings.push_back({a.x() + (y - a.y()) / (b.y() - a.y()) * (b.x() - a.x()), b.y() > a.y() ? 1 : -1});
    }
    std::sort(crossings.begin(), crossings.end(), [](const Crossing& a, const Crossing& b) { return a.x < b.x; });
    int winding = 0;
    for (std::size_t k = 0; k + 1 < crossings.size(); ++k) {
      winding -= crossings[k].winding;
      if (winding == 0) continue;
      const auto column_of = [&](double x) { return static_cast<int>((x - grid.origin.x()) / grid.cell_m); };
      for (int i = std::max(0, column_of(crossings[k].x) + 1); i < std::min(grid.nx, column_of(crossings[k + 1].x));
           ++i) {
        if (view.optimistic_band(i, j).open()) continue;
        const Enu2 p = grid.centre(i, j);
        const double depth = std::min(distance_m(track, p), distance_m(from, p));
        if (depth <= deepest) continue;
        deepest = depth;
        between = p;
        winding_there = winding;
      }
    }
  }
  if (winding_there == 0) return std::nullopt;
  // A loop that winds to the left has what it encloses to the left of its first part, which is the track.
  return Difference{
      .kind = "side", .of = cause_at(view, between), .side = winding_there > 0 ? "right" : "left", .apart_m = apart};
}

}  // namespace swiftlet::planner
