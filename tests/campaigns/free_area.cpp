// How much of the airspace that is free in the exact geometry a view proves free, and whether it hangs together in the
// same components, under low ceilings. "Exact" is worked out point by point on a lattice of --step metres
// (ExactColumns).
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <map>

#include "geo/free_components.hpp"
#include "maps/compile.hpp"
#include "tests/campaigns/exact_columns.hpp"

namespace {

namespace geo = swiftlet::geo;
using swiftlet::campaign::ExactColumns;

/// What becomes of the components that are at least so large in the exact geometry.
struct Agreement {
  std::size_t exact = 0;   ///< components of that size
  std::size_t whole = 0;   ///< of these: all that the view has of it is one component, but for pockets
  std::size_t merged = 0;  ///< of the view's components: parts of two exact ones, which would be an error
};

Agreement compare(const ExactColumns& exact, const ExactColumns::Components& truth, const geo::FreeComponents& view,
                  double least_m2) {
  Agreement result;
  while (result.exact < truth.areas_m2.size() && truth.areas_m2[result.exact] >= least_m2) ++result.exact;
  std::vector<std::map<std::uint32_t, std::size_t>> parts(result.exact);
  for (std::size_t j = 0; j < exact.ny(); ++j) {
    for (std::size_t i = 0; i < exact.nx(); ++i) {
      const std::uint32_t component = truth.of_point[j * exact.nx() + i];
      if (component >= result.exact) continue;
      if (const auto found = view.at(exact.point(i, j))) ++parts[component][*found];
    }
  }
  std::map<std::uint32_t, std::size_t> owners;
  for (const auto& of_component : parts) {
    std::size_t largest = 0;
    std::size_t all = 0;
    for (const auto& [component, points] : of_component) {
      largest = std::max(largest, points);
      all += points;
      if (static_cast<double>(points) * exact.step_m() * exact.step_m() >= 1.0) ++owners[component];
    }
    if (all > 0 && static_cast<double>(largest) >= 0.99 * static_cast<double>(all)) ++result.whole;
  }
  for (const auto& [component, count] : owners) result.merged += count > 1 ? 1 : 0;
  return result;
}

/// Leaves of the airspace what lies in a square about a pad or in its middle, in whole cells: what is joined only
/// beyond it is apart, for the exact geometry as for the view.
void cut_to_window(geo::Airspace& airspace, double side_m, const std::string& at_pad) {
  const geo::GridFrame whole = airspace.bounds.grid();
  geo::Enu2 middle = 0.5 * (whole.extent().min + whole.extent().max);
  if (const geo::Pad* pad = airspace.find_pad(at_pad)) middle = airspace.frame.to_local(pad->slots[0].lonlat());
  const auto first = [&](double at, double origin, int count) {
    return std::clamp(static_cast<int>((at - 0.5 * side_m - origin) / whole.cell_m), 0, count - 1);
  };
  const int i0 = first(middle.x(), whole.origin.x(), whole.nx);
  const int j0 = first(middle.y(), whole.origin.y(), whole.ny);
  const int cells = static_cast<int>(side_m / whole.cell_m);
  const geo::GridFrame grid{.origin = whole.node(i0, j0),
                            .cell_m = whole.cell_m,
                            .nx = std::min(cells, whole.nx - i0),
                            .ny = std::min(cells, whole.ny - j0)};
  airspace.bounds = geo::TerrainBounds::enclose(airspace.terrain, grid);
  airspace.own_layers = nullptr;
}

/// Points no farther apart than the finest cell of a view see every way that it sees.
constexpr double kFinestCell_m = 0.25;

}  // namespace

