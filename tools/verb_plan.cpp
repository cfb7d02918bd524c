#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "maps/airspace_store.hpp"
#include "maps/live_zone_reader.hpp"
#include "maps/referee/referee.hpp"
#include "planner/explain.hpp"
#include "planner/planner.hpp"
#include "planner/search.hpp"
#include "tools/input_file.hpp"
#include "tools/plan_all_pairs.hpp"
#include "tools/plan_arguments.hpp"
#include "tools/plan_desk.hpp"
#include "tools/route_svg.hpp"
#include "tools/verb.hpp"

namespace swiftlet::tools {
namespace {

using nlohmann::ordered_json;
using planner::Route;
using planner::RouteStatus;

int exit_status_of(const Route& route) {
  return route.status == RouteStatus::ok ? 0
                                         : traits(route.error ? route.error->code : ErrorCode::internal).exit_status;
}

class PlanRun {
 public:
  PlanRun(const PlanArguments& arguments, const Globals& globals) : arguments_(arguments), globals_(globals) {}

  int run() {
    const auto airspace = maps::load_airspace(arguments_.airspace);
    if (!airspace) return report(airspace.error(), globals_);
    airspace_ = *airspace;
    const auto defaults = request_defaults(arguments_, *airspace_);
    if (!defaults) return report(defaults.error(), globals_);
    defaults_ = {.request = *defaults, .vehicle = arguments_.vehicle, .options = plan_options(arguments_, globals_)};
    const bool single = !arguments_.all_pairs && arguments_.requests.empty();
    // A single request's deadline counts from the start of the program: what it reads is part of the answer.
    if (single) defaults_.options.began = began_;
    const auto referee = load_referee(single);
    if (!referee) return out_of_time();
    if (!*referee) return report(referee->error(), globals_);
    auto judge = **referee;
    if (const auto live = take_live_zones(judge); !live) return report(live.error(), globals_);
    planner_ = std::make_unique<planner::Planner>(airspace_, judge);
    if (arguments_.all_pairs) return all_pairs();
    return arguments_.requests.empty() ? one() : batch();
  }

 private:
  using RefereeOrError = Expected<std::shared_ptr<const geo::Referee>>;

  /// Nothing where the deadline of a single request passed before the referee had read its sources.
  std::optional<RefereeOrError> load_referee(bool single) {
    if (!single || !defaults_.options.deadline) return maps::load_referee(arguments_.airspace);
    auto reading = std::make_shared<std::promise<RefereeOrError>>();
    auto read = reading->get_future();
    std::thread([reading, from = arguments_.airspace] {
      try {
        reading->set_value(maps::load_referee(from));
      } catch (...) {
        reading->set_exception(std::current_exception());
      }
    }).detach();
    if (read.wait_until(began_ + *defaults_.options.deadline) != std::future_status::ready) return std::nullopt;
    return read.get();
  }

  /// Answers that there was no time, while something still reads or prepares: there is nobody left to wait for it.
  int out_of_time() {
    const auto request = single_request(arguments_);
    if (!request) return report(request.error(), globals_);
    const PlanAnswer answer =
        unplanned(*airspace_, defaults_, *request, planner::out_of_time().error, RouteStatus::deadline);
    fmt::print(stderr, "swiftlet: deadline: {}\n", describe(*answer.route.error));
    return leave(write(answer.line + "\n"), answer.route);
  }

  /// Ends the program at once where threads that nobody waits for may still be at work.
  int leave(int written, const Route& route) const {
    const int status = written != 0 ? written : exit_status_of(route);
    const bool in_time = route.status == RouteStatus::ok && route.planning.stopped.empty();
    if (!defaults_.options.deadline || in_time) return status;
    std::fflush(nullptr);
    std::_Exit(status);
  }

  /// Goes over to the version of airspace and referee in which the live zones hold, where some are given.
  Expected<void> take_live_zones(std::shared_ptr<const geo::Referee>& referee) {
    if (arguments_.zones.empty()) return {};
    const auto document = read_input(arguments_.zones);
    if (!document) return Unexpected(document.error());
    const auto version = maps::apply_live_zones(airspace_, *document, arguments_.zones);
    if (!version) return Unexpected(version.error());
    auto live = maps::with_live_zones(referee, *document, arguments_.zones);
    if (!live) return Unexpected(live.error());
    airspace_ = *version;
    referee = std::move(*live);
    return {};
  }

  [[nodiscard]] unsigned threads() const {
    return globals_.threads > 0 ? static_cast<unsigned>(globals_.threads)
                                : std::max(1U, std::thread::hardware_concurrency());
  }

