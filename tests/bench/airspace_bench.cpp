// The exact segment test on real surfaces: its speed for free and for grazing segments of 50 m, 1 km and 3 km, and that
// of its peer, a point every 2 m on the same surfaces. Times are of single calls in random order on one core; median
// and 99th percentile are printed as counters, in nanoseconds. Compares, never gates.
#include <benchmark/benchmark.h>
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <numbers>

#include "geo/view_layers.hpp"
#include "maps/compile.hpp"
#include "maps/live_zone_reader.hpp"
#include "tests/bench/point_sampler.hpp"
#include "tests/bench/segment_sets.hpp"

namespace {

namespace geo = swiftlet::geo;
using namespace swiftlet::bench;
using Clock = std::chrono::steady_clock;

struct City {
  std::string name;
  geo::AirspacePtr airspace;
  std::unique_ptr<geo::AirspaceView> view;
  std::unique_ptr<PointSampler> sampler;
};

double ns(Clock::duration d) { return std::chrono::duration<double, std::nano>(d).count(); }

/// What two readings of the clock in a row cost.
double clock_ns() {
  std::vector<double> costs;
  for (int k = 0; k < 2001; ++k) {
    const auto t = Clock::now();
    costs.push_back(ns(Clock::now() - t));
  }
  std::nth_element(costs.begin(), costs.begin() + 1000, costs.end());
  return costs[1000];
}

template <class Test>
void run(benchmark::State& state, const std::vector<Segment>& segments, Test&& test) {
  if (segments.empty()) return state.SkipWithError("no such segments here");
  const double overhead = clock_ns();
  std::vector<double> times;
  std::size_t k = 0;
  bool all = true;
  for (auto _ : state) {
    const Segment& s = segments[k++ % segments.size()];
    const auto t = Clock::now();
    const bool is_free = test(s.a_enu, s.b_enu);
    const auto d = Clock::now() - t;
    all = all && is_free;
    if (times.size() < 4'000'000) times.push_back(std::max(0.0, ns(d) - overhead));
  }
  benchmark::DoNotOptimize(all);
  std::sort(times.begin(), times.end());
  state.counters["p50_ns"] = times[times.size() / 2];
  state.counters["p99_ns"] = times[times.size() * 99 / 100];
}

void add(const City& city) {
  static std::mt19937_64 rng(20261121);
  for (const double length_m : {50.0, 1000.0, 3000.0}) {
    for (const bool grazing : {false, true}) {
      auto set = std::make_shared<const std::vector<Segment>>(
          grazing ? grazing_segments(*city.view, length_m, 4000, rng) : free_segments(*city.view, length_m, 4000, rng));
      const std::string what = fmt::format("{}/{}m/{}", city.name, length_m, grazing ? "grazing" : "free");
      benchmark::RegisterBenchmark((what + "/exact").c_str(), [&city, set](benchmark::State& state) {
        run(state, *set, [&](const auto& a, const auto& b) { return city.view->is_free(a, b); });
      });
      benchmark::RegisterBenchmark((what + "/sampled_2m").c_str(), [&city, set](benchmark::State& state) {
        run(state, *set, [&](const auto& a, const auto& b) { return city.sampler->is_free(a, b); });
      });
      benchmark::RegisterBenchmark((what + "/sampled_2m_by_cells").c_str(), [&city, set](benchmark::State& state) {
        run(state, *set, [&](const auto& a, const auto& b) { return city.sampler->is_free_by_cells(a, b); });
      });
      benchmark::RegisterBenchmark((what + "/sampled_2m_by_query").c_str(), [&city, set](benchmark::State& state) {
        run(state, *set, [&](const auto& a, const auto& b) { return city.sampler->is_free_by_query(a, b); });
      });
    }
  }
}

/// A view that gains and loses a round zone of that radius, made out of the one before.
void add_zone_change(const City& city, double radius_m) {
  geo::Ring ring;
  for (int k = 0; k < 96; ++k) {
    const double turn = 2.0 * std::numbers::pi * k / 96.0;
    ring.push_back(radius_m * geo::Enu2(std::cos(turn), std::sin(turn)));
  }
  geo::Geozone zone;
  zone.id = "live";
  zone.footprint = {{ring, {}}};
  zone.box = geo::bounds(zone.footprint);
  zone.lower = geo::ZoneLimit{.value_m = 60.0, .reference = geo::VerticalReference::agl};
  auto changed = std::make_shared<geo::Airspace>(*city.airspace);
  changed->zones.push_back(zone);
  benchmark::RegisterBenchmark(fmt::format("{}/zone_of_{}m/insert_remove", city.name, radius_m).c_str(),
                               [&city, changed](benchmark::State& state) {
                                 for (auto _ : state) {
                                   const geo::AirspaceView with(changed, city.view->options(), *city.view);
                                   const geo::AirspaceView without(city.airspace, city.view->options(), with);
                                   benchmark::DoNotOptimize(&without);
                                 }
                               })
      ->Unit(benchmark::kMillisecond);
}

/// From the zone's JSON to a new version of the airspace and its view, and back again: the whole way of a zone that is
/// put up and taken down at run time. The bar is 5 ms each.
void add_live_zone(const City& city, double radius_m) {
  const swiftlet::LonLat c = city.airspace->frame.centre();
  const std::string text = fmt::format(
      R"({{"type":"Feature","geometry":{{"type":"Point","coordinates":[{},{}],"extent":{{"subType":"Circle","radius":{}}},
          "layer":{{"lower":60,"lowerReference":"AGL","upper":99999}}}},
          "properties":{{"identifier":"LIVE","type":"PROHIBITED"}}}})",
      c.lon_deg, c.lat_deg, radius_m);
  const auto insert = [&city, text] {
    return geo::insert_zone(city.airspace, swiftlet::maps::read_live_zone(text, *city.airspace, "bench").value())
        .value();
  };
  const std::string what = fmt::format("{}/live_zone_of_{}m", city.name, radius_m);
  benchmark::RegisterBenchmark((what + "/insert_version").c_str(), [insert](benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(insert());
  })->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark((what + "/insert_version_and_view").c_str(), [&city, insert](benchmark::State& state) {
    for (auto _ : state) {
      const geo::AirspaceView view(insert(), city.view->options(), *city.view);
      benchmark::DoNotOptimize(&view);
    }
  })->Unit(benchmark::kMillisecond);
  // Tiles are cut when they are first asked for: what all of them would cost, on one thread.
  benchmark::RegisterBenchmark((what + "/insert_and_ask_every_tile").c_str(), [&city, insert](benchmark::State& state) {
    for (auto _ : state) {
      const geo::AirspaceView view(insert(), city.view->options(), *city.view);
      for (int j = 0; j < view.grid().ny; j += geo::TileGrid::kCells) {
        for (int i = 0; i < view.grid().nx; i += geo::TileGrid::kCells) benchmark::DoNotOptimize(view.safe_band(i, j));
      }
    }
  })->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark((what + "/remove_version_and_view").c_str(), [&city, insert](benchmark::State& state) {
    const geo::AirspaceView with(insert(), city.view->options(), *city.view);
    for (auto _ : state) {
      const geo::AirspaceView view(geo::remove_zone(with.airspace_ptr(), "LIVE").value(), city.view->options(), with);
      benchmark::DoNotOptimize(&view);
    }
  })->Unit(benchmark::kMillisecond);
}

