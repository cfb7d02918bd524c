#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "geo/wind.hpp"
#include "planner/recorded_flight.hpp"
#include "planner/vehicle.hpp"
#include "tools/input_file.hpp"
#include "tools/number_arguments.hpp"
#include "tools/verb.hpp"

namespace swiftlet::tools {
namespace {

using Json = nlohmann::ordered_json;

struct PredictOptions {
  std::string mission;
  std::string energy;
  std::string vehicle;
  std::string wind = "0,0";
};

double rounded(double value, double scale) { return std::round(value * scale) / scale + 0.0; }

Expected<planner::autopilot::FlightPrediction> predict(const PredictOptions& options) {
  const auto wind = parse_wind(options.wind);
  if (!wind) return Unexpected(wind.error());
  const auto vehicle = planner::load_vehicle(options.vehicle);
  if (!vehicle) return Unexpected(vehicle.error());
  if (!vehicle->autopilot) {
    return fail(
        ErrorCode::value_invalid,
        fmt::format("the profile of {} names no autopilot: a table [autopilot] says which one flies it", vehicle->name),
        "vehicle");
  }
  if (wind->speed_m_s > vehicle->max_wind_m_s) {
    return fail(
        ErrorCode::wind_too_strong,
        fmt::format("wind of {} m/s: {} flies in at most {}", wind->speed_m_s, vehicle->name, vehicle->max_wind_m_s),
        "wind");
  }
  const auto mission = planner::mission::read_mission_file(options.mission);
  if (!mission) return Unexpected(mission.error());
  auto flight = planner::autopilot::predict_flight(*mission, *vehicle->autopilot, *wind);
  if (!flight) {
    Error error = flight.error();
    error.where = options.mission + (error.where.empty() ? "" : ": " + error.where);
    return Unexpected(std::move(error));
  }
  return flight;
}

void print(const planner::autopilot::FlightPrediction& flight, bool as_json) {
  if (as_json) {
    Json reached = Json::array();
    for (const auto& w : flight.waypoints) reached.push_back({{"seq", w.seq}, {"t_s", rounded(w.t_s, 1e2)}});
    const Json out{{"waypoint_reached_s", std::move(reached)},
                   {"duration_s", rounded(flight.duration_s, 1e2)},
                   {"touchdown_s", rounded(flight.touchdown_s, 1e2)},
                   {"energy_wh", rounded(flight.energy_wh, 1e3)}};
    fmt::print("{}\n", out.dump());
    return;
  }
  for (const auto& w : flight.waypoints) fmt::print("item {:4} reached at {:8.1f} s\n", w.seq, w.t_s);
  fmt::print("touchdown       at {:8.1f} s\ndisarmed        at {:8.1f} s\nenergy             {:8.2f} Wh\n",
             flight.touchdown_s, flight.duration_s, flight.energy_wh);
}

/// Energy of the flights of a CSV file.
int run_energy(const PredictOptions& options, const Globals& globals) {
  const auto vehicle = planner::load_vehicle(options.vehicle);
  if (!vehicle) return report(vehicle.error(), globals);
  const auto text = read_input(options.energy);
  if (!text) return report(text.error(), globals);
  const auto flights = planner::parse_recorded_flights(*text, options.energy);
  if (!flights) return report(flights.error(), globals);
  Json lines = Json::array();
  const double share = vehicle->energy_interval_share;
  for (const planner::RecordedFlight& flight : *flights) {
    const auto energy_wh = planner::energy_wh(flight, *vehicle);
    if (!energy_wh) return report(energy_wh.error(), globals);
    Json line{{"flight", flight.name}, {"energy_wh", rounded(*energy_wh, 1e4)}};
    if (const auto number = number_in(flight.name)) {  // as it stands in the file: a number stays one
      if (*number == std::floor(*number)) line["flight"] = static_cast<std::int64_t>(*number);
    }
    if (share > 0.0) {
      line["p05_wh"] = rounded(*energy_wh * (1.0 - share), 1e4);
      line["p95_wh"] = rounded(*energy_wh * (1.0 + share), 1e4);
    }
    lines.push_back(std::move(line));
  }
  if (globals.json) {
    const Json out{{"schema", "swiftlet.energy/1"}, {"vehicle", vehicle->name}, {"flights", std::move(lines)}};
    fmt::print("{}\n", out.dump());
    return 0;
  }
  for (const Json& line : lines) {
    fmt::print("flight {:>8} {:9.2f} Wh\n", line["flight"].dump(), line["energy_wh"].get<double>());
  }
  return 0;
}

int run(const PredictOptions& options, const Globals& globals) {
  if (options.mission.empty() == options.energy.empty()) {
    return report(Error{.code = ErrorCode::usage, .message = "give a mission, or --energy FLIGHTS.csv"}, globals);
  }
  if (!options.energy.empty()) return run_energy(options, globals);
  const auto flight = predict(options);
  if (!flight) return report(flight.error(), globals);
  print(*flight, globals.json);
  return 0;
}

}  // namespace

void add_predict(CLI::App& app, VerbContext context) {
  auto options = std::make_shared<PredictOptions>();
  CLI::App* verb =
      app.add_subcommand("predict", "When an autopilot reaches each waypoint of a mission, and the energy");
  verb->add_option("mission", options->mission, "QGC WPL 110 or QGroundControl plan");
  verb->add_option("--energy", options->energy, "CSV of recorded flights: the energy of each instead");
  verb->add_option("--vehicle", options->vehicle, "Profile by name or file")->required();
  verb->add_option("--wind", options->wind, "SPEED_M_S,FROM_DEG; still air if left out");
  verb->callback([options, context] { context.exit_status = run(*options, context.globals); });
}

}  // namespace swiftlet::tools
