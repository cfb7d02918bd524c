#include "tools/bench/plan_bench.hpp"

#include <fmt/chrono.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <filesystem>

#include "tools/bench/plan_measures.hpp"
#include "tools/bench/plan_peers.hpp"
#include "tools/bench/plan_references.hpp"

namespace swiftlet::tools {
namespace {

namespace fs = std::filesystem;

constexpr double kPeerCap_s = 10.0;
constexpr double kNearBest = 1.01;
constexpr std::array<const char*, 3> kPeers{"informed_rrtstar", "bitstar", "abitstar"};
/// Requests a ceiling that the short run gives to the peers: each may take three times the cap.
constexpr std::size_t kPeerRequests = 2;

struct Samples {
  PlanMeasures hard;
  PlanMeasures any;
  std::vector<double> over_best_percent;
  std::vector<double> speedup;
  std::vector<double> own_seconds_to_best;
  std::vector<double> peer_seconds_to_best;
  std::size_t bounds_above_best = 0;
  std::size_t different_bytes = 0;
  std::string commit, date;
};

class PlanBench {
 public:
  explicit PlanBench(const PlanBenchOptions& options)
      : options_(options), vehicle_(planner::load_vehicle("courier-4").value()) {}

  Expected<FigureSheet> run() {
    const fs::path file = options_.references.empty()
                              ? fs::path(SWIFTLET_SOURCE_DIR) / "tests/reference/plan_best_known.json"
                              : fs::path(options_.references);
    if (!options_.full && fs::exists(file)) {
      auto known = read_references(file);
      if (!known) return Unexpected(known.error());
      references_ = std::move(*known);
    }
    for (const auto& [name, path] : regions()) {
      const auto region = open_region(name, path);
      if (!region) return Unexpected(region.error());
      measure_region(*region);
    }
    if (options_.full) {
      if (const auto done = write_references(made_, file); !done) return Unexpected(done.error());
    }
    return sheet_;
  }

 private:
  [[nodiscard]] std::vector<std::pair<std::string, fs::path>> regions() const {
    std::vector<std::pair<std::string, fs::path>> out;
    for (const std::string& text : options_.regions) {
      const auto equals = text.find('=');
      out.emplace_back(text.substr(0, equals), equals == std::string::npos ? text : text.substr(equals + 1));
    }
    if (!out.empty()) return out;
    const fs::path root = SWIFTLET_SOURCE_DIR;
    if (fs::exists(root / "../shared/data/lyon")) {
      out.emplace_back("lyon", root / "tests/regions/lyon/region.toml");
    } else {
      fmt::print(stderr, "swiftlet: bench: Lyon's data is not there; its figures are left out\n");
    }
    out.emplace_back("harbour", root / "maps/regions/harbour/region.toml");
    return out;
  }

  void measure_region(const BenchRegion& region) {
    Samples all;
    for (const double ceiling : options_.ceilings_agl_m) {
      Samples one;
      const PlanScene scene = open_scene(region, ceiling, vehicle_);
      // A planner a scene: it keeps the views that it has derived.
      const planner::Planner planner(region.airspace, region.referee);
      const auto count = [&](std::size_t asked) { return asked > 0 ? asked : options_.full ? 1000U : 200U; };
      const DrawnRequests drawn =
          draw_requests(scene, count(options_.hard_count), count(options_.any_count), options_.seed);
      fmt::print(stderr, "swiftlet: bench: {}, {} requests blocked on the straight line, {} of any kind\n",
                 scene.name(), drawn.hard.size(), drawn.any.size());
      one.hard = measure(scene, planner, drawn.hard);
      one.any = measure(scene, planner, drawn.any);
      const std::vector<planner::PlanRequest> some(
          drawn.any.begin(), drawn.any.begin() + std::min<std::ptrdiff_t>(20, std::ssize(drawn.any)));
      if (!same_bytes_with_two_threads(scene, planner, some)) ++one.different_bytes;
      if (options_.full) make_references(scene, planner, drawn.hard);
      compare(scene, planner, one);
      add(scene.name(), one);
      merge(all, one);
    }
    add("plan." + region.name, all);
  }

  void make_references(const PlanScene& scene, const planner::Planner& planner,
                       const std::vector<planner::PlanRequest>& requests) {
    for (std::size_t k = 0; k < std::min(options_.reference_count, requests.size()); ++k) {
      PlanReference best = best_known(scene, planner, requests[k], options_.reference_s);
      if (!std::isfinite(best.cost_s)) continue;
      best.commit = SWIFTLET_COMMIT;
      best.date = fmt::format("{:%Y-%m-%d}",
                              fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())));
      fmt::print(stderr, "swiftlet: bench: {}: best known {:.3f} s by {}\n", requests[k].id, best.cost_s, best.by);
      made_.push_back(best);
      references_.push_back(std::move(best));
    }
  }

