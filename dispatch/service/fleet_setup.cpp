#include "dispatch/service/fleet_setup.hpp"

#include <fmt/core.h>

#include "maps/airspace_store.hpp"

namespace swiftlet::dispatch {

Expected<OpenedRegion> open_region(const std::filesystem::path& region, const std::filesystem::path& compiled_dir) {
  if (std::filesystem::is_directory(region)) {
    auto airspace = maps::load_airspace(region);
    if (!airspace) return Unexpected(airspace.error());
    return OpenedRegion{.airspace = *airspace, .airspace_dir = region};
  }
  const auto manifest = maps::read_region_manifest(region);
  if (!manifest) return Unexpected(manifest.error());
  const auto wanted = maps::airspace_hash(*manifest);
  if (!wanted) return Unexpected(wanted.error());
  auto airspace = maps::load_airspace(compiled_dir);
  if (!airspace || (*airspace)->hash != *wanted) {
    if (const auto compiled = maps::compile_region(*manifest, compiled_dir); !compiled) {
      return Unexpected(compiled.error());
    }
    airspace = maps::load_airspace(compiled_dir);
    if (!airspace) return Unexpected(airspace.error());
  }
  return OpenedRegion{.airspace = *airspace, .airspace_dir = compiled_dir};
}

Expected<FleetConfig> set_up_fleet(const ServiceConfig& config, const geo::Airspace& airspace) {
  FleetConfig fleet{.airspace_name = airspace.name,
                    .airspace_hash = airspace.hash,
                    .frame_origin = airspace.frame.centre(),
                    .policy = airspace.policy,
                    .pads = airspace.pads,
                    .merchants = config.merchants,
                    .merchant_limits = config.merchant_limits,
                    .tariff = config.tariff,
                    .patience_s = config.patience_s,
                    .speed = config.speed,
                    .rate_per_s = config.rate_per_s,
                    .burst = config.burst};
  std::map<std::string, int> taken;
  for (const ConfiguredDrone& drone : config.drones) {
    const geo::Pad* pad = airspace.find_pad(drone.home_pad);
    if (pad == nullptr) {
      return fail(ErrorCode::config_invalid,
                  fmt::format("drone {}: no pad \"{}\" in {}", drone.id, drone.home_pad, airspace.name), "home_pad");
    }
    const int slot = taken[pad->id]++;
    if (slot >= static_cast<int>(pad->slots.size())) {
      return fail(ErrorCode::config_invalid,
                  fmt::format("drone {}: pad {} has {} slots, all of them other drones' homes", drone.id, pad->id,
                              pad->slots.size()),
                  "home_pad");
    }
    if (!fleet.profiles.contains(drone.profile)) {
      auto vehicle = planner::load_vehicle(drone.profile);
      if (!vehicle) return Unexpected(vehicle.error());
      fleet.profiles.emplace(drone.profile, *vehicle);
    }
    fleet.drones.push_back({.id = drone.id, .profile = drone.profile, .home_pad = drone.home_pad, .home_slot = slot});
  }
  return fleet;
}

}  // namespace swiftlet::dispatch
