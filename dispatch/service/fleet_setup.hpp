#pragma once

#include <filesystem>

#include "dispatch/core/fleet_config.hpp"
#include "dispatch/service/service_config.hpp"
#include "geo/airspace.hpp"

namespace swiftlet::dispatch {

struct OpenedRegion {
  geo::AirspacePtr airspace;
  std::filesystem::path airspace_dir;
};

/// Loads a compiled airspace, or compiles a region.toml into `compiled_dir` unless what is there was compiled from the
/// same sources. Errors: those of maps.
[[nodiscard]] Expected<OpenedRegion> open_region(const std::filesystem::path& region,
                                                 const std::filesystem::path& compiled_dir);

/// What the core is told. Each drone gets a slot of its home pad for itself. Errors: config_invalid (unknown pad, more
/// drones than slots), those of load_vehicle.
[[nodiscard]] Expected<FleetConfig> set_up_fleet(const ServiceConfig& config, const geo::Airspace& airspace);

}  // namespace swiftlet::dispatch
