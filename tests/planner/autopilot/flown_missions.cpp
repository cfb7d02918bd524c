// Predicts every flown mission of ../shared/data/autopilot_flights, prints the error of each flight and each leg, and
// fails above the bars: a flight P90 <= 1 %, a leg P90 <= 3 % or 0.5 s, whichever is larger. The mission `route` and
// the wind from the east took no part in any fitting; their figures stand apart.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "planner/vehicle.hpp"

namespace {

namespace fs = std::filesystem;
using namespace swiftlet;
namespace autopilot = swiftlet::planner::autopilot;

constexpr double kFlightBar = 0.01;
constexpr double kLegBar = 0.03;
constexpr double kLegBar_s = 0.5;
constexpr int kSkipped = 77;

struct Errors {
  std::vector<double> flights;  ///< of the duration
  std::vector<double> legs;     ///< over what the bar allows a leg
  std::vector<double> energy;
};

/// The nearest-rank percentile.
double p90(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.at(static_cast<std::size_t>(std::ceil(0.9 * static_cast<double>(values.size()))) - 1);
}

double mean(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

/// Adds one flight; false where it could not be predicted.
bool compare(const fs::path& file, Errors& errors) {
  std::ifstream stream(file);
  const nlohmann::json flown = nlohmann::json::parse(stream);
  const auto vehicle = planner::load_vehicle(flown.at("vehicle").get<std::string>());
  const auto mission = planner::mission::read_mission_file((file.parent_path() / flown.at("mission")).string());
  if (!vehicle || !mission) {
    fmt::print("{}: {}\n", file.stem().string(), describe(vehicle ? mission.error() : vehicle.error()));
    return false;
  }
  const auto predicted =
      autopilot::predict_flight(*mission, vehicle->autopilot.value(),
                                {.speed_m_s = flown.at("wind_speed_m_s"), .from_deg = flown.at("wind_from_deg")});
  const auto& reached = flown.at("waypoint_reached_s");
  if (!predicted || predicted->waypoints.size() != reached.size()) {
    fmt::print("{}: {}\n", file.stem().string(),
               predicted ? "another number of waypoints" : describe(predicted.error()));
    return false;
  }
  const double duration_s = flown.at("duration_s");
  const double energy_wh = flown.at("energy_wh");
  const double off = predicted->duration_s / duration_s - 1.0;
  const double energy_off = predicted->energy_wh / energy_wh - 1.0;
  fmt::print("{:32} {:7.1f} {:7.1f} {:+6.2f} %  {:6.2f} {:6.2f} Wh {:+5.1f} %  legs, s:", file.stem().string(),
             duration_s, predicted->duration_s, 100.0 * off, energy_wh, predicted->energy_wh, 100.0 * energy_off);
  errors.flights.push_back(std::abs(off));
  errors.energy.push_back(std::abs(energy_off));
  double flown_before = 0.0, predicted_before = 0.0;
  const auto leg = [&](double flown_s, double predicted_s) {
    const double flown_leg_s = flown_s - flown_before;
    const double error_s = predicted_s - predicted_before - flown_leg_s;
    errors.legs.push_back(std::abs(error_s) / std::max(kLegBar_s, kLegBar * flown_leg_s));
    fmt::print(" {:+.2f}{}", error_s, errors.legs.back() > 1.0 ? "!" : "");
    flown_before = flown_s;
    predicted_before = predicted_s;
  };
  for (std::size_t k = 0; k < reached.size(); ++k) leg(reached[k].at("t_s"), predicted->waypoints[k].t_s);
  leg(duration_s, predicted->duration_s);
  fmt::print("\n");
  return true;
}

bool holds(const char* name, const Errors& errors) {
  const double flight = p90(errors.flights), leg = p90(errors.legs);
  fmt::print(
      "{}: {} flights, P90 {:.2f} %, bar {:.0f} %; {} legs, P90 {:.2f} of what the bar allows; energy: mean {:.2f} %\n",
      name, errors.flights.size(), 100.0 * flight, 100.0 * kFlightBar, errors.legs.size(), leg,
      100.0 * mean(errors.energy));
  return flight <= kFlightBar && leg <= 1.0;
}

}  // namespace

int main() {
  const fs::path folder = fs::path(SWIFTLET_SOURCE_DIR) / "../shared/data/autopilot_flights";
  if (!fs::is_directory(folder)) {
    fmt::print("SKIPPED: {} is not there\n", folder.string());
    return kSkipped;
  }
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".json") && name.find("_wind") != std::string::npos) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  Errors fitted, kept_out;
  fmt::print("{:32} {:>7} {:>7}\n", "flight", "flown", "said, s");
  bool ok = !files.empty();
  for (const fs::path& file : files) {
    const std::string name = file.filename().string();
    const bool out = name.starts_with("route") || name.find("_from90") != std::string::npos;
    ok = compare(file, out ? kept_out : fitted) && ok;
  }
  if (!ok) return 1;
  const bool fitted_hold = holds("fitted on  ", fitted);
  return holds("kept out   ", kept_out) && fitted_hold ? 0 : 1;
}
