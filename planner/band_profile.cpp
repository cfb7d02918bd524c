#include "planner/band_profile.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "planner/column_grid.hpp"

namespace swiftlet::planner {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// A track that passes a corner of the grid nearer than this counts as touching all four cells there.
constexpr double kCorner_m = 1e-6;
/// Gates nearer to each other than this are taken together.
constexpr double kSameGate_m = 1e-4;

/// Below every length, that of the cells that are only touched in a corner included.
constexpr double kAlone = -1.0;

/// A window of the corridor: intervals taken together.
struct Window {
  std::size_t first;
  std::size_t last;  ///< inclusive
  double s_end_m;
  double floor;
  double ceiling;
  double narrowest_m;  ///< of its intervals
};

std::vector<BandInterval> joined(std::span<const GroundLeg* const> legs) {
  std::vector<BandInterval> all;
  for (const GroundLeg* leg : legs) all.insert(all.end(), leg->intervals.begin(), leg->intervals.end());
  return all;
}

bool gate_open(const Window& a, const Window& b) {
  return std::max(a.floor, b.floor) + 2.0 * kProfileMargin_m <= std::min(a.ceiling, b.ceiling);
}

/// The altitudes at which a profile begins and ends: its first and last windows must hold them.
struct Ends {
  double start_msl_m;
  double goal_msl_m;
};

/// Groups intervals greedily; an interval whose limit is kAlone stays so.
std::vector<Window> grouped(const std::vector<BandInterval>& intervals, const std::vector<double>& limit_m,
                            double least_share, const Ends& ends) {
  const auto holds = [](double floor, double ceiling, double z) { return floor <= z && z <= ceiling; };
  std::vector<Window> windows;
  double s = 0.0;
  double length = 0.0;
  for (std::size_t k = 0; k < intervals.size(); ++k) {
    const BandInterval& next = intervals[k];
    s += next.length_m;
    if (!windows.empty()) {
      Window& w = windows.back();
      const double floor = std::max(w.floor, next.floor_msl_m);
      const double ceiling = std::min(w.ceiling, next.ceiling_msl_m);
      const double narrowest_m = std::min(w.narrowest_m, next.ceiling_msl_m - next.floor_msl_m);
      if (length + next.length_m <= std::min(limit_m[w.first], limit_m[k]) &&
          floor + 2.0 * kProfileMargin_m <= ceiling && ceiling - floor >= least_share * narrowest_m &&
          (w.first > 0 || holds(floor, ceiling, ends.start_msl_m)) &&
          (k + 1 < intervals.size() || holds(floor, ceiling, ends.goal_msl_m))) {
        w = {w.first, k, s, floor, ceiling, narrowest_m};
        length += next.length_m;
        continue;
      }
    }
    windows.push_back({k, k, s, next.floor_msl_m, next.ceiling_msl_m, next.ceiling_msl_m - next.floor_msl_m});
    length = next.length_m;
  }
  return windows;
}

/// Windows between all of which there is an opening; empty if not even single intervals leave one.
std::vector<Window> open_windows(const std::vector<BandInterval>& intervals, const Windowing& windowing,
                                 const Ends& ends) {
  std::vector<double> limit(intervals.size(), windowing.longest_m);
  while (true) {
    std::vector<Window> windows = grouped(intervals, limit, windowing.least_share, ends);
    bool split = false;
    for (std::size_t k = 0; k + 1 < windows.size(); ++k) {
      if (gate_open(windows[k], windows[k + 1])) continue;
      if (windows[k].first == windows[k].last && windows[k + 1].first == windows[k + 1].last) return {};
      std::fill(limit.begin() + static_cast<std::ptrdiff_t>(windows[k].first),
                limit.begin() + static_cast<std::ptrdiff_t>(windows[k + 1].last) + 1, kAlone);
      split = true;
    }
    if (!split) return windows;
  }
}

std::vector<Gate> gates_between(const std::vector<Window>& windows, double z_start, double z_goal) {
  std::vector<Gate> gates{{0.0, z_start, z_start}};
  for (std::size_t k = 0; k + 1 < windows.size(); ++k) {
    const Gate gate{windows[k].s_end_m, std::max(windows[k].floor, windows[k + 1].floor) + kProfileMargin_m,
                    std::min(windows[k].ceiling, windows[k + 1].ceiling) - kProfileMargin_m};
    if (gates.size() > 1 && gate.s_m - gates.back().s_m < kSameGate_m) {
      gates.back().lo = std::max(gates.back().lo, gate.lo);
      gates.back().hi = std::min(gates.back().hi, gate.hi);
    } else {
      gates.push_back(gate);
    }
  }
  // A gate on top of an end would ask for a jump; the end's own altitude is free all over its cell.
  while (gates.size() > 1 && windows.back().s_end_m - gates.back().s_m < kSameGate_m) gates.pop_back();
  if (gates.size() > 1 && gates[1].s_m < kSameGate_m) gates.erase(gates.begin() + 1);
  gates.push_back({windows.back().s_end_m, z_goal, z_goal});
  return gates;
}

}  // namespace