double seconds_since(Clock::time_point t) { return std::chrono::duration<double>(Clock::now() - t).count(); }

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  const std::filesystem::path root = SWIFTLET_SOURCE_DIR;
  std::map<std::string, City> cities;
  for (const auto& [name, file] : {std::pair{"harbour", root / "maps/regions/harbour/region.toml"},
                                   std::pair{"lyon", root / "tests/regions/lyon/region.toml"}}) {
    const auto manifest = swiftlet::maps::read_region_manifest(file);
    if (!manifest) {
      fmt::print(stderr, "SKIPPED {}: {}\n", name, describe(manifest.error()));
      continue;
    }
    const auto start = Clock::now();
    auto region = swiftlet::maps::compile(*manifest);
    if (!region) {
      fmt::print(stderr, "SKIPPED {}: {}\n", name, describe(region.error()));
      continue;
    }
    const double compiled_s = seconds_since(start);
    auto airspace = std::make_shared<geo::Airspace>(std::move(region->airspace));
    airspace->own_layers = geo::ViewLayers::derive(*airspace, airspace->policy);
    fmt::print("{}: {} obstacles, compiled in {:.3f} s, view derived in {:.3f} s\n", name, airspace->obstacles.size(),
               compiled_s, seconds_since(start) - compiled_s);
    City& city = cities[name];
    city.name = name;
    city.airspace = airspace;
    city.view = std::make_unique<geo::AirspaceView>(
        airspace, geo::ViewOptions{.policy = airspace->policy, .from = {}, .to = {}, .authorisations = {}});
    city.sampler = std::make_unique<PointSampler>(*city.view);
    add(city);
    for (const double radius_m : {100.0, 500.0, 5000.0}) add_zone_change(city, radius_m);
    for (const double radius_m : {100.0, 500.0, 5000.0}) add_live_zone(city, radius_m);
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
