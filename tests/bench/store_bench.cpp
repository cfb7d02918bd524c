// A compiled city from disk: how long until it is loaded, until it has answered its first query, and until every tile
// has been checked; and what compiling it with a policy's view, and writing it down, cost. The file is in the page
// cache. Compares with nothing, gates nothing. Run by hand: build/release/tests/bench/bench_store
#include <benchmark/benchmark.h>

#include <filesystem>
#include <stdexcept>

#include "geo/airspace_view.hpp"
#include "maps/airspace_store.hpp"

namespace {

namespace fs = std::filesystem;
namespace geo = swiftlet::geo;
namespace maps = swiftlet::maps;

fs::path region_file() {
  const fs::path lyon = SWIFTLET_SOURCE_DIR "/tests/regions/lyon/region.toml";
  const fs::path data = SWIFTLET_SOURCE_DIR "/../shared/data/lyon";
  return fs::exists(data) ? lyon : fs::path(SWIFTLET_SOURCE_DIR "/maps/regions/harbour/region.toml");
}

void require(const swiftlet::Expected<void>& done) {
  if (!done) throw std::runtime_error(describe(done.error()));
}

/// The city, compiled once.
const fs::path& compiled() {
  static const fs::path dir = [] {
    const fs::path out = fs::temp_directory_path() / "swiftlet_bench_store";
    require(maps::compile_region(maps::read_region_manifest(region_file()).value(), out));
    return out;
  }();
  return dir;
}

bool first_answer(const geo::AirspacePtr& airspace) {
  using namespace std::chrono_literals;
  const swiftlet::UtcTime now{std::chrono::sys_days{std::chrono::year(2026) / 11 / 21}};
  const geo::AirspaceView view(airspace,
                               {.policy = airspace->policy, .from = now, .to = now + 1h, .authorisations = {}});
  return view.is_free({0, 0, 290}, {40, 30, 290});
}

void load(benchmark::State& state) {
  const fs::path& dir = compiled();
  for (auto _ : state) benchmark::DoNotOptimize(maps::load_airspace(dir).value());
}
BENCHMARK(load)->Unit(benchmark::kMillisecond);

void load_and_first_answer(benchmark::State& state) {
  const fs::path& dir = compiled();
  for (auto _ : state) benchmark::DoNotOptimize(first_answer(maps::load_airspace(dir).value()));
}
BENCHMARK(load_and_first_answer)->Unit(benchmark::kMillisecond);

void check_every_byte(benchmark::State& state) {
  const fs::path& dir = compiled();
  for (auto _ : state) benchmark::DoNotOptimize(maps::check_airspace(dir).size());
}
BENCHMARK(check_every_byte)->Unit(benchmark::kMillisecond);

void compile_and_derive(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(maps::compile(maps::read_region_manifest(region_file()).value()).value());
  }
}
BENCHMARK(compile_and_derive)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

void write_down(benchmark::State& state) {
  const auto manifest = maps::read_region_manifest(region_file()).value();
  const auto region = maps::compile(manifest).value();
  const fs::path out = fs::temp_directory_path() / "swiftlet_bench_store_written";
  for (auto _ : state) require(maps::store_airspace(manifest, region, out));
}
BENCHMARK(write_down)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