std::vector<ProfilePoint> taut_string(const std::vector<Gate>& gates) {
  std::vector<ProfilePoint> line{{gates.front().s_m, gates.front().lo}};
  std::size_t apex = 0;
  while (apex + 1 < gates.size()) {
    const ProfilePoint from = line.back();
    double steepest = kInfinity;
    double flattest = -kInfinity;
    std::size_t steepest_at = apex;
    std::size_t flattest_at = apex;
    bool bent = false;
    for (std::size_t k = apex + 1; k < gates.size(); ++k) {
      const double ds = gates[k].s_m - from.s_m;
      const double low = (gates[k].lo - from.z_msl_m) / ds;
      const double high = (gates[k].hi - from.z_msl_m) / ds;
      if (low > steepest) {
        line.push_back({gates[steepest_at].s_m, gates[steepest_at].hi});
        apex = steepest_at;
        bent = true;
      } else if (high < flattest) {
        line.push_back({gates[flattest_at].s_m, gates[flattest_at].lo});
        apex = flattest_at;
        bent = true;
      }
      if (bent) break;
      if (low >= flattest) {
        flattest = low;
        flattest_at = k;
      }
      if (high <= steepest) {
        steepest = high;
        steepest_at = k;
      }
    }
    if (!bent) {
      line.push_back({gates.back().s_m, gates.back().lo});
      break;
    }
  }
  return line;
}

namespace {}  // namespace

GroundLeg bare_leg(const FlightLimits& limits, const geo::Enu2& from, const geo::Enu2& to) {
  const double length = (to - from).norm();
  return {.from = from,
          .to = to,
          .intervals = {},
          .speed_m_s = length > 0.0 ? limits.ground_speed_m_s((to - from) / length) : limits.vehicle.cruise_speed_m_s};
}

