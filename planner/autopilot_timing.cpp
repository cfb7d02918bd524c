#include "planner/autopilot_timing.hpp"

#include <algorithm>
#include <cmath>

#include "planner/mission/mission_steps.hpp"

namespace swiftlet::planner {
namespace {

using Eigen::Vector3d;

double milli(double value) { return std::round(value * 1e3) / 1e3 + 0.0; }

/// Times the waypoints between two of which the times are known, by how far the flight has come towards the second.
class LegTiming {
 public:
  LegTiming(Route& route, const autopilot::FlightPrediction& flight) : route_(route), flight_(flight) {
    const GeoPoint& home = route.waypoints.front().position;
    for (const Waypoint& w : route.waypoints) {
      places_m_.push_back(mission::from_home_m(home, w.position.lonlat(), w.position.alt_msl_m - home.alt_msl_m));
    }
  }

  void fill(std::size_t from, std::size_t to) {
    const Vector3d way = places_m_[to] - places_m_[from];
    const double length2 = std::max(way.squaredNorm(), 1e-12);
    const double begin_s = route_.waypoints[from].t_s, end_s = route_.waypoints[to].t_s;
    for (std::size_t k = from + 1; k < to; ++k) {
      const double share = std::clamp((places_m_[k] - places_m_[from]).dot(way) / length2, 0.0, 1.0);
      double t_s = begin_s + share * (end_s - begin_s);  // where there is no track
      double speed = way.head<2>().norm() / std::max(end_s - begin_s, 1e-3);
      while (at_ < flight_.track.size() && flight_.track[at_].t_s <= end_s) {
        const auto& p = flight_.track[at_];
        if (p.t_s >= begin_s &&
            (Vector3d(p.east_m, p.north_m, p.height_m) - places_m_[from]).dot(way) >= share * length2) {
          t_s = p.t_s;
          speed = p.ground_speed_m_s;
          break;
        }
        ++at_;
      }
      Waypoint& w = route_.waypoints[k];
      w.t_s = milli(std::clamp(t_s, route_.waypoints[k - 1].t_s, end_s));
      w.ground_speed_m_s = milli(speed);
    }
  }

  [[nodiscard]] double speed_at(double t_s) const {
    const auto later = std::lower_bound(flight_.track.begin(), flight_.track.end(), t_s,
                                        [](const autopilot::TrackPoint& p, double t) { return p.t_s < t; });
    return later == flight_.track.end() ? 0.0 : milli(later->ground_speed_m_s);
  }

 private:
  Route& route_;
  const autopilot::FlightPrediction& flight_;
  std::vector<Vector3d> places_m_;
  std::size_t at_ = 0;
};

}  // namespace

Expected<void> time_by_autopilot(const VehicleProfile& vehicle, const geo::Wind& wind, Route& route) {
  const mission::MissionOptions options = mission_options_of(vehicle);
  const auto mission = mission::to_mission(route, options);
  if (!mission) return Unexpected(mission.error());
  const auto flight = autopilot::predict_flight(*mission, vehicle.autopilot.value(), wind);
  if (!flight) return Unexpected(flight.error());

  // The kept waypoints are, in order: the deck, one for each take-off or waypoint item, and the deck of the goal.
  const std::vector<std::size_t> kept = mission::kept_waypoints(route, options.tolerance_m);
  LegTiming timing(route, *flight);
  auto& w = route.waypoints;
  w.front().t_s = 0.0;
  w.front().ground_speed_m_s = 0.0;
  for (std::size_t k = 1; k < kept.size(); ++k) {
    const bool last = k + 1 == kept.size();
    const double reached_s = last ? flight->touchdown_s : flight->waypoints.at(k - 1).t_s;
    w[kept[k]].t_s = milli(std::max(reached_s, w[kept[k - 1]].t_s));
    w[kept[k]].ground_speed_m_s = last ? 0.0 : timing.speed_at(reached_s);
    timing.fill(kept[k - 1], kept[k]);
  }
  route.duration_s = w.back().t_s;
  route.energy_wh = flight->energy_wh;
  return {};
}

mission::MissionOptions mission_options_of(const VehicleProfile& vehicle) {
  return {.cruise_speed_m_s = vehicle.autopilot ? vehicle.cruise_speed_m_s : 0.0};
}

}  // namespace swiftlet::planner
