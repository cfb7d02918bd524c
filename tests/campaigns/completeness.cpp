// Asks for routes between random places, far and near, and holds the answers against what the columns say: `ok`
// wherever proven columns connect, `infeasible` wherever possible ones do not, and `undecided_at_resolution` next to
// never. Energy plays no part: the battery lasts for any flight. Prints the seed, the counts, and every undecided
// request.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <map>
#include <random>

#include "maps/compile.hpp"
#include "maps/referee/referee.hpp"
#include "planner/column_islands.hpp"
#include "planner/planner.hpp"
#include "planner/terminal.hpp"

namespace {

namespace geo = swiftlet::geo;
namespace planner = swiftlet::planner;
using swiftlet::LonLat;

/// Uniform in [0, 1), the same on every standard library.
double uniform(std::mt19937_64& random) { return static_cast<double>(random() >> 11) * 0x1.0p-53; }

struct Counts {
  std::size_t asked = 0;
  std::size_t ok = 0;
  std::size_t infeasible = 0;
  std::size_t undecided = 0;
  std::size_t refused_by_referee = 0;
  std::size_t wrongly_infeasible = 0;  ///< though proven columns connect the places
  std::size_t missed = 0;              ///< not ok though proven columns connect the places
  std::map<std::string, std::size_t> others;
};

class Campaign {
 public:
  Campaign(const geo::AirspacePtr& airspace, std::shared_ptr<const geo::Referee> referee, double ceiling_agl_m)
      : airspace_(airspace),
        planner_(airspace, std::move(referee)),
        vehicle_(planner::load_vehicle("courier-4").value()),
        depart_(swiftlet::parse_rfc3339("2026-11-23T10:00:00Z").value()) {
    vehicle_.battery_wh = 1e5;
    policy_ = airspace->policy;
    policy_.max_height_agl_m = ceiling_agl_m;
    view_ = std::make_shared<const geo::AirspaceView>(
        airspace,
        geo::ViewOptions{
            .policy = policy_, .from = depart_, .to = swiftlet::after(depart_, 24.0 * 3600.0), .authorisations = {}});
    proven_.emplace(planner::ColumnGrid(*view_, planner::Trust::proven, {}), planner::Trust::proven);
  }

  Counts run(std::size_t count, std::uint64_t seed, bool verbose) {
    std::mt19937_64 random(seed);
    Counts counts;
    while (counts.asked < count) {
      const LonLat from = place(random);
      const LonLat to = place(random);
      if (!can_take_off(from, planner::RouteEnd::start) || !can_take_off(to, planner::RouteEnd::goal)) continue;
      ask(from, to, counts, verbose);
    }
    return counts;
  }

 private:
  LonLat place(std::mt19937_64& random) const {
    const geo::Box2 extent = view_->grid().extent();
    const geo::Enu2 p = extent.min + geo::Enu2(uniform(random), uniform(random)).cwiseProduct(extent.max - extent.min);
    const swiftlet::GeoPoint at = airspace_->frame.to_geo({p.x(), p.y(), 0.0});
    return {at.lon_deg, at.lat_deg};
  }

  /// Whether the place is one: not inside a building, not beside a wall, not outside. What the band over it is stays
  /// for the planner to say.
  bool can_take_off(const LonLat& at, planner::RouteEnd end) const {
    const auto place = planner::resolve(*view_, planner::GroundPoint{.at = at}, end);
    if (!place) return false;
    const auto terminal = planner::find_terminal(*view_, *place, end);
    return terminal || terminal.error().error.code == swiftlet::ErrorCode::undecided_at_resolution ||
           terminal.error().error.code == swiftlet::ErrorCode::band_empty;
  }