namespace {

/// Calls visit(i, j, t0, t1) for every cell that the straight from-to crosses or touches, in order, with the part of it
/// that lies inside as shares of its length; false as soon as a visit says so or the grid ends.
template <class Visit>
bool walk_cells(const geo::GridFrame& grid, const geo::Enu2& from, const geo::Enu2& to, const Visit& visit) {
  const geo::Enu2 a = (from - grid.origin) / grid.cell_m;
  const geo::Enu2 step = (to - from) / grid.cell_m;
  const double length = (to - from).norm();
  const auto index = [](double value, double toward, int n) {
    const double floor = std::floor(value);
    // On a grid line the leg's first cell is the one that it runs into.
    return std::clamp(static_cast<int>(floor) - (value == floor && toward < 0.0 ? 1 : 0), 0, n - 1);
  };
  int i = index(a.x(), step.x(), grid.nx);
  int j = index(a.y(), step.y(), grid.ny);
  const int di = step.x() > 0.0 ? 1 : -1;
  const int dj = step.y() > 0.0 ? 1 : -1;
  const auto inside = [&](int ci, int cj) { return ci >= 0 && cj >= 0 && ci < grid.nx && cj < grid.ny; };
  double t = 0.0;
  while (true) {
    const double tx = step.x() == 0.0 ? kInfinity : ((di > 0 ? i + 1 : i) - a.x()) / step.x();
    const double ty = step.y() == 0.0 ? kInfinity : ((dj > 0 ? j + 1 : j) - a.y()) / step.y();
    const double next = std::min({tx, ty, 1.0});
    if (!visit(i, j, t, std::max(t, next))) return false;
    if (next >= 1.0) return true;
    const bool corner = std::abs(tx - ty) * length < kCorner_m;
    if (corner &&
        !(inside(i + di, j) && visit(i + di, j, next, next) && inside(i, j + dj) && visit(i, j + dj, next, next)))
      return false;
    if (corner || tx <= ty) i += di;
    if (corner || ty < tx) j += dj;
    t = std::max(t, next);
    if (!inside(i, j)) return false;
  }
}

bool leaves_room(const geo::AirspaceView::Band& band) {
  return band.floor_msl_m + 2.0 * kProfileMargin_m <= band.ceiling_msl_m;
}

/// The part of from-to, given as shares of its length, that lies in a closed square; nothing where they do not meet.
std::optional<std::pair<double, double>> part_inside(const geo::Enu2& from, const geo::Enu2& to, double t0, double t1,
                                                     const geo::Enu2& corner, double side_m) {
  for (const int axis : {0, 1}) {
    const double step = to[axis] - from[axis];
    const double low = corner[axis] - from[axis];
    if (std::abs(step) < 1e-12) {
      if (low > 1e-9 || low + side_m < -1e-9) return std::nullopt;
      continue;
    }
    t0 = std::max(t0, std::min(low / step, (low + side_m) / step));
    t1 = std::min(t1, std::max(low / step, (low + side_m) / step));
  }
  return t0 <= t1 + 1e-12 ? std::optional(std::pair(t0, std::max(t0, t1))) : std::nullopt;
}

/// Calls visit(band, metres) for those columns of the cell that the part [t0, t1] meets, in order.
template <class Visit>
bool walk_bands(const geo::AirspaceView& view, const geo::Enu2& from, const geo::Enu2& to, int i, int j, double t0,
                double t1, const Visit& visit) {
  const double length = (to - from).norm();
  if (!is_divided(view, i, j)) return visit(view.safe_band(i, j), (t1 - t0) * length);
  struct Met {
    double from, to;
    geo::AirspaceView::Band band;
  };
  thread_local std::vector<Met> met;
  met.clear();
  for_each_column(view, i, j, [&](const geo::AirspaceView::Quarter& quarter) {
    const auto part = part_inside(from, to, t0, t1, quarter.corner_enu, quarter.side_m);
    if (part) met.push_back({part->first, part->second, quarter.safe});
  });
  std::sort(met.begin(), met.end(),
            [](const Met& a, const Met& b) { return a.from != b.from ? a.from < b.from : a.to < b.to; });
  return !met.empty() &&
         std::all_of(met.begin(), met.end(), [&](const Met& m) { return visit(m.band, (m.to - m.from) * length); });
}

}  // namespace

GroundLeg make_leg(const geo::AirspaceView& view, const FlightLimits& limits, const geo::Enu2& from,
                   const geo::Enu2& to) {
  GroundLeg leg = bare_leg(limits, from, to);
  const auto add = [&](const geo::AirspaceView::Band& band, double metres) {
    if (!leaves_room(band)) return false;
    leg.intervals.push_back({metres, band.floor_msl_m, band.ceiling_msl_m});
    return true;
  };
  const bool open = walk_cells(view.grid(), from, to, [&](int i, int j, double t0, double t1) {
    return walk_bands(view, from, to, i, j, t0, t1, add);
  });
  if (!open) leg.intervals.clear();
  return leg;
}

bool leg_is_open(const geo::AirspaceView& view, const geo::Enu2& from, const geo::Enu2& to, double least_band_m) {
  geo::AirspaceView::Band last{-kInfinity, kInfinity};
  const auto goes_on = [&](const geo::AirspaceView::Band& band, double) {
    const bool open =
        leaves_room(band) && band.ceiling_msl_m - band.floor_msl_m >= least_band_m &&
        leaves_room({std::max(last.floor_msl_m, band.floor_msl_m), std::min(last.ceiling_msl_m, band.ceiling_msl_m)});
    last = band;
    return open;
  };
  return walk_cells(view.grid(), from, to, [&](int i, int j, double t0, double t1) {
    return walk_bands(view, from, to, i, j, t0, t1, goes_on);
  });
}

