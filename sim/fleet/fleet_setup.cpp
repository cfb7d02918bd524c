#include "sim/fleet/fleet_setup.hpp"

#include <fmt/core.h>

#include <optional>

#include "sim/fleet/pad_layout.hpp"

namespace swiftlet::sim {

Expected<RehearsedDay> set_up_day(const Scenario& s, const geo::AirspacePtr& airspace, std::uint64_t seed) {
  RehearsedDay day;
  const auto vehicle = planner::load_vehicle(s.vehicle);
  if (!vehicle) return Unexpected(vehicle.error());
  const auto wrong = [&](const char* key, const std::string& why) {
    return fail(ErrorCode::value_invalid, why, fmt::format("{}: {}", s.file.string(), key));
  };
  if (s.parcel_most_kg > vehicle->max_payload_kg) {
    return wrong("demand.parcel_most_kg",
                 fmt::format("{} kg; {} carries at most {}", s.parcel_most_kg, vehicle->name, vehicle->max_payload_kg));
  }
  dispatch::FleetConfig& config = day.config;
  config.airspace_name = airspace->name;
  config.airspace_hash = airspace->hash;
  config.policy = airspace->policy;
  config.frame_origin = airspace->frame.centre();
  config.pads = airspace->pads;
  config.profiles.emplace(vehicle->name, *vehicle);
  config.merchants = {"merchant"};
  config.rate_per_s = 1e6;
  config.burst = 1e6;
  config.deconflict = s.deconfliction;

  std::optional<FreeGround> ground;
  if (s.hubs > 0 || s.kiosks > 0) ground.emplace(airspace, s.slots_apart_m);
  const auto add = [&](const std::vector<geo::Pad>& pads) {
    day.laid_out.insert(day.laid_out.end(), pads.begin(), pads.end());
    config.pads.insert(config.pads.end(), pads.begin(), pads.end());
  };
  std::vector<geo::Pad> homes;
  if (s.hubs > 0) {
    const auto hubs = ground->lay_out(geo::PadKind::hub, "HX", s.hubs, (s.drones + s.hubs - 1) / s.hubs);
    if (!hubs) return wrong("fleet.hubs", hubs.error().message);
    homes = *hubs;
    add(homes);
  } else {
    for (const geo::Pad& pad : airspace->pads) {
      if (pad.kind == geo::PadKind::hub) homes.push_back(pad);
    }
  }
  std::size_t slots = 0;
  for (const geo::Pad& pad : homes) slots += pad.slots.size();
  if (slots < static_cast<std::size_t>(s.drones)) {
    return wrong("fleet.drones",
                 fmt::format("{} drones and only {} home slots; say fleet.hubs for more", s.drones, slots));
  }
  // One after the other over the hubs, so that every hub has its share.
  for (int slot = 0; static_cast<int>(config.drones.size()) < s.drones; ++slot) {
    for (const geo::Pad& pad : homes) {
      if (slot >= static_cast<int>(pad.slots.size()) || static_cast<int>(config.drones.size()) >= s.drones) continue;
      config.drones.push_back({.id = fmt::format("D{:05}", config.drones.size() + 1),
                               .profile = vehicle->name,
                               .home_pad = pad.id,
                               .home_slot = slot});
    }
  }
  std::vector<geo::Pad> stops = airspace->pads;
  if (s.kiosks > 0) {
    const auto kiosks = ground->lay_out(geo::PadKind::kiosk, "KX", s.kiosks, s.kiosk_slots);
    if (!kiosks) return wrong("demand.kiosks", kiosks.error().message);
    stops = *kiosks;
    add(stops);
  }
  auto orders = make_demand(s, stops, seed);
  if (!orders) return Unexpected(orders.error());
  for (const WishedOrder& order : *orders) {
    if (order.mass_kg > vehicle->max_payload_kg) {
      return wrong("demand.csv", fmt::format("order {} weighs {} kg; {} carries at most {}", order.id, order.mass_kg,
                                             vehicle->name, vehicle->max_payload_kg));
    }
  }
  day.orders = std::move(*orders);
  for (std::size_t k = 0; k < day.orders.size(); ++k) day.number_of.emplace(day.orders[k].id, k);
  return day;
}

}  // namespace swiftlet::sim
