#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "sim/motion/wind_profile.hpp"
#include "sim/report/study_report.hpp"
#include "sim/route/study_json.hpp"
#include "tools/python/bindings.hpp"
#include "tools/python/columns.hpp"
#include "tools/python/opened_airspace.hpp"
#include "tools/python/refused.hpp"
#include "tools/python/watched_run.hpp"
#include "tools/simulate/route_rehearsal.hpp"

namespace py = pybind11;

namespace swiftlet::python {
namespace {

struct Study {
  geo::AirspacePtr airspace;
  tools::RehearsedRoute rehearsed;
  std::uint64_t seed = 1;
  std::string json;  ///< swiftlet.simulate_route/1 of this study alone
};
using StudyPtr = std::shared_ptr<Study>;

/// What is asked of a study, as Python says it.
struct StudyWishes {
  std::string vehicle;  ///< by name or file; empty: the route's own
  std::size_t runs;
  std::uint64_t seed;
  unsigned threads;
  std::optional<std::pair<double, double>> wind;  ///< speed_m_s, from_deg; the region's if absent
  std::string wind_profile;
  std::map<std::string, double> conditions;
  std::map<std::string, double> criteria;
};

sim::StudyConditions conditions_of(const StudyWishes& wishes, const geo::Airspace& airspace) {
  sim::StudyConditions conditions;
  for (const auto& [key, value] : wishes.conditions) taken(sim::set_condition(conditions, key, value));
  conditions.forecast = airspace.wind;
  if (wishes.wind) {
    conditions.forecast =
        geo::Wind{.speed_m_s = wishes.wind->first, .from_deg = wishes.wind->second, .at_height_m = 10.0};
  }
  conditions.profile = taken(sim::wind_profile_named(wishes.wind_profile, airspace.wind_field.profile()));
  conditions.profile.at_height_m = conditions.forecast.at_height_m;
  return conditions;
}

StudyPtr study_route(const OpenedAirspace& opened, const std::string& route, const StudyWishes& wishes,
                     const py::object& progress) {
  return watched_run(progress, [&](RunState& state) -> StudyPtr {
    const geo::Airspace& airspace = *opened.airspace();
    std::vector<sim::Criterion> criteria = sim::usual_criteria();
    for (const auto& [key, limit] : wishes.criteria) taken(sim::set_criterion(criteria, key, limit));
    const sim::StudyConditions conditions = conditions_of(wishes, airspace);
    auto study = std::make_shared<Study>();
    study->airspace = opened.airspace();
    study->seed = wishes.seed;
    tools::RehearsedRoute& it = study->rehearsed;
    it.route = taken(tools::flyable_route(route, airspace, "route"));
    it.vehicle = taken(planner::load_vehicle(wishes.vehicle.empty() ? it.route.vehicle : wishes.vehicle));
    const auto began = std::chrono::steady_clock::now();
    it.runs = sim::study_route(airspace, it.route, it.vehicle,
                               {.runs = wishes.runs,
                                .seed = wishes.seed,
                                .threads = wishes.threads,
                                .conditions = conditions,
                                .stop = &state.stop,
                                .progress = [&](std::size_t done) {
                                  state.share = static_cast<double>(done) / static_cast<double>(wishes.runs);
                                }});
    it.summary = sim::sum_up(it.route, it.vehicle, it.runs, std::move(criteria));
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
    study->json = tools::rehearsal_json(airspace, {&it},
                                        {.conditions = conditions,
                                         .seed = wishes.seed,
                                         .runs_asked = wishes.runs,
                                         .complete = !state.stop,
                                         .wall_s = wall.count()})
                      .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    return study;
  });
}

/// One page that loads nothing; `command` is how to have the study again.
std::string html(const Study& self, const std::string& command) {
  const tools::RehearsedRoute& it = self.rehearsed;
  return sim::study_html(*self.airspace, it.route, it.runs, it.summary,
                         {.version = SWIFTLET_VERSION, .command = command, .seed = self.seed});
}

/// Name to column, in the order and with the names of study_csv().
py::dict columns(const Study& study) {
  const std::vector<sim::RunResult>& runs = study.rehearsed.runs;
  py::dict out;
  out["end"] = texts(runs, [](const sim::RunResult& r) { return sim::name(r.end); });
  for (std::size_t k = 0; k < sim::kStudyInputs.size(); ++k) {
    out[py::str(std::string(sim::kStudyInputs[k]))] =
        column<double>(runs, [k](const sim::RunResult& r) { return r.draw[k]; });
  }
  out["time_s"] = column<double>(runs, [](const sim::RunResult& r) { return r.time_s; });
  out["energy_wh"] = column<double>(runs, [](const sim::RunResult& r) { return r.energy_wh; });
  out["left_wh"] = column<double>(runs, [](const sim::RunResult& r) { return r.left_wh; });
  out["off_path_m"] = column<double>(runs, [](const sim::RunResult& r) { return r.off_path_m; });
  out["terminal_drift_m"] = column<double>(runs, [](const sim::RunResult& r) { return r.terminal_drift_m; });
  out["height_agl_m"] = column<double>(runs, [](const sim::RunResult& r) { return r.least_height_agl_m; });
  out["margin_m"] = column<double>(runs, [](const sim::RunResult& r) { return r.clearance.margin_m; });
  out["distance_m"] = column<double>(runs, [](const sim::RunResult& r) { return r.clearance.distance_m; });
  return out;
}

}  // namespace

void bind_route_study(py::module_& module) {
  py::class_<Study, std::shared_ptr<Study>>(module, "Study")
      .def_readonly("json", &Study::json)
      .def("columns", &columns)
      .def("csv", [](const Study& self) { return sim::study_csv(self.rehearsed.runs); })
      .def("html", &html, py::call_guard<py::gil_scoped_release>())
      .def("good", [](const Study& self) { return self.rehearsed.summary.good(); })
      .def("compared_with", [](const Study& self, const Study& first) {
        return sim::comparison_json(sim::compare(first.rehearsed.runs, self.rehearsed.runs), 1).dump();
      });
  module.def(
      "study_route",
      [](const OpenedAirspace& opened, const std::string& route, std::string vehicle, std::size_t runs,
         std::uint64_t seed, unsigned threads, std::optional<std::pair<double, double>> wind, std::string wind_profile,
         std::map<std::string, double> conditions, std::map<std::string, double> criteria, const py::object& progress) {
        return study_route(opened, route,
                           {.vehicle = std::move(vehicle),
                            .runs = runs,
                            .seed = seed,
                            .threads = threads,
                            .wind = wind,
                            .wind_profile = std::move(wind_profile),
                            .conditions = std::move(conditions),
                            .criteria = std::move(criteria)},
                           progress);
      });
}

}  // namespace swiftlet::python
