#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "sim/fleet/city_day.hpp"
#include "sim/fleet/scenario_sweep.hpp"
#include "sim/report/study_report.hpp"
#include "tools/python/bindings.hpp"
#include "tools/python/columns.hpp"
#include "tools/python/opened_airspace.hpp"
#include "tools/python/refused.hpp"
#include "tools/python/watched_run.hpp"
#include "tools/simulate/zoned_planners.hpp"

namespace py = pybind11;

namespace swiftlet::python {
namespace {

struct FleetDay {
  sim::Scenario scenario;
  sim::RehearsedDay day;
  sim::FleetOutcome outcome;
  std::uint64_t seed = 1;
  std::string json;  ///< swiftlet.simulate_fleet/1
};
using FleetDayPtr = std::shared_ptr<FleetDay>;

struct DayWishes {
  std::string scenario;
  std::string folder;  ///< where files that the scenario names are looked for; beside it if empty
  std::uint64_t seed;
  unsigned threads;
  std::string log;
  int track_every_s;
};

FleetDayPtr rehearse(const OpenedAirspace& opened, const DayWishes& wishes, const py::object& progress) {
  return watched_run(progress, [&](RunState& state) -> FleetDayPtr {
    const geo::AirspacePtr& airspace = opened.airspace();
    if (airspace->live) {
      throw Refused({.code = ErrorCode::value_invalid,
                     .message = "a day puts up its own zones: give the airspace that was opened, without live zones",
                     .where = "airspace"});
    }
    auto rehearsed = std::make_shared<FleetDay>();
    rehearsed->seed = wishes.seed;
    rehearsed->scenario = taken(sim::read_scenario(wishes.scenario, wishes.folder));
    rehearsed->day = taken(sim::set_up_day(rehearsed->scenario, airspace, wishes.seed));
    const double duration_s = std::max(1.0, rehearsed->scenario.duration_s());
    rehearsed->outcome = taken(sim::rehearse_day(
        rehearsed->scenario, rehearsed->day, *taken(opened.planner()),
        {.seed = wishes.seed,
         .threads = wishes.threads,
         .log_file = wishes.log,
         .track_every_s = wishes.track_every_s,
         .stop = &state.stop,
         .progress = [&](double simulated_s) { state.share = std::min(1.0, simulated_s / duration_s); },
         .planner_with_zones = tools::zoned_planners(airspace, taken(opened.referee()), wishes.scenario)}));
    rehearsed->json =
        sim::fleet_json(rehearsed->scenario, rehearsed->day, rehearsed->outcome, wishes.seed, SWIFTLET_VERSION)
            .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    return rehearsed;
  });
}

/// One page that loads nothing; `command` is how to have the day again.
std::string html(const FleetDay& self, const std::string& command) {
  return sim::fleet_html(self.scenario, self.day, self.outcome, nlohmann::ordered_json::parse(self.json),
                         {.version = SWIFTLET_VERSION, .command = command, .seed = self.seed});
}

/// The program's own sign for what did not happen is a time below 0.
double happened(double seconds) { return seconds < 0.0 ? std::numeric_limits<double>::quiet_NaN() : seconds; }

py::dict orders(const FleetDay& self) {
  using Order = sim::OrderOutcome;
  using Wish = sim::WishedOrder;
  const auto& ends = self.outcome.orders;
  const auto& wishes = self.day.orders;
  py::dict out;
  out["id"] = texts(wishes, [](const Wish& w) { return w.id; });
  out["placed_s"] = column<double>(wishes, [](const Wish& w) { return w.at_s; });
  out["pickup"] = texts(wishes, [](const Wish& w) { return w.pickup; });
  out["dropoff"] = texts(wishes, [](const Wish& w) { return w.dropoff; });
  out["mass_kg"] = column<double>(wishes, [](const Wish& w) { return w.mass_kg; });
  out["placed"] = column<bool>(ends, [](const Order& o) { return o.placed; });
  out["order_id"] = texts(ends, [](const Order& o) { return o.order_id; });
  out["state"] = texts(ends, [](const Order& o) { return o.state; });
  out["refusal"] = texts(ends, [](const Order& o) { return o.refusal; });
  out["promised_s"] = column<double>(ends, [](const Order& o) { return happened(o.promised_s); });
  out["promised_p05_s"] = column<double>(ends, [](const Order& o) { return happened(o.promised_p05_s); });
  out["promised_p95_s"] = column<double>(ends, [](const Order& o) { return happened(o.promised_p95_s); });
  out["taken_off_s"] = column<double>(ends, [](const Order& o) { return happened(o.taken_off_s); });
  out["delivered_s"] = column<double>(ends, [](const Order& o) { return happened(o.delivered_s); });
  return out;
}

py::dict etas(const FleetDay& self) {
  using Eta = sim::EtaSample;
  const auto& told = self.outcome.etas;
  py::dict out;
  out["order"] = column<std::int64_t>(told, [](const Eta& e) { return e.order; });
  out["at_s"] = column<double>(told, [](const Eta& e) { return e.at_s; });
  out["eta_s"] = column<double>(told, [](const Eta& e) { return e.eta_s; });
  out["p05_s"] = column<double>(told, [](const Eta& e) { return e.p05_s; });
  out["p10_s"] = column<double>(told, [](const Eta& e) { return e.p10_s; });
  out["p90_s"] = column<double>(told, [](const Eta& e) { return e.p90_s; });
  out["p95_s"] = column<double>(told, [](const Eta& e) { return e.p95_s; });
  out["stage"] = texts(told, [](const Eta& e) { return dispatch::name(e.stage); });
  return out;
}

py::dict tracks(const FleetDay& self) {
  using Track = sim::TrackSample;
  const auto& seen = self.outcome.tracks;
  py::dict out;
  out["t_s"] = column<double>(seen, [](const Track& t) { return t.second; });
  out["drone"] = texts(seen, [&](const Track& t) { return self.day.config.drones[t.drone].id; });
  out["lon"] = column<double>(seen, [](const Track& t) { return t.at.lon_deg; });
  out["lat"] = column<double>(seen, [](const Track& t) { return t.at.lat_deg; });
  out["alt_msl_m"] = column<double>(seen, [](const Track& t) { return t.at.alt_msl_m; });
  return out;
}

}  // namespace

void bind_fleet_day(py::module_& module) {
  py::class_<FleetDay, std::shared_ptr<FleetDay>>(module, "FleetDay")
      .def_readonly("json", &FleetDay::json)
      .def("orders", &orders)
      .def("etas", &etas)
      .def("tracks", &tracks)
      .def("departure_delays_s",
           [](const FleetDay& self) {
             return column<double>(self.outcome.traffic_delays_s, [](double delay_s) { return delay_s; });
           })
      .def("flying_by_minute",
           [](const FleetDay& self) {
             return column<std::int64_t>(self.outcome.flying_by_minute, [](int count) { return count; });
           })
      .def("csv", [](const FleetDay& self) { return sim::fleet_csv(self.day, self.outcome); })
      .def("html", &html, py::call_guard<py::gil_scoped_release>())
      .def("broken_invariants", [](const FleetDay& self) { return self.outcome.broken_invariants; });
  module.def("rehearse_day",
             [](const OpenedAirspace& opened, std::string scenario, std::string folder, std::uint64_t seed,
                unsigned threads, std::string log, int track_every_s, const py::object& progress) {
               return rehearse(opened,
                               {.scenario = std::move(scenario),
                                .folder = std::move(folder),
                                .seed = seed,
                                .threads = threads,
                                .log = std::move(log),
                                .track_every_s = track_every_s},
                               progress);
             });
  module.def("with_value", [](const std::string& text, const std::string& section, const std::string& key,
                              double value) { return sim::with_value(text, section, key, value); });
}

}  // namespace swiftlet::python
