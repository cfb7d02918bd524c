#include "dispatch/gateway/route_profile.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "geo/airspace_view.hpp"

namespace swiftlet::dispatch {
namespace {

using geo::Enu2;
using geo::Enu3;

constexpr double kStep_m = 8.0;
constexpr double kMostSamples = 1000.0;

double decimal(double value) { return std::round(value * 10.0) / 10.0; }

}  // namespace

nlohmann::json route_profile(const geo::AirspacePtr& airspace, const planner::Route& route) {
  nlohmann::json out = nlohmann::json::array();
  if (route.waypoints.empty()) return out;
  const geo::AirspaceView view(airspace, {.policy = route.policy,
                                          .from = route.depart,
                                          .to = after(route.depart, route.duration_s),
                                          .authorisations = route.authorisations});
  const double step_m = std::max(kStep_m, route.length_m / kMostSamples);
  const auto sample = [&](double along_m, const Enu3& p) {
    const Enu2 over(p.x(), p.y());
    nlohmann::json line{{"along_m", decimal(along_m)},
                        {"path_m", decimal(p.z())},
                        {"terrain_m", decimal(airspace->terrain.height_msl_m(over).value_or(p.z()))}};
    if (const auto band = view.band_at(over); band && band->open())
      line.update({{"floor_m", decimal(band->floor_msl_m)}, {"ceiling_m", decimal(band->ceiling_msl_m)}});
    out.push_back(std::move(line));
  };
  double along_m = 0.0;
  Enu3 here = airspace->frame.to_local(route.waypoints.front().position);
  sample(0.0, here);
  for (std::size_t k = 1; k < route.waypoints.size(); ++k) {
    const Enu3 next = airspace->frame.to_local(route.waypoints[k].position);
    const double length_m = (next - here).head<2>().norm();
    const int parts = std::max(1, static_cast<int>(length_m / step_m));
    for (int i = 1; i <= parts; ++i) {
      const double f = static_cast<double>(i) / parts;
      sample(along_m + f * length_m, here + f * (next - here));
    }
    along_m += length_m;
    here = next;
  }
  return out;
}

}  // namespace swiftlet::dispatch