  int all_pairs() {
    if (arguments_.out.empty() || !arguments_.from.empty() || !arguments_.to.empty() || !arguments_.requests.empty() ||
        arguments_.depart.empty() || arguments_.alternatives > 0 || arguments_.explain) {
      return report(
          Error{.code = ErrorCode::usage,
                .message = "--all-pairs needs --out FILE.geojson and --depart, and goes with no --from, --to, "
                           "--requests, --alternatives and --explain"},
          globals_);
    }
    const auto vehicle = planner::load_vehicle(arguments_.vehicle);
    if (!vehicle) return report(vehicle.error(), globals_);
    const auto began = std::chrono::steady_clock::now();
    const auto summary = plan_all_pairs({.planner = *planner_,
                                         .vehicle = *vehicle,
                                         .request = defaults_.request,
                                         .options = defaults_.options,
                                         .threads = threads(),
                                         .out = arguments_.out});
    if (!summary) return report(summary.error(), globals_);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    if (globals_.json) {
      const ordered_json line{{"schema", "swiftlet.all_pairs/1"},
                              {"out", arguments_.out},
                              {"pairs", summary->pairs},
                              {"ok", summary->ok},
                              {"infeasible", summary->infeasible},
                              {"resumed", summary->resumed},
                              {"seconds", seconds}};
      fmt::print("{}\n", line.dump());
    } else {
      fmt::print("{} pairs, {} routes, {} infeasible, {} refused, {} taken up from an earlier run, in {:.2f} s: {}\n",
                 summary->pairs, summary->ok, summary->infeasible, summary->pairs - summary->ok - summary->infeasible,
                 summary->resumed, seconds, arguments_.out);
    }
    return 0;
  }

  int one() {
    const auto request = single_request(arguments_);
    if (!request) return report(request.error(), globals_);
    const PlanAnswer answered = PlanDesk(*planner_, defaults_).answer(*request);
    const Route& route = answered.route;
    std::string text;
    if (arguments_.format == "svg" && route.status == RouteStatus::ok) {
      text = route_svg(airspace_, route, defaults_.request.policy);
    } else if (arguments_.format == "geojson" && route.status == RouteStatus::ok) {
      text = route_geojson(route);
    } else {
      text = answered.line + "\n";
    }
    if (route.status != RouteStatus::ok && !globals_.json && route.error) {
      fmt::print(stderr, "swiftlet: {}: {}\n", planner::name(route.status), describe(*route.error));
    }
    if (route.explanation && !globals_.json) {
      for (const std::string& explained : planner::explanation_lines(route)) fmt::print(stderr, "{}\n", explained);
    }
    return leave(write(text), route);
  }

  /// To where the answer goes: 0, or the exit status of what went wrong.
  int write(const std::string& text) const {
    if (arguments_.out.empty()) {
      fmt::print("{}", text);
      return 0;
    }
    std::ofstream file(arguments_.out, std::ios::binary);
    file << text;
    file.close();
    if (file) return 0;
    return report(Error{.code = ErrorCode::output_refused, .message = "cannot be written", .where = arguments_.out},
                  globals_);
  }

  int batch() {
    std::ifstream file;
    if (arguments_.format != "json" || !arguments_.from.empty() || !arguments_.to.empty()) {
      return report(Error{.code = ErrorCode::usage,
                          .message = "--requests answers each request in a line of JSON; it goes with no --from, --to "
                                     "and no other --format"},
                    globals_);
    }
    if (arguments_.requests != "-") {
      if (std::filesystem::is_directory(arguments_.requests)) {
        return report(Error{.code = ErrorCode::file_unreadable,
                            .message = "is a directory, not a file",
                            .where = arguments_.requests},
                      globals_);
      }
      file.open(arguments_.requests);
      if (!file) {
        return report(
            Error{.code = ErrorCode::file_not_found, .message = "cannot be read", .where = arguments_.requests},
            globals_);
      }
    }
    std::istream& in = arguments_.requests == "-" ? std::cin : file;
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) {
      lines.push_back(std::move(line));
    }
    PlanDesk desk(*planner_, defaults_);
    std::vector<std::string> answers(lines.size());
    std::vector<std::atomic<bool>> ready(lines.size());
    std::atomic<std::size_t> next{0};
    std::atomic<bool> any_malformed{false};
    const auto work = [&] {
      for (std::size_t k = next++; k < lines.size(); k = next++) {
        PlanAnswer answered = desk.answer(lines[k]);
        answers[k] = std::move(answered.line);
        if (answered.malformed) any_malformed = true;
        ready[k] = true;
        ready[k].notify_one();
      }
    };
    std::vector<std::jthread> workers;
    for (unsigned t = 0; t < threads(); ++t) workers.emplace_back(work);
    for (std::size_t k = 0; k < lines.size(); ++k) {
      ready[k].wait(false);
      fmt::print("{}\n", answers[k]);
      answers[k].clear();
      answers[k].shrink_to_fit();
    }
    return any_malformed ? 3 : 0;
  }

  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  const PlanArguments& arguments_;
  const Globals& globals_;
  geo::AirspacePtr airspace_;
  std::unique_ptr<planner::Planner> planner_;
  PlanDefaults defaults_;
};

}  // namespace

void add_plan(CLI::App& app, VerbContext context) {
  const auto arguments = std::make_shared<PlanArguments>();
  CLI::App* plan = app.add_subcommand("plan", "Plan proven routes through a compiled airspace");
  add_arguments(*plan, *arguments);
  plan->callback([=] { context.exit_status = PlanRun(*arguments, context.globals).run(); });
}

}  // namespace swiftlet::tools
