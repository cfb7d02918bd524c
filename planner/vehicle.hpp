#pragma once

#include <optional>
#include <string>
#include <vector>

#include "geo/error.hpp"
#include "planner/autopilot/autopilot_profile.hpp"

namespace swiftlet::planner {

/// What the planner, the energy model and the simulator know of an aircraft type. Read from TOML.
struct VehicleProfile {
  std::string name;
  // motion
  double cruise_speed_m_s = 0.0;  ///< ground speed wanted en route
  double max_airspeed_m_s = 0.0;  ///< never exceeded, wind included
  double climb_speed_m_s = 0.0;
  double descent_speed_m_s = 0.0;
  double landing_speed_m_s = 0.0;  ///< in the last landing_height_m above the deck
  double landing_height_m = 0.0;
  double acceleration_m_s2 = 0.0;  ///< along the path and in curves
  double vertical_acceleration_m_s2 = 0.0;
  // mass and power
  double empty_mass_kg = 0.0;  ///< with battery, without payload
  double max_payload_kg = 0.0;
  double max_parcel_m = 0.0;        ///< longest edge of a parcel
  double rotor_disc_area_m2 = 0.0;  ///< all rotors together
  double hover_efficiency = 0.0;    ///< ideal induced power over electric power, at hover
  double profile_drag_m3_s = 0.0;   ///< power over air density and airspeed squared that the advancing blades take
  double drag_area_m2 = 0.0;        ///< drag coefficient times frontal area, of the whole aircraft
  double climb_share = 1.0;         ///< share of the work of climbing that is drawn on top of level flight
  double avionics_power_w = 0.0;
  double battery_wh = 0.0;
  double energy_interval_share =
      0.0;  ///< nine flights of ten take their predicted energy give or take this share; 0: unknown
  double max_wind_m_s = 0.0;
  // what it does to people below
  double failure_rate_per_h = 1e-4;                           ///< falls out of the sky so often an hour of flight
  double lethal_area_m2 = 0.0;                                ///< whoever stands in it is killed by a fall
  std::optional<autopilot::AutopilotProfile> autopilot = {};  ///< what flies it, where that is known
};

/// A profile by name (bundled: "courier-4"; looked for in the folder that the environment variable SWIFTLET_VEHICLES
/// names, else in the source tree, else in the installed one) or by file (a path or a name that ends in .toml).
/// Errors: not_found with the known names, file_not_found, config_invalid, config_unknown_key, value_invalid.
[[nodiscard]] Expected<VehicleProfile> load_vehicle(const std::string& name_or_file);

/// The names that load_vehicle knows, sorted.
[[nodiscard]] std::vector<std::string> vehicle_names();

}  // namespace swiftlet::planner
