#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "geo/wind.hpp"
#include "planner/vehicle.hpp"
#include "tools/number_arguments.hpp"
#include "tools/verb.hpp"

namespace swiftlet::tools {
namespace {

using Json = nlohmann::ordered_json;

struct PredictOptions {
  std::string mission;
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

int run(const PredictOptions& options, const Globals& globals) {
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
  verb->add_option("mission", options->mission, "QGC WPL 110 or QGroundControl plan")->required();
  verb->add_option("--vehicle", options->vehicle, "Profile by name or file")->required();
  verb->add_option("--wind", options->wind, "SPEED_M_S,FROM_DEG; still air if left out");
  verb->callback([options, context] { context.exit_status = run(*options, context.globals); });
}

}  // namespace swiftlet::tools
