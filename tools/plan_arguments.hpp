#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "geo/airspace.hpp"
#include "geo/error.hpp"
#include "planner/plan_request.hpp"
#include "tools/verb.hpp"

namespace swiftlet::tools {

/// The arguments of `swiftlet plan` as they were typed.
struct PlanArguments {
  std::string airspace;
  std::string zones;  ///< file of live zones, or none
  std::string from;
  std::string to;
  std::string requests;
  std::string depart;
  std::string arrive_by;
  std::string vehicle = "courier-4";
  std::string wind;
  std::string objective;
  std::string planner = "auto";
  std::vector<std::string> policy;
  std::vector<std::string> authorisations;
  std::string format = "json";
  std::string out;
  bool all_pairs = false;
  bool explain = false;
  int alternatives = 0;
  double payload_kg = 0.0;
  double battery_wh = -1.0;
  double max_ground_risk = -1.0;
  std::int64_t effort = -1;
  std::int64_t deadline_ms = -1;
};

void add_arguments(CLI::App& verb, PlanArguments& arguments);

/// What every request starts from: the region's policy and the command line's overrides. Errors: usage, time_invalid,
/// value_invalid, unknown_field.
[[nodiscard]] Expected<planner::PlanRequest> request_defaults(const PlanArguments& arguments,
                                                              const geo::Airspace& airspace);

[[nodiscard]] planner::PlanOptions plan_options(const PlanArguments& arguments, const Globals& globals);

/// --from and --to as one request line, so that a single request passes the same door as a batch. Errors: usage.
[[nodiscard]] Expected<std::string> single_request(const PlanArguments& arguments);

/// The route as a GeoJSON feature: a line with altitudes, its figures as properties.
[[nodiscard]] std::string route_geojson(const planner::Route& route);

}  // namespace swiftlet::tools
