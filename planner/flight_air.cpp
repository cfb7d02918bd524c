#include "planner/flight_air.hpp"

#include <cmath>

namespace swiftlet::planner {

FlightAir::FlightAir(geo::AirspacePtr airspace, geo::WindField field, const Flight& flight)
    : field_(std::move(field)), depart_(flight.depart) {
  usual_m_s_ = field_.velocity_m_s(flight.middle_enu, flight.usual_agl_m(), depart_);
  if (field_.uniform() && field_.profile().kind == geo::WindProfileKind::constant) {
    fastest_m_s_ = usual_m_s_.norm();
    return;  // even: the airspace is not asked
  }
  fastest_m_s_ = field_.fastest_m_s(airspace->bounds.grid().extent(), flight.highest_agl_m, depart_,
                                    after(depart_, flight.longest_s));
  if (const double usual = field_.profile().factor(flight.usual_agl_m()); usual > 0.0) {
    least_share_ = field_.profile().factor(flight.lowest_agl_m) / usual;
    greatest_share_ = field_.profile().factor(flight.highest_agl_m) / usual;
  }
  airspace_ = std::move(airspace);
}

geo::MeanWind FlightAir::along(const geo::Enu3& a, const geo::Enu3& b, double from_s, double to_s) const {
  if (even()) return {.velocity_m_s = usual_m_s_};
  return field_.mean_along(airspace_->bounds, a, b, after(depart_, from_s), after(depart_, to_s));
}

geo::Enu2 FlightAir::at_m_s(const geo::Enu3& p_enu, double after_s) const {
  if (even()) return usual_m_s_;
  const double ground_msl_m = airspace_->terrain.height_msl_m(p_enu.head<2>()).value_or(p_enu.z());
  return field_.velocity_m_s(p_enu.head<2>(), p_enu.z() - ground_msl_m, after(depart_, after_s));
}

bool FlightAir::beyond_forecast(double duration_s) const {
  return !even() && !field_.covers(depart_, after(depart_, duration_s));
}

}  // namespace swiftlet::planner
