#include "planner/vehicle.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <numbers>
#include <vector>

#include "geo/config_table.hpp"

namespace swiftlet::planner {
namespace {

namespace fs = std::filesystem;

/// Bundled profiles: where SWIFTLET_VEHICLES says, else where this build found or put them.
std::vector<fs::path> profile_folders() {
  if (const char* set = std::getenv("SWIFTLET_VEHICLES"); set != nullptr && *set != '\0') return {set};
  return {SWIFTLET_VEHICLES_SOURCE, SWIFTLET_VEHICLES_INSTALLED};
}

std::vector<std::string> known_names(const std::vector<fs::path>& folders) {
  std::vector<std::string> names;
  for (const fs::path& folder : folders) {
    std::error_code ec;
    for (fs::directory_iterator it(folder, ec), end; !ec && it != end; it.increment(ec)) {
      if (it->path().extension() == ".toml") names.push_back(it->path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

/// A bare word names a bundled profile; anything with a folder or an extension is a file.
bool names_a_file(const std::string& text) {
  return text.find('/') != std::string::npos || fs::path(text).extension() == ".toml";
}

/// Where a profile does not say: the rotors with as much room between them, as a circle, widened by a person's 0.3 m;
/// the vehicle comes down upright and does not glide.
double lethal_area_m2(double rotor_disc_area_m2) {
  constexpr double kPerson_m = 0.3;
  const double reach_m = std::sqrt(2.0 * rotor_disc_area_m2 / std::numbers::pi) + kPerson_m;
  return std::numbers::pi * reach_m * reach_m;
}

Expected<VehicleProfile> read_profile(const fs::path& file) {
  const auto root = ConfigTable::parse_file(file);
  if (!root) return Unexpected(root.error());
  constexpr double kTiny = 1e-3;  // what is divided by must not be zero
  VehicleProfile v;
  v.name = root->required_text("name");
  const ConfigTable motion = root->table("motion");
  v.cruise_speed_m_s = motion.required_number("cruise_speed_m_s", 0.5, 100.0);
  v.max_airspeed_m_s = motion.required_number("max_airspeed_m_s", 0.5, 150.0);
  v.climb_speed_m_s = motion.required_number("climb_speed_m_s", 0.1, 50.0);
  v.descent_speed_m_s = motion.required_number("descent_speed_m_s", 0.1, 50.0);
  v.landing_speed_m_s = motion.required_number("landing_speed_m_s", 0.05, 50.0);
  v.landing_height_m = motion.required_number("landing_height_m", 0.0, 200.0);
  v.acceleration_m_s2 = motion.required_number("acceleration_m_s2", 0.1, 50.0);
  v.vertical_acceleration_m_s2 = motion.required_number("vertical_acceleration_m_s2", 0.1, 50.0);
  v.max_wind_m_s = motion.required_number("max_wind_m_s", 0.0, 100.0);
  const ConfigTable mass = root->table("mass");
  v.empty_mass_kg = mass.required_number("empty_mass_kg", kTiny, 10000.0);
  v.max_payload_kg = mass.required_number("max_payload_kg", 0.0, 10000.0);
  v.max_parcel_m = mass.required_number("max_parcel_m", 0.0, 100.0);
  const ConfigTable power = root->table("power");
  v.rotor_disc_area_m2 = power.required_number("rotor_disc_area_m2", kTiny, 1000.0);
  v.hover_efficiency = power.required_number("hover_efficiency", 0.05, 1.0);
  v.drag_area_m2 = power.required_number("drag_area_m2", 0.0, 100.0);
  v.profile_drag_m3_s = power.number("profile_drag_m3_s", 0.0, 0.0, 1000.0);
  v.climb_share = power.number("climb_share", 1.0, 0.0, 2.0);
  v.energy_interval_share = power.number("energy_interval_share", 0.0, 0.0, 1.0);
  v.avionics_power_w = power.required_number("avionics_power_w", 0.0, 100000.0);
  v.battery_wh = power.required_number("battery_wh", kTiny, 1e6);
  const ConfigTable failure = root->table("failure");
  v.failure_rate_per_h = failure.number("failure_rate_per_h", v.failure_rate_per_h, 0.0, 1e6);
  v.lethal_area_m2 = failure.number("lethal_area_m2", lethal_area_m2(v.rotor_disc_area_m2), 0.0, 1e6);
  if (v.cruise_speed_m_s > v.max_airspeed_m_s) {
    motion.reject(ErrorCode::value_invalid, "cruise_speed_m_s",
                  fmt::format("cruise_speed_m_s = {} must not be above max_airspeed_m_s = {}", v.cruise_speed_m_s,
                              v.max_airspeed_m_s));
  }
  if (v.landing_speed_m_s > v.descent_speed_m_s) {
    motion.reject(ErrorCode::value_invalid, "landing_speed_m_s",
                  fmt::format("landing_speed_m_s = {} must not be above descent_speed_m_s = {}", v.landing_speed_m_s,
                              v.descent_speed_m_s));
  }
  auto autopilot = autopilot::read_autopilot(*root, file.parent_path());
  if (const auto done = root->finish(); !done) return Unexpected(done.error());
  if (!autopilot) return Unexpected(autopilot.error());
  v.autopilot = *autopilot;
  return v;
}

}  // namespace

std::vector<std::string> vehicle_names() { return known_names(profile_folders()); }

Expected<VehicleProfile> load_vehicle(const std::string& name_or_file) {
  if (names_a_file(name_or_file)) return read_profile(name_or_file);
  const std::vector<fs::path> folders = profile_folders();
  const std::vector<std::string> names = known_names(folders);
  if (std::find(names.begin(), names.end(), name_or_file) == names.end()) {
    return fail(ErrorCode::not_found,
                fmt::format("there is no vehicle \"{}\"; the known ones are: {}; a file ends in .toml", name_or_file,
                            fmt::join(names, ", ")),
                "vehicle");
  }
  std::error_code ec;
  for (const fs::path& folder : folders) {
    const fs::path file = folder / (name_or_file + ".toml");
    if (fs::is_regular_file(file, ec)) return read_profile(file);
  }
  return fail(ErrorCode::not_found, fmt::format("the profile of \"{}\" is not a readable file", name_or_file),
              "vehicle");
}

}  // namespace swiftlet::planner
