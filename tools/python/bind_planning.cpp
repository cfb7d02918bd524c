#include <pybind11/stl.h>

#include <nlohmann/json.hpp>

#include "planner/route_json.hpp"
#include "planner/vehicle.hpp"
#include "sim/parallel_chunks.hpp"
#include "tools/plan_arguments.hpp"
#include "tools/plan_desk.hpp"
#include "tools/python/bindings.hpp"
#include "tools/python/opened_airspace.hpp"
#include "tools/python/refused.hpp"
#include "tools/python/watched_run.hpp"

namespace py = pybind11;

namespace swiftlet::python {
namespace {

/// What a request may leave out, as `swiftlet plan` fills it in.
tools::PlanDefaults plan_defaults(const OpenedAirspace& opened, const planner::PlanOptions& options) {
  const tools::PlanArguments nothing_said;
  return {.request = taken(tools::request_defaults(nothing_said, *opened.airspace())),
          .vehicle = nothing_said.vehicle,
          .options = options};
}

/// An answer's line, and whether it answers a request that could not even be read.
std::pair<std::string, bool> plan(const OpenedAirspace& opened, const std::string& request,
                                  const planner::PlanOptions& options) {
  const planner::Planner* planner = taken(opened.planner());
  tools::PlanAnswer answer = tools::PlanDesk(*planner, plan_defaults(opened, options)).answer(request);
  return {std::move(answer.line), answer.malformed};
}

/// The answers' lines, in order. Stopped before its end it has lines that are empty.
std::vector<std::string> plan_many(const OpenedAirspace& opened, const std::vector<std::string>& requests,
                                   const planner::PlanOptions& options, unsigned threads, const py::object& progress) {
  return watched_run(progress, [&](RunState& state) {
    const planner::Planner* planner = taken(opened.planner());
    tools::PlanDesk desk(*planner, plan_defaults(opened, options));
    std::vector<std::string> lines(requests.size());
    std::atomic<std::size_t> done{0};
    sim::parallel_chunks(requests.size(), 1, threads, [&](std::size_t k, std::size_t) {
      if (state.stop) return;
      lines[k] = desk.answer(requests[k]).line;
      state.share = static_cast<double>(++done) / static_cast<double>(requests.size());
    });
    return lines;
  });
}

planner::PlanOptions plan_options(const std::string& planner, std::uint64_t seed, std::optional<std::int64_t> effort,
                                  std::optional<std::int64_t> deadline_ms) {
  planner::PlanOptions options{.planner = planner, .seed = seed, .effort = effort};
  if (deadline_ms) options.deadline = std::chrono::milliseconds(*deadline_ms);
  return options;
}

/// The alternatives of a route as they stand in it, each as JSON of its own.
std::vector<std::string> alternatives(const std::string& route) {
  const auto json = nlohmann::ordered_json::parse(route, nullptr, false);
  std::vector<std::string> out;
  const auto found = json.is_object() ? json.find("alternatives") : json.end();
  if (found == json.end() || !found->is_array()) return out;
  for (const auto& one : *found) {
    out.push_back(one.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  }
  return out;
}

}  // namespace

void bind_planning(py::module_& module) {
  using Released = py::call_guard<py::gil_scoped_release>;
  py::class_<planner::PlanOptions>(module, "PlanOptions").def(py::init(&plan_options));
  module.def("plan", &plan, Released());
  module.def("plan_many", &plan_many);
  module.def("alternatives", &alternatives, Released());
  module.def(
      "check_route", [](const std::string& json) { taken(planner::parse_route(json)); }, Released());
  module.def("vehicle_names", &planner::vehicle_names, Released());
}

}  // namespace swiftlet::python
