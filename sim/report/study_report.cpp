#include "sim/report/study_report.hpp"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "sim/report/route_map.hpp"
#include "sim/report/svg_charts.hpp"

namespace swiftlet::sim {
namespace {

template <class Get>
std::vector<double> column(const std::vector<RunResult>& runs, Get&& get) {
  std::vector<double> values;
  for (const RunResult& run : runs) {
    if (run.done) values.push_back(get(run));
  }
  return values;
}

std::string reproduction_html(const Reproduction& r, const std::string& airspace_hash) {
  return fmt::format(
      "<h2>To have it again</h2><p><code>{}</code></p><p>Swiftlet {}, seed {}, airspace <code>{}</code></p>",
      escaped(r.command), escaped(r.version), r.seed, escaped(airspace_hash));
}

}  // namespace

std::string study_html(const geo::Airspace& airspace, const planner::Route& route, const std::vector<RunResult>& runs,
                       const StudySummary& s, const Reproduction& reproduction) {
  std::string body = fmt::format(
      "<p>{} with {}: {:.0f} m, predicted {:.1f} s and {:.1f} Wh; {} runs, {} failed. Verdict: <b "
      "class=\"{}\">{}</b>.</p>",
      escaped(route.id), escaped(route.vehicle), route.length_m, route.duration_s, route.energy_wh, s.runs, s.failed,
      s.good() ? "good" : "bad", s.good() ? "good" : "not good");
  std::vector<std::vector<std::string>> rows{{"criterion", "measured", "asked", "holds"}};
  for (const Criterion& c : s.criteria) {
    rows.push_back({c.key, fmt::format("{:.4g}", c.value),
                    fmt::format("{} {:g}", c.at_most ? "at most" : "at least", c.limit), c.holds() ? "yes" : "NO"});
  }
  body += html_table(rows);
  body += "<h2>Where it flies</h2>";
  body += route_map_svg(airspace, route, s.worst.nearest ? &s.worst.p_enu : nullptr);
  body += altitude_svg(airspace, route);
  if (s.worst.nearest) {
    const geo::Obstacle& o = airspace.obstacles[*s.worst.nearest];
    body += fmt::format(
        "<p>The least margin over the policy's clearances, {:.2f} m, was at {:.0f} s of run {}, beside {} {} "
        "(circle).</p>",
        s.worst.margin_m, s.worst.at_clock_s, s.worst_run, escaped(o.kind), escaped(o.id));
  }
  body += "<h2>Flown against predicted</h2>";
  const auto time = column(runs, [](const RunResult& r) { return r.time_s; });
  const auto energy = column(runs, [](const RunResult& r) { return r.energy_wh; });
  body += histogram_svg(time, "Time", "s", &route.duration_s);
  body += histogram_svg(energy, "Energy", "Wh", &route.energy_wh);
  body += histogram_svg(column(runs, [](const RunResult& r) { return r.left_wh; }), "Left at touchdown", "Wh");
  body += "<h2>Clearance really kept</h2>";
  body += histogram_svg(column(runs, [](const RunResult& r) { return r.clearance.distance_m; }),
                        "Least distance in space", "m");
  body += histogram_svg(column(runs, [](const RunResult& r) { return r.clearance.margin_m; }),
                        "Least margin over the policy", "m");
  body +=
      histogram_svg(column(runs, [](const RunResult& r) { return r.off_path_m; }), "Farthest from the trajectory", "m");
  body += "<h2>What matters</h2>";
  std::vector<std::pair<std::string, double>> of_time;
  std::vector<std::pair<std::string, double>> of_energy;
  for (const Sensitivity& one : s.sensitivities) {
    of_time.emplace_back(one.input, one.time_index);
    of_energy.emplace_back(one.input, one.energy_index);
  }
  body +=
      shares_svg(of_time, "Share of the variance of time") + shares_svg(of_energy, "Share of the variance of energy");
  body += reproduction_html(reproduction, airspace.hash);
  return html_page("Route rehearsal", body);
}

std::string fleet_html(const Scenario& scenario, const RehearsedDay& day, const FleetOutcome& o,
                       const nlohmann::ordered_json& json, const Reproduction& reproduction) {
  const auto& orders = json["orders"];
  std::string body = fmt::format(
      "<p>{} drones; {} orders placed, {} accepted, {} lost. Delivered within the promised 90 % interval: {:.1f} "
      "%.</p>",
      day.config.drones.size(), orders["placed"].get<int>(), orders["accepted"].get<int>(), orders["lost"].get<int>(),
      100.0 * orders["promise_kept_90_share"].get<double>());
  std::vector<std::vector<std::string>> ends{{"ended", "orders"}};
  for (const auto& [state, count] : orders["ended"].items()) ends.push_back({state, std::to_string(count.get<int>())});
  for (const auto& [code, count] : orders["refused"].items()) {
    ends.push_back({"refused: " + code, std::to_string(count.get<int>())});
  }
  body += html_table(ends);
  std::vector<double> delivery;
  std::vector<double> late;
  for (std::size_t k = 0; k < o.orders.size(); ++k) {
    if (o.orders[k].delivered_s < 0.0) continue;
    delivery.push_back(o.orders[k].delivered_s - day.orders[k].at_s);
    late.push_back(o.orders[k].delivered_s - o.orders[k].promised_s);
  }
  body += "<h2>Deliveries</h2>" + histogram_svg(delivery, "From order to release", "s") +
          histogram_svg(late, "Delivered after the promise", "s");
  body += "<h2>ETA</h2>";
  std::vector<std::vector<std::string>> etas{
      {"time to go", "samples", "bias s", "P50 s", "P90 s", "P99 s", "80 % holds", "90 % holds"}};
  std::vector<std::pair<std::string, double>> covered;
  for (const auto& line : json["eta"]) {
    if (line["samples"] == 0) continue;
    const auto number = [&](const char* key) { return fmt::format("{:.1f}", line[key].get<double>()); };
    const auto share = [&](const char* key) { return fmt::format("{:.1f} %", 100.0 * line[key].get<double>()); };
    etas.push_back({line["horizon"].get<std::string>(), std::to_string(line["samples"].get<std::size_t>()),
                    number("bias_s"), number("p50_s"), number("p90_s"), number("p99_s"), share("covered_80"),
                    share("covered_90")});
    covered.emplace_back(line["horizon"].get<std::string>(), line["covered_90"].get<double>());
  }
  body += html_table(etas) + shares_svg(covered, "How often the 90 % interval held");
  Series flying{"in the air", "#6b2fb3", {}, {}};
  Series waiting{"waiting for a drone", "#d1495b", {}, {}};
  for (std::size_t m = 0; m < o.flying_by_minute.size(); ++m) {
    flying.x.push_back(static_cast<double>(m) / 60.0);
    flying.y.push_back(o.flying_by_minute[m]);
    waiting.x.push_back(static_cast<double>(m) / 60.0);
    waiting.y.push_back(o.waiting_by_minute[m]);
  }
  body += "<h2>The day</h2>" + lines_svg({flying, waiting}, "Timeline", "hours since begin", "count");
  const auto& separation = json["separation"];
  body += fmt::format(
      "<h2>Separation</h2><p>{} intrusions (nearer than 20 m across and 10 m up at once), {:.4f} a flight hour.</p>",
      separation["intrusions"].get<int>(), separation["intrusions_per_flight_hour"].get<double>());
  for (const std::string& broken : o.broken_invariants)
    body += fmt::format("<p class=\"bad\">Broken: {}</p>", escaped(broken));
  body += fmt::format("<p>Event log <code>{}</code>, scenario file <code>{}</code></p>", escaped(o.log_hash),
                      escaped(json["reproduction"]["scenario_hash"].get<std::string>()));
  body += reproduction_html(reproduction, day.config.airspace_hash);
  return html_page("Rehearsed day: " + scenario.name, body);
}

}  // namespace swiftlet::sim