std::optional<std::vector<Gate>> profile_gates(std::span<const GroundLeg* const> legs, double z_start_msl_m,
                                               double z_goal_msl_m, const Windowing& windowing) {
  if (!std::all_of(legs.begin(), legs.end(), [](const GroundLeg* leg) { return leg->open(); })) return std::nullopt;
  const std::vector<Window> windows = open_windows(joined(legs), windowing, {z_start_msl_m, z_goal_msl_m});
  if (windows.empty()) return std::nullopt;
  std::vector<Gate> gates = gates_between(windows, z_start_msl_m, z_goal_msl_m);
  if (std::any_of(gates.begin(), gates.end(), [](const Gate& g) { return g.lo > g.hi; })) return std::nullopt;
  return gates;
}

std::optional<std::vector<ProfilePoint>> taut_profile(std::span<const GroundLeg* const> legs, double z_start_msl_m,
                                                      double z_goal_msl_m, double window_m) {
  const auto gates = profile_gates(legs, z_start_msl_m, z_goal_msl_m, {.longest_m = window_m});
  if (!gates) return std::nullopt;
  std::vector<ProfilePoint> line = taut_string(*gates);
  // The ends stand in single cells' bands; a first or last window that took in more of them may not hold them.
  if (!profile_fits(legs, line))
    return window_m > 0.0 ? taut_profile(legs, z_start_msl_m, z_goal_msl_m, 0.0) : std::nullopt;
  return line;
}

bool profile_fits(std::span<const GroundLeg* const> legs, std::span<const ProfilePoint> profile) {
  if (profile.size() < 2) return false;
  std::size_t k = 1;
  double s = 0.0;
  const auto z_at = [&](double at) {
    const ProfilePoint& a = profile[k - 1];
    const ProfilePoint& b = profile[k];
    const double ds = b.s_m - a.s_m;
    return ds <= 0.0 ? b.z_msl_m : a.z_msl_m + (b.z_msl_m - a.z_msl_m) * std::clamp((at - a.s_m) / ds, 0.0, 1.0);
  };
  double z = profile.front().z_msl_m;
  const auto inside = [](const BandInterval& band, double at) {
    return at >= band.floor_msl_m && at <= band.ceiling_msl_m;
  };
  for (const GroundLeg* leg : legs) {
    for (const BandInterval& band : leg->intervals) {
      if (!inside(band, z)) return false;
      const double end = s + band.length_m;
      while (k + 1 < profile.size() && profile[k].s_m < end) {
        if (!inside(band, profile[k].z_msl_m)) return false;
        ++k;
      }
      z = z_at(end);
      if (!inside(band, z)) return false;
      s = end;
    }
  }
  return true;
}

double transit_time_s(std::span<const GroundLeg* const> legs, std::span<const ProfilePoint> profile,
                      const VehicleProfile& vehicle) {
  double time = 0.0;
  double s = 0.0;
  std::size_t k = 1;
  for (const GroundLeg* leg : legs) {
    if (leg->speed_m_s <= 0.0) return kInfinity;
    const double end = s + (leg->to - leg->from).norm();
    while (s < end) {
      while (k + 1 < profile.size() && profile[k].s_m <= s) ++k;
      const ProfilePoint& a = profile[k - 1];
      const ProfilePoint& b = profile[k];
      const double until = k + 1 < profile.size() ? std::min(end, b.s_m) : end;
      if (until <= s) break;
      const double run = until - s;
      const double rise = b.s_m > a.s_m ? (b.z_msl_m - a.z_msl_m) * run / (b.s_m - a.s_m) : 0.0;
      const double vertical = rise > 0.0 ? rise / vehicle.climb_speed_m_s : -rise / vehicle.descent_speed_m_s;
      time += std::max(run / leg->speed_m_s, vertical);
      s = until;
    }
    s = end;
  }
  return time;
}

}  // namespace swiftlet::planner
