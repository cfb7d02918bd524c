#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "geo/airspace_view.hpp"
#include "planner/flight_plan.hpp"
#include "planner/planner.hpp"

namespace swiftlet::tools {

/// A region, compiled, with its referee, for benchmarks.
struct BenchRegion {
  std::string name;  ///< as it stands in the figures' names
  geo::AirspacePtr airspace;
  std::shared_ptr<const geo::Referee> referee;
};

/// Errors: those of reading and compiling a region.
[[nodiscard]] Expected<BenchRegion> open_region(const std::string& name, const std::filesystem::path& region_toml);

/// One region under one ceiling, with requests drawn from a seed.
struct PlanScene {
  const BenchRegion& region;
  double ceiling_agl_m;
  std::shared_ptr<const geo::AirspaceView> view;
  planner::VehicleProfile vehicle;

  [[nodiscard]] std::string name() const;
  [[nodiscard]] planner::PlanRequest request(const LonLat& from, const LonLat& to) const;
};

[[nodiscard]] PlanScene open_scene(const BenchRegion& region, double ceiling_agl_m,
                                   const planner::VehicleProfile& vehicle);

/// What a campaign asks for.
struct DrawnRequests {
  std::vector<planner::PlanRequest> hard;  ///< no profile in the vertical plane through start and goal is feasible
  std::vector<planner::PlanRequest> any;   ///< as they are drawn
};

/// Random bare points from which one can take off, 2 to 3 km apart. `any` holds the first `any_count` pairs drawn,
/// `hard` the first `hard_count` of those whose straight line is closed; fewer where the tries run out.
[[nodiscard]] DrawnRequests draw_requests(const PlanScene& scene, std::size_t hard_count, std::size_t any_count,
                                          std::uint64_t seed);

}  // namespace swiftlet::tools
