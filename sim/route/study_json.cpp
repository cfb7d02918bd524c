#include "sim/route/study_json.hpp"

#include <fmt/core.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace swiftlet::sim {
namespace {

using nlohmann::ordered_json;

double rounded(double value, double scale = 1e4) { return std::round(value * scale) / scale + 0.0; }

ordered_json as_json(const Distribution& d) {
  return {{"mean", rounded(d.mean)}, {"sd", rounded(d.sd)},   {"min", rounded(d.least)}, {"p01", rounded(d.p01)},
          {"p05", rounded(d.p05)},   {"p10", rounded(d.p10)}, {"p50", rounded(d.p50)},   {"p90", rounded(d.p90)},
          {"p95", rounded(d.p95)},   {"p99", rounded(d.p99)}, {"max", rounded(d.most)}};
}

/// Predicted against flown: the sign tells whether the flight took more; the quantiles are of the error's size.
ordered_json error_json(const Distribution& error, const Distribution& size) {
  return {{"bias", rounded(error.mean)}, {"sd", rounded(error.sd)},  {"p50", rounded(size.p50)},
          {"p90", rounded(size.p90)},    {"p99", rounded(size.p99)}, {"max", rounded(size.most)}};
}

ordered_json conditions_json(const StudyConditions& c) {
  return {{"forecast_wind_m_s", c.forecast.speed_m_s},
          {"forecast_from_deg", c.forecast.from_deg},
          {"wind_error_m_s", c.wind_error_m_s},
          {"wind_memory_s", c.wind_memory_s},
          {"forecast_age_s", c.forecast_age_s},
          {"departure_window_s", c.departure_window_s},
          {"gust_spread", c.gust_spread},
          {"payload_kg", c.payload_kg},
          {"payload_error_kg", c.payload_error_kg},
          {"ageing_most", c.ageing_most},
          {"temperature_deg_c", c.temperature_deg_c},
          {"temperature_spread_deg", c.temperature_spread_deg}};
}

ordered_json clearance_json(const geo::Airspace& airspace, const StudySummary& s) {
  const GeoPoint at = airspace.frame.to_geo(s.worst.p_enu);
  ordered_json worst{{"run", s.worst_run},
                     {"t_s", rounded(s.worst.at_clock_s, 10.0)},
                     {"lon", rounded(at.lon_deg, 1e8)},
                     {"lat", rounded(at.lat_deg, 1e8)},
                     {"alt_msl_m", rounded(at.alt_msl_m, 1e3)},
                     {"margin_m", rounded(s.worst.margin_m)}};
  if (s.worst.nearest) {
    const geo::Obstacle& obstacle = airspace.obstacles[*s.worst.nearest];
    worst["obstacle"] = {{"kind", obstacle.kind}, {"id", obstacle.id}};
  }
  return {{"margin_m", as_json(s.margin_m)},
          {"distance_m", as_json(s.distance_m)},
          {"height_agl_m", as_json(s.height_agl_m)},
          {"off_path_m", as_json(s.off_path_m)},
          {"terminal_drift_m", as_json(s.terminal_drift_m)},
          {"worst", s.worst.nearest ? worst : ordered_json(nullptr)}};
}

}  // namespace

ordered_json study_json(const geo::Airspace& airspace, const planner::Route& route, const StudyConditions& conditions,
                        const StudySummary& s) {
  const double runs = std::max<double>(1.0, static_cast<double>(s.runs));
  ordered_json causes = ordered_json::object();
  for (const auto& [end, count] : s.failures) causes[std::string(name(end))] = count;
  ordered_json sensitivities = ordered_json::array();
  for (const Sensitivity& one : s.sensitivities) {
    sensitivities.push_back({{"input", one.input},
                             {"time_index", rounded(one.time_index)},
                             {"time_slope_s", rounded(one.time_slope)},
                             {"energy_index", rounded(one.energy_index)},
                             {"energy_slope_wh", rounded(one.energy_slope)},
                             {"reserve_index", rounded(one.reserve_index)}});
  }
  ordered_json criteria = ordered_json::array();
  for (const Criterion& c : s.criteria) {
    criteria.push_back({{"key", c.key},
                        {"value", rounded(c.value, 1e6)},
                        {"limit", c.limit},
                        {"better", c.at_most ? "lower" : "higher"},
                        {"holds", c.holds()}});
  }
  return {{"route",
           {{"id", route.id},
            {"vehicle", route.vehicle},
            {"airspace_hash", route.airspace_hash},
            {"length_m", rounded(route.length_m)},
            {"predicted_s", rounded(route.duration_s)},
            {"predicted_wh", rounded(route.energy_wh)}}},
          {"conditions", conditions_json(conditions)},
          {"runs", s.runs},
          {"time_s", as_json(s.time_s)},
          {"time_error_s", error_json(s.time_error_s, s.time_error_size_s)},
          {"energy_wh", as_json(s.energy_wh)},
          {"energy_error_wh", error_json(s.energy_error_wh, s.energy_error_size_wh)},
          {"reserve",
           {{"reserve_wh", rounded(s.reserve_wh)},
            {"left_wh", as_json(s.left_wh)},
            {"used_share", rounded(static_cast<double>(s.reserve_used) / runs, 1e6)}}},
          {"failures", {{"share", rounded(static_cast<double>(s.failed) / runs, 1e6)}, {"causes", causes}}},
          {"clearance", clearance_json(airspace, s)},
          {"sensitivities", sensitivities},
          {"verdict", {{"good", s.good()}, {"criteria", criteria}}}};
}

ordered_json comparison_json(const PairedDifference& d, std::size_t index) {
  return {{"study", index},
          {"against", 0},
          {"pairs", d.pairs},
          {"time_s", {{"mean", rounded(d.time_mean_s)}, {"half_width_95", rounded(d.time_half_width_s)}}},
          {"energy_wh", {{"mean", rounded(d.energy_mean_wh)}, {"half_width_95", rounded(d.energy_half_width_wh)}}}};
}

std::string study_csv(const std::vector<RunResult>& runs) {
  std::string out = "run,end";
  for (const std::string_view input : kStudyInputs) out += fmt::format(",{}", input);
  out += ",time_s,energy_wh,left_wh,off_path_m,terminal_drift_m,height_agl_m,margin_m,distance_m\n";
  for (std::size_t k = 0; k < runs.size(); ++k) {
    const RunResult& r = runs[k];
    if (!r.done) continue;
    out += fmt::format("{},{}", k, name(r.end));
    for (const double v : r.draw) out += fmt::format(",{:.6g}", v);
    out += fmt::format(",{:.1f},{:.4f},{:.4f},{:.3f},{:.3f},{:.3f},{:.3f},{:.3f}\n", r.time_s, r.energy_wh, r.left_wh,
                       r.off_path_m, r.terminal_drift_m, r.least_height_agl_m, r.clearance.margin_m,
                       r.clearance.distance_m);
  }
  return out;
}

}  // namespace swiftlet::sim
