#include "planner/flight_window.hpp"

#include <algorithm>
#include <cmath>

#include "planner/energy.hpp"

namespace swiftlet::planner {

double longest_flight_s(const PlanRequest& request, const VehicleProfile& vehicle) {
  const PowerModel power(vehicle, request.payload_kg);
  const double longest_s =
      request.battery_wh.value_or(vehicle.battery_wh) * 3600.0 / power.least_w(vehicle.max_airspeed_m_s);
  return std::isfinite(longest_s) ? std::max(0.0, longest_s) : 0.0;
}

geo::ViewOptions view_options(const PlanRequest& request, double longest_flight_s) {
  return {.policy = request.policy,
          .from = after(request.depart, -kTimeUncertainty_s),
          .to = after(request.depart, longest_flight_s + kTimeUncertainty_s),
          .authorisations = request.authorisations};
}

}  // namespace swiftlet::planner
