#include "tools/simulate/fleet_sweep.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "sim/fleet/city_day.hpp"
#include "sim/fleet/scenario_sweep.hpp"
#include "sim/parallel_chunks.hpp"
#include "tools/simulate/run_watch.hpp"
#include "tools/written_file.hpp"

namespace swiftlet::tools {
namespace {

using nlohmann::ordered_json;

std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Point {
  std::vector<double> values;
  std::filesystem::path scenario;
  std::filesystem::path result;
};

/// The columns of sweep.csv besides the swept keys.
std::string summary_line(const ordered_json& r) {
  const auto& orders = r["orders"];
  const auto delivered = orders["ended"].value("delivered", 0);
  return fmt::format(",{},{},{},{},{:.1f},{:.1f},{:.4f},{:.2f},{},{}", orders["placed"].get<int>(),
                     orders["accepted"].get<int>(), delivered, orders["lost"].get<int>(),
                     orders["delivery_time_s"]["mean"].get<double>(), orders["delivery_time_s"]["p90"].get<double>(),
                     orders["promise_kept_90_share"].get<double>(), r["fleet"]["flight_hours"].get<double>(),
                     r["separation"]["intrusions"].get<int>(), r["log"]["hash"].get<std::string>());
}

Expected<void> merge(const std::vector<sim::Sweep>& sweeps, const std::vector<Point>& points,
                     const std::filesystem::path& out) {
  std::string csv;
  for (const sim::Sweep& sweep : sweeps) csv += fmt::format("{}.{},", sweep.section, sweep.key);
  csv.pop_back();
  csv += ",placed,accepted,delivered,lost,delivery_mean_s,delivery_p90_s,promise_kept_90,flight_hours,intrusions,log\n";
  for (const Point& point : points) {
    const auto result = ordered_json::parse(read_text(point.result), nullptr, false);
    if (!result.is_object()) return {};  // a shard is still at it
    for (const double value : point.values) csv += fmt::format("{:g},", value);
    csv.pop_back();
    csv += summary_line(result) + "\n";
  }
  return write_whole((out / "sweep.csv").string(), csv);
}

}  // namespace

Expected<int> sweep_fleet(const std::string& scenario, const SweepArguments& arguments, const planner::Planner& planner,
                          sim::RouteStore* routes, const Globals& globals) {
  std::vector<sim::Sweep> sweeps;
  for (const std::string& text : arguments.sweeps) {
    auto sweep = sim::parse_sweep(text);
    if (!sweep) return Unexpected(sweep.error());
    sweeps.push_back(std::move(*sweep));
  }
  std::size_t shard = 1;
  std::size_t shards = 1;
  char rest = 0;
  if (!arguments.shard.empty() && (std::sscanf(arguments.shard.c_str(), "%zu/%zu%c", &shard, &shards, &rest) != 2 ||
                                   shard < 1 || shards < 1 || shard > shards)) {
    return fail(ErrorCode::usage, fmt::format("\"{}\" should be I/N with I from 1 to N", arguments.shard), "--shard");
  }
  if (arguments.out.empty()) return fail(ErrorCode::usage, "a sweep needs a directory for its results", "--out");
  const std::filesystem::path out(arguments.out);
  std::error_code code;
  std::filesystem::create_directories(out, code);
  if (code) return fail(ErrorCode::output_refused, code.message(), arguments.out);

  const auto base = sim::read_scenario(scenario);
  if (!base) return Unexpected(base.error());
  std::vector<Point> points;
  std::vector<std::string> texts;
  for (const auto& values : sim::sweep_points(sweeps)) {
    std::string text = base->text;
    for (std::size_t k = 0; k < sweeps.size(); ++k) {
      text = sim::with_value(text, sweeps[k].section, sweeps[k].key, values[k]);
    }
    const std::string name = fmt::format("point_{:05}", points.size() + 1);
    points.push_back({.values = values, .scenario = out / (name + ".toml"), .result = out / (name + ".json")});
    texts.push_back(std::move(text));
  }
  // All are read before anything of an earlier sweep is touched.
  const std::filesystem::path draft = out / fmt::format("draft_{}.toml", ::getpid());  // shards share the directory
  for (const std::string& text : texts) {
    if (auto written = write_whole(draft.string(), text); !written) return Unexpected(written.error());
    const auto read = sim::read_scenario(draft, base->file.parent_path());
    std::filesystem::remove(draft, code);
    if (!read) return Unexpected(read.error());
  }
  std::vector<std::size_t> open;
  for (std::size_t k = 0; k < points.size(); ++k) {
    // A result counts only for the very scenario that it was made of.
    if (read_text(points[k].scenario) != texts[k]) {
      std::filesystem::remove(points[k].result, code);
      if (auto written = write_whole(points[k].scenario.string(), texts[k]); !written)
        return Unexpected(written.error());
    }
    if (k % shards + 1 == shard && !std::filesystem::exists(points[k].result)) open.push_back(k);
  }
  const unsigned threads =
      globals.threads > 0 ? static_cast<unsigned>(globals.threads) : std::max(1U, std::thread::hardware_concurrency());
  RunWatch watch("sweep", globals.log_level == "error");
  watch.begin(open.size());
  std::mutex mutex;
  std::optional<Error> failed;
  std::size_t done = 0;
  sim::parallel_chunks(open.size(), 1, threads, [&](std::size_t begin, std::size_t) {
    if (watch.interrupted()) return;
    const Point& point = points[open[begin]];
    const auto fails = [&](const Error& error) {
      const std::lock_guard lock(mutex);
      if (!failed) failed = error;
    };
    const auto one = sim::read_scenario(point.scenario, base->file.parent_path());
    if (!one) return fails(one.error());
    const auto day = sim::set_up_day(*one, planner.airspace_ptr(), globals.seed);
    if (!day) return fails(day.error());
    const auto outcome = sim::rehearse_day(
        *one, *day, planner, {.seed = globals.seed, .threads = 1, .stop = &watch.stop(), .routes = routes});
    if (!outcome) return fails(outcome.error());
    if (!outcome->complete) return;
    const auto json = sim::fleet_json(*one, *day, *outcome, globals.seed, SWIFTLET_VERSION);
    if (auto written = write_whole(point.result.string(), json.dump() + "\n"); !written) return fails(written.error());
    const std::lock_guard lock(mutex);
    watch.done(++done);
  });
  if (failed) return Unexpected(*failed);
  if (watch.interrupted()) return traits(ErrorCode::interrupted).exit_status;
  if (auto merged = merge(sweeps, points, out); !merged) return Unexpected(merged.error());
  return 0;
}

}  // namespace swiftlet::tools