  void ask(const LonLat& from, const LonLat& to, Counts& counts, bool verbose) {
    planner::PlanRequest request;
    request.id = fmt::format("q{}", counts.asked);
    request.from = planner::GroundPoint{.at = from};
    request.to = planner::GroundPoint{.at = to};
    request.depart = depart_;
    request.policy = policy_;
    const planner::Route route = planner_.plan(request, vehicle_);
    ++counts.asked;
    const auto a = proven_->at(airspace_->frame.to_local(from));
    const auto b = proven_->at(airspace_->frame.to_local(to));
    const bool connects = a && a == b;
    const auto code = route.error ? route.error->code : swiftlet::ErrorCode::internal;
    if (route.status == planner::RouteStatus::ok) {
      ++counts.ok;
      return;
    }
    if (connects) ++counts.missed;
    if (route.status == planner::RouteStatus::infeasible) {
      ++counts.infeasible;
      if (connects) ++counts.wrongly_infeasible;
      return;
    }
    if (code == swiftlet::ErrorCode::undecided_at_resolution) {
      ++counts.undecided;
    } else if (code == swiftlet::ErrorCode::referee_refused) {
      ++counts.refused_by_referee;
    } else {
      ++counts.others[std::string(name(code))];
    }
    if (verbose) {
      fmt::print("  {}: {:.8f},{:.8f} -> {:.8f},{:.8f}: {}{}\n", request.id, from.lon_deg, from.lat_deg, to.lon_deg,
                 to.lat_deg, swiftlet::describe(*route.error), connects ? " (proven columns connect)" : "");
    }
  }

  geo::AirspacePtr airspace_;
  planner::Planner planner_;
  planner::VehicleProfile vehicle_;
  swiftlet::UtcTime depart_;
  geo::Policy policy_;
  std::shared_ptr<const geo::AirspaceView> view_;
  std::optional<planner::ColumnIslands> proven_;
};

}  // namespace

int main(int argc, char** argv) {
  std::string region = SWIFTLET_SOURCE_DIR "/tests/regions/lyon/region.toml";
  std::vector<double> ceilings{120.0, 50.0, 40.0, 35.0};
  std::size_t count = 10'000;
  std::uint64_t seed = 1;
  bool verbose = false;
  CLI::App app{"Completeness of the planner on random requests"};
  app.add_option("--region", region, "region.toml");
  app.add_option("--ceiling", ceilings, "Ceilings above ground, m");
  app.add_option("--count", count, "Requests a ceiling");
  app.add_option("--seed", seed, "Seed of the places");
  app.add_flag("--verbose", verbose, "Print every request that was not decided");
  CLI11_PARSE(app, argc, argv);

  const auto manifest = swiftlet::maps::read_region_manifest(region);
  if (!manifest) {
    fmt::print("SKIPPED: {}\n", describe(manifest.error()));
    return 77;
  }
  auto compiled = swiftlet::maps::compile(*manifest);
  auto referee = swiftlet::maps::open_referee(*manifest);
  if (!compiled || !referee) {
    fmt::print(stderr, "{}\n", describe(compiled ? referee.error() : compiled.error()));
    return 1;
  }
  const auto airspace = std::make_shared<const geo::Airspace>(std::move(compiled->airspace));
  fmt::print("seed {}\n", seed);
  const std::shared_ptr<const geo::Referee> judge = std::move(*referee);
  bool good = true;
  for (const double ceiling_m : ceilings) {
    const Counts c = Campaign(airspace, judge, ceiling_m).run(count, seed, verbose);
    fmt::print(
        "under {:>3g} m: {} asked, {} ok, {} infeasible, {} undecided ({:.2f} %), {} refused by the referee; though "
        "proven columns connect: {} not ok, {} of them infeasible\n",
        ceiling_m, c.asked, c.ok, c.infeasible, c.undecided,
        100.0 * static_cast<double>(c.undecided) / static_cast<double>(c.asked), c.refused_by_referee, c.missed,
        c.wrongly_infeasible);
    for (const auto& [code, n] : c.others) fmt::print("  {} {}\n", n, code);
    good = good && c.refused_by_referee == 0 && c.wrongly_infeasible == 0 && c.others.empty() &&
           static_cast<double>(c.undecided) <= 1e-3 * static_cast<double>(c.asked);
  }
  return good ? 0 : 1;
}
