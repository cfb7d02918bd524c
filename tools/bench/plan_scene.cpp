#include "tools/bench/plan_scene.hpp"

#include <fmt/core.h>

#include <cmath>
#include <numbers>
#include <optional>
#include <random>

#include "maps/compile.hpp"
#include "maps/referee/referee.hpp"

namespace swiftlet::tools {
namespace {

constexpr double kNearest_m = 2000.0;
constexpr double kFarthest_m = 3000.0;

/// Uniform in [0, 1), the same on every standard library.
double uniform(std::mt19937_64& random) { return static_cast<double>(random() >> 11) * 0x1.0p-53; }

bool can_take_off(const PlanScene& scene, const LonLat& at) {
  const auto place = planner::resolve(*scene.view, planner::GroundPoint{.at = at}, planner::RouteEnd::start);
  return place && planner::find_terminal(*scene.view, *place, planner::RouteEnd::start).has_value();
}

}  // namespace

Expected<BenchRegion> open_region(const std::string& name, const std::filesystem::path& region_toml) {
  const auto manifest = maps::read_region_manifest(region_toml);
  if (!manifest) return Unexpected(manifest.error());
  auto compiled = maps::compile(*manifest);
  if (!compiled) return Unexpected(compiled.error());
  auto referee = maps::open_referee(*manifest);
  if (!referee) return Unexpected(referee.error());
  return BenchRegion{.name = name,
                     .airspace = std::make_shared<const geo::Airspace>(std::move(compiled->airspace)),
                     .referee = std::move(*referee)};
}

std::string PlanScene::name() const { return fmt::format("plan.{}.{:g}m", region.name, ceiling_agl_m); }

planner::PlanRequest PlanScene::request(const LonLat& from, const LonLat& to) const {
  planner::PlanRequest request;
  request.from = planner::GroundPoint{.at = from};
  request.to = planner::GroundPoint{.at = to};
  request.depart = parse_rfc3339("2026-11-23T10:00:00Z").value();
  request.policy = region.airspace->policy;
  request.policy.max_height_agl_m = ceiling_agl_m;
  return request;
}

PlanScene open_scene(const BenchRegion& region, double ceiling_agl_m, const planner::VehicleProfile& vehicle) {
  PlanScene scene{.region = region, .ceiling_agl_m = ceiling_agl_m, .view = nullptr, .vehicle = vehicle};
  const planner::PlanRequest example = scene.request({}, {});
  // As long as any flight could last: zones that begin within it bind.
  scene.view = std::make_shared<const geo::AirspaceView>(
      region.airspace,
      geo::ViewOptions{
          .policy = example.policy, .from = example.depart, .to = after(example.depart, 7200.0), .authorisations = {}});
  return scene;
}

DrawnRequests draw_requests(const PlanScene& scene, std::size_t hard_count, std::size_t any_count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const geo::Airspace& airspace = *scene.region.airspace;
  const geo::Box2 extent = scene.view->grid().extent();
  const planner::FlightLimits limits(scene.vehicle, airspace.wind);
  DrawnRequests drawn;
  constexpr int kMostTries = 400'000;
  for (int k = 0; k < kMostTries && (drawn.hard.size() < hard_count || drawn.any.size() < any_count); ++k) {
    const geo::Enu2 from =
        extent.min + geo::Enu2(uniform(random), uniform(random)).cwiseProduct(extent.max - extent.min);
    const double bearing = 2.0 * std::numbers::pi * uniform(random);
    const double far = kNearest_m + (kFarthest_m - kNearest_m) * uniform(random);
    const geo::Enu2 to = from + far * geo::Enu2(std::cos(bearing), std::sin(bearing));
    if ((to.array() < extent.min.array()).any() || (to.array() > extent.max.array()).any()) continue;
    const GeoPoint a = airspace.frame.to_geo({from.x(), from.y(), 0.0});
    const GeoPoint b = airspace.frame.to_geo({to.x(), to.y(), 0.0});
    const LonLat start{a.lon_deg, a.lat_deg};
    const LonLat goal{b.lon_deg, b.lat_deg};
    if (!can_take_off(scene, start) || !can_take_off(scene, goal)) continue;
    planner::PlanRequest request = scene.request(start, goal);
    request.id = fmt::format("{}-{}", scene.name(), k);
    const auto ends = planner::flight_ends(*scene.view, request, limits, true);
    if (!ends) continue;
    if (drawn.any.size() < any_count) drawn.any.push_back(request);
    if (drawn.hard.size() >= hard_count) continue;
    const planner::TrackFinder finder(*scene.view, limits, ends->rest.transit_enu(), ends->goal.transit_enu());
    if (!finder.over({ends->rest.transit_enu().head<2>(), ends->goal.transit_enu().head<2>()}).flyable())
      drawn.hard.push_back(request);
  }
  return drawn;
}

}  // namespace swiftlet::tools
