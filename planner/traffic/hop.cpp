#include "planner/traffic/hop.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace swiftlet::planner {
namespace {

/// By how much of a hop the place may be off even progress where the speed is never below the lower nor above the
/// higher one, both as shares of the hop's mean speed. Furthest behind is who keeps the lower one for as long as may be
/// and then has the higher one; furthest ahead the other way round.
double openness_between(double lower_share, double higher_share) {
  const double behind = std::clamp(1.0 - lower_share, 0.0, 1.0);
  const double ahead = std::max(higher_share - 1.0, 0.0);
  return behind + ahead > 0.0 ? behind * ahead / (behind + ahead) : 0.0;
}

/// How far a speed that changes evenly between the stated ones would miss the end of the hop.
double missed_m(const Hop& hop, const Waypoint& from, const Waypoint& to) {
  return std::abs(0.5 * (from.ground_speed_m_s + to.ground_speed_m_s) * hop.duration_s() - hop.level_m());
}

/// Whether the stated speeds of all hops agree with their lengths and times, as those of a speed profile do. Those of
/// an autopilot are samples of a course that turns between the waypoints; a hop of them may agree by chance, a route
/// not.
bool speeds_agree(const Route& route, const std::vector<Hop>& hops) {
  for (std::size_t k = 0; k < hops.size(); ++k) {
    const Hop& hop = hops[k];
    const Waypoint& from = route.waypoints[k];
    const Waypoint& to = route.waypoints[k + 1];
    const double rounding_m = kPlaceRounding_m +
                              kTimeRounding_s * std::max(from.ground_speed_m_s, to.ground_speed_m_s) +
                              kSpeedRounding_m_s * hop.duration_s();
    if (!hop.vertical() && missed_m(hop, from, to) > rounding_m) return false;
  }
  return true;
}

/// The same for one who flies the cubic through both ends with these slopes: each moves it by its excess over 1 times
/// u (1 - u)², which is 4/27 at most.
double openness_of_cubic(double share_before, double share_after) {
  return 4.0 / 27.0 * (std::abs(share_before - 1.0) + std::abs(share_after - 1.0));
}

/// Where the slope changes, one ground speed is two speeds along the path. Who keeps to one takes the lower: the share
/// of this hop's own that this is. Before a vertical hop and at the ends of the route that is rest.
double kept_share(const Hop& hop, const Hop* neighbour) {
  if (neighbour == nullptr || neighbour->vertical()) return 0.0;
  return std::min(1.0, neighbour->path_over_ground() / hop.path_over_ground());
}

double openness_of(const std::vector<Hop>& hops, std::size_t k, const Waypoint& from, const Waypoint& to) {
  const Hop& hop = hops[k];
  // Ground speed says nothing of a vertical hop.
  if (hop.vertical() || !(hop.duration_s() > 0.0)) return kAnywhere;
  const double share_s_m = hop.duration_s() / hop.level_m();
  const auto [lower_m_s, higher_m_s] = std::minmax(from.ground_speed_m_s, to.ground_speed_m_s);
  const double between =
      openness_between((lower_m_s - kSpeedRounding_m_s) * share_s_m, (higher_m_s + kSpeedRounding_m_s) * share_s_m);
  const double kept_before = kept_share(hop, k > 0 ? &hops[k - 1] : nullptr);
  const double kept_after = kept_share(hop, k + 1 < hops.size() ? &hops[k + 1] : nullptr);
  const double cubic =
      openness_of_cubic(kept_before * from.ground_speed_m_s * share_s_m, kept_after * to.ground_speed_m_s * share_s_m);
  return std::min(missed_m(hop, from, to) / hop.level_m() + std::max(between, cubic), kAnywhere);
}

}  // namespace

std::vector<Hop> hops_of(const Route& route, const geo::LocalFrame& frame) {
  std::vector<Hop> hops;
  geo::Enu3 before = frame.to_local(route.waypoints.front().position);
  for (std::size_t k = 1; k < route.waypoints.size(); ++k) {
    const geo::Enu3 here = frame.to_local(route.waypoints[k].position);
    const double from_s = route.waypoints[k - 1].t_s;
    const double to_s = route.waypoints[k].t_s;
    if (to_s < from_s) throw std::invalid_argument("waypoint times must not decrease");
    hops.push_back({before, here, from_s, to_s});
    before = here;
  }
  return hops;
}

std::vector<double> openness_of(const Route& route, const std::vector<Hop>& hops) {
  std::vector<double> out(hops.size(), kAnywhere);
  if (!speeds_agree(route, hops)) return out;
  for (std::size_t k = 0; k < hops.size(); ++k) {
    out[k] = openness_of(hops, k, route.waypoints[k], route.waypoints[k + 1]);
  }
  return out;
}

}  // namespace swiftlet::planner