int main(int argc, char** argv) {
  std::string region = SWIFTLET_SOURCE_DIR "/tests/regions/lyon/region.toml";
  std::vector<double> ceilings{50.0, 40.0, 35.0};
  double step_m = 0.25;
  double window_m = 0.0;
  std::string at_pad;
  double lateral_m = -1.0;
  CLI::App app{"Free area and components of a view against the exact geometry"};
  app.add_option("--region", region, "region.toml");
  app.add_option("--ceiling", ceilings, "Ceilings above ground, m");
  app.add_option("--step", step_m, "Lattice of the exact geometry, m");
  app.add_option("--window", window_m, "Cut the airspace to a square of this side, m; 0: all of it");
  app.add_option("--at-pad", at_pad, "The pad about which the window lies, instead of the middle");
  app.add_option("--lateral", lateral_m, "Lateral clearance, m; else the region's own");
  CLI11_PARSE(app, argc, argv);

  const auto manifest = swiftlet::maps::read_region_manifest(region);
  if (!manifest) {
    fmt::print("SKIPPED: {}\n", describe(manifest.error()));
    return 0;
  }
  auto compiled = swiftlet::maps::compile(*manifest);
  if (!compiled) {
    fmt::print("SKIPPED: {}\n", describe(compiled.error()));
    return 0;
  }
  compiled->airspace.zones.clear();
  if (window_m > 0.0) cut_to_window(compiled->airspace, window_m, at_pad);
  if (lateral_m >= 0.0) compiled->airspace.policy.lateral_clearance_m = lateral_m;
  const auto airspace = std::make_shared<const geo::Airspace>(std::move(compiled->airspace));
  const geo::Box2 area = airspace->bounds.grid().extent();
  const ExactColumns exact(*airspace, airspace->policy, area, step_m);
  bool sound = true;
  for (const double ceiling_m : ceilings) {
    geo::Policy policy = airspace->policy;
    policy.max_height_agl_m = ceiling_m;
    const geo::AirspaceView view(airspace, {.policy = policy, .from = {}, .to = {}, .authorisations = {}});
    const geo::FreeComponents proven(view, geo::FreeComponents::Kind::proven);
    const geo::FreeComponents possible(view, geo::FreeComponents::Kind::possible);
    const ExactColumns::Components truth = exact.components(ceiling_m);
    std::size_t free = 0, proven_free = 0, wrongly_free = 0, wrongly_closed = 0;
    for (std::size_t j = 0; j < exact.ny(); ++j) {
      for (std::size_t i = 0; i < exact.nx(); ++i) {
        const geo::Enu2 p = exact.point(i, j);
        const bool is_free = truth.of_point[j * exact.nx() + i] != ExactColumns::kClosed;
        const bool is_proven = proven.at(p).has_value();
        free += is_free ? 1 : 0;
        proven_free += is_free && is_proven ? 1 : 0;
        wrongly_free += !is_free && is_proven ? 1 : 0;
        wrongly_closed += is_free && !possible.at(p) ? 1 : 0;
      }
    }
    const double square_m2 = step_m * step_m;
    fmt::print("ceiling {} m: exact free area {:.0f} m2, of which proven free {:.2f} %; proven/possible {:.2f} %\n",
               ceiling_m, static_cast<double>(free) * square_m2,
               100.0 * static_cast<double>(proven_free) / static_cast<double>(free),
               100.0 * proven.area_m2() / possible.area_m2());
    fmt::print("  proven free but not free: {} points; free but not possible: {} points\n", wrongly_free,
               wrongly_closed);
    sound = sound && wrongly_free == 0 && wrongly_closed == 0;
    for (const double least_m2 : {10000.0, 1000.0, 100.0, 10.0}) {
      const Agreement agreement = compare(exact, truth, proven, least_m2);
      const bool judged = step_m <= kFinestCell_m;
      fmt::print("  components of {:.0f} m2 and more: {}, of one piece in the view {}; merged in the view {}{}\n",
                 least_m2, agreement.exact, agreement.whole, agreement.merged,
                 judged ? "" : " (not judged: points so far apart miss ways that are there)");
      sound = sound && (agreement.merged == 0 || !judged);
    }
    const auto share = [](double part, double whole) { return whole > 0.0 ? 100.0 * part / whole : 0.0; };
    fmt::print("  largest: exact {:.2f} % of the free area, view {:.2f} % of what it proves\n",
               share(truth.areas_m2.empty() ? 0.0 : truth.areas_m2[0], static_cast<double>(free) * square_m2),
               share(proven.areas_m2().empty() ? 0.0 : proven.areas_m2()[0], proven.area_m2()));
  }
  fmt::print("{}\n", sound ? "sound" : "UNSOUND");
  return sound ? 0 : 1;
}