  /// Our own answers, and the peers' where asked for, against the best known.
  void compare(const PlanScene& scene, const planner::Planner& planner, Samples& out) const {
    std::size_t peers_asked = 0;
    const bool contested = scene.ceiling_agl_m == 50.0 || scene.ceiling_agl_m == 40.0;
    for (const PlanReference& best : references_) {
      if (best.region != scene.region.name || best.ceiling_agl_m != scene.ceiling_agl_m) continue;
      if (best.airspace_hash != scene.region.airspace->hash) {
        fmt::print(stderr, "swiftlet: bench: a reference of {} is of another version of the airspace\n", scene.name());
        continue;
      }
      out.commit = best.commit;
      out.date = best.date;
      const auto request = scene.request(best.from, best.to);
      const auto route = planner.plan(request, vehicle_);
      const bool ok = route.status == planner::RouteStatus::ok;
      if (ok) {
        out.over_best_percent.push_back(100.0 * (route.cost / best.cost_s - 1.0));
        if (route.lower_bound > best.cost_s) ++out.bounds_above_best;
      }
      if (!options_.against_ompl || !contested || peers_asked >= (options_.full ? references_.size() : kPeerRequests))
        continue;
      ++peers_asked;
      const double target_s = kNearBest * std::min(best.cost_s, ok ? route.cost : best.cost_s);
      const double own_s =
          ok && route.cost <= target_s ? 1e-6 * static_cast<double>(route.planning.time_us) : kPeerCap_s;
      double peer_s = kPeerCap_s;
      for (const char* name : kPeers)
        peer_s = std::min(peer_s, run_peer(scene, request, name, target_s, peer_s, options_.seed).seconds_to_target);
      out.own_seconds_to_best.push_back(own_s);
      out.peer_seconds_to_best.push_back(peer_s);
      out.speedup.push_back(peer_s / own_s);
    }
  }

  void add(const std::string& prefix, const Samples& s) {
    add_figures(prefix, s.hard, s.any, sheet_);
    sheet_.add({.name = prefix + ".runs_that_differ_with_two_threads",
                .value = static_cast<double>(s.different_bytes),
                .unit = "count",
                .bar = 0.0});
    if (!s.over_best_percent.empty()) {
      const auto reference = [&](const char* what, double value, const char* unit, double bar) {
        sheet_.add({.name = prefix + what,
                    .value = value,
                    .unit = unit,
                    .bar = bar,
                    .reference_commit = s.commit,
                    .reference_date = s.date});
      };
      reference(".cost_over_best_mean_percent", mean(s.over_best_percent), "percent", 0.3);
      reference(".cost_over_best_worst_percent", quantile(s.over_best_percent, 1.0), "percent", 1.5);
      reference(".bounds_above_best_known", static_cast<double>(s.bounds_above_best), "count", 0.0);
    }
    if (!s.speedup.empty()) {
      sheet_.add({.name = prefix + ".ompl_best_to_1_percent_p50_s",
                  .value = quantile(s.peer_seconds_to_best, 0.5),
                  .unit = "s"});
      sheet_.add(
          {.name = prefix + ".own_to_1_percent_p50_s", .value = quantile(s.own_seconds_to_best, 0.5), .unit = "s"});
      sheet_.add({.name = prefix + ".times_faster_than_ompl_p50",
                  .value = quantile(s.speedup, 0.5),
                  .unit = "ratio",
                  .bar = 300.0,
                  .lower_is_better = false});
    }
  }

  static void merge(Samples& all, const Samples& one) {
    const auto append = [](std::vector<double>& to, const std::vector<double>& from) {
      to.insert(to.end(), from.begin(), from.end());
    };
    all.hard.add(one.hard);
    all.any.add(one.any);
    append(all.over_best_percent, one.over_best_percent);
    append(all.speedup, one.speedup);
    append(all.own_seconds_to_best, one.own_seconds_to_best);
    append(all.peer_seconds_to_best, one.peer_seconds_to_best);
    all.bounds_above_best += one.bounds_above_best;
    all.different_bytes += one.different_bytes;
    if (!one.commit.empty()) {
      all.commit = one.commit;
      all.date = one.date;
    }
  }

  PlanBenchOptions options_;
  planner::VehicleProfile vehicle_;
  FigureSheet sheet_;
  std::vector<PlanReference> references_;
  std::vector<PlanReference> made_;
};

}  // namespace

Expected<FigureSheet> bench_plan(const PlanBenchOptions& options) { return PlanBench(options).run(); }

}  // namespace swiftlet::tools
