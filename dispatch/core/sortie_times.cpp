#include "dispatch/core/sortie_times.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <unordered_set>

#include "dispatch/core/sortie.hpp"

namespace swiftlet::dispatch {
namespace {

constexpr auto kKeptFirst = std::chrono::seconds(3);
constexpr auto kKeptMost = std::chrono::seconds(24);

}  // namespace

std::vector<Base> bases_of(const FleetConfig& config) {
  std::vector<Base> bases;
  std::map<std::pair<std::string, std::string>, std::size_t> known;
  for (std::size_t i = 0; i < config.drones.size(); ++i) {
    const RegisteredDrone& drone = config.drones[i];
    const auto [entry, is_new] = known.try_emplace({drone.home_pad, drone.profile}, bases.size());
    if (is_new) {
      const geo::Pad& pad = *config.find_pad(drone.home_pad);
      bases.push_back({.profile = drone.profile,
                       .home = {.pad = pad.id,
                                .slot = drone.home_slot,
                                .at = pad.slots.at(static_cast<std::size_t>(drone.home_slot)).lonlat()}});
    }
    bases[entry->second].drones.push_back(i);
  }
  return bases;
}

SortieTimes sortie_times(const FleetConfig& config, const Base& base, const Spot& pickup, const Spot& dropoff,
                         const Parcel& parcel, const LegBook& legs, UtcTime now) {
  SortieTimes times;
  const planner::VehicleProfile& vehicle = config.profiles.at(base.profile);
  if (refuses_parcel(vehicle, parcel)) return {.possible = false};
  bool all_proven = true;
  const auto duration_s = [&](const LegQuery& leg) {
    const LegEstimate* known = legs.find(leg, now);
    if (known == nullptr) {
      all_proven = false;
      return legs.rough_duration_s(leg);
    }
    if (known->error) times.possible = false;
    times.energy_wh += known->energy_wh;
    return known->duration_s;
  };
  times.out_s = duration_s({.from = base.home, .to = pickup, .profile = base.profile});
  times.deliver_s = duration_s({.from = pickup, .to = dropoff, .profile = base.profile, .payload_kg = parcel.mass_kg});
  times.home_s = duration_s({.from = dropoff, .to = base.home, .profile = base.profile});
  const double usable_wh = (1.0 - config.policy.energy_reserve_fraction) * vehicle.battery_wh;
  if (all_proven && times.energy_wh > usable_wh) times.possible = false;
  if (!all_proven) times.energy_wh = 0.0;
  return times;
}

const std::vector<SortieTimes>& SortieTimesCache::of(std::uint64_t order_number, const Spot& pickup,
                                                     const Spot& dropoff, const Parcel& parcel, const LegBook& legs,
                                                     UtcTime now) {
  Known& known = known_[order_number];
  if (now < known.until) return known.by_base;
  known.kept = std::clamp<std::chrono::milliseconds>(2 * known.kept, kKeptFirst, kKeptMost);
  known.until = now + known.kept;
  known.by_base.clear();
  for (const Base& base : bases_) {
    known.by_base.push_back(sortie_times(config_, base, pickup, dropoff, parcel, legs, now));
  }
  return known.by_base;
}

void SortieTimesCache::keep_only(const std::vector<std::uint64_t>& order_numbers) {
  if (known_.size() <= 2 * order_numbers.size() + 16) return;
  const std::unordered_set<std::uint64_t> wanted(order_numbers.begin(), order_numbers.end());
  std::erase_if(known_, [&](const auto& entry) { return !wanted.contains(entry.first); });
}

}  // namespace swiftlet::dispatch
