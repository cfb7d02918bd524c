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

std::vector<SortieTimes> SortieTimesCache::by_base(const Spot& pickup, const Spot& dropoff, const Parcel& parcel,
                                                   const LegBook& legs, UtcTime now) const {
  std::vector<SortieTimes> all;
  all.reserve(bases_.size());
  const NumberedSpot at_pickup = legs.number(pickup);
  const NumberedSpot at_dropoff = legs.number(dropoff);
  const LegEstimate* delivery = nullptr;  // which base it is flown from does not matter
  const std::string* flown_by = nullptr;
  double load_kg = 0.0;
  for (const Base& base : bases_) {
    const planner::VehicleProfile& vehicle = config_.profiles.at(base.profile);
    if (refuses_parcel(vehicle, parcel)) {
      all.push_back({.possible = false});
      continue;
    }
    SortieTimes times;
    bool all_proven = true;
    const auto duration_s = [&](const LegEstimate* known, const Spot& from, const Spot& to) {
      if (known == nullptr) {
        all_proven = false;
        return legs.rough_duration_s({.from = from, .to = to, .profile = base.profile});
      }
      if (known->error) times.possible = false;
      times.energy_wh += known->energy_wh;
      return known->duration_s;
    };
    const NumberedSpot home = legs.number(base.home);
    const std::uint32_t profile = legs.number_of_profile(base.profile);
    if (flown_by == nullptr || *flown_by != base.profile) {
      flown_by = &base.profile;
      load_kg = legs.payload_class_kg(base.profile, parcel.mass_kg);
      delivery = legs.find({.from = at_pickup, .to = at_dropoff, .profile = profile, .payload_kg = load_kg}, now);
    }
    times.out_s = duration_s(legs.find({.from = home, .to = at_pickup, .profile = profile}, now), base.home, pickup);
    times.deliver_s = duration_s(delivery, pickup, dropoff);
    times.home_s = duration_s(legs.find({.from = at_dropoff, .to = home, .profile = profile}, now), dropoff, base.home);
    const double usable_wh = (1.0 - config_.policy.energy_reserve_fraction) * vehicle.battery_wh;
    if (all_proven && times.energy_wh > usable_wh) times.possible = false;
    if (!all_proven) times.energy_wh = 0.0;
    all.push_back(times);
  }
  return all;
}

const std::vector<SortieTimes>* SortieTimesCache::kept(std::uint64_t order_number, UtcTime now) const {
  const auto known = known_.find(order_number);
  return known != known_.end() && now < known->second.until ? &known->second.by_base : nullptr;
}

const std::vector<SortieTimes>& SortieTimesCache::of(std::uint64_t order_number, const Spot& pickup,
                                                     const Spot& dropoff, const Parcel& parcel, const LegBook& legs,
                                                     UtcTime now) {
  Known& known = known_[order_number];
  if (now < known.until) return known.by_base;
  known.kept = std::clamp<std::chrono::milliseconds>(2 * known.kept, kKeptFirst, kKeptMost);
  known.until = now + known.kept;
  known.by_base = by_base(pickup, dropoff, parcel, legs, now);
  return known.by_base;
}

void SortieTimesCache::keep_only(const std::vector<std::uint64_t>& order_numbers) {
  if (known_.size() <= 2 * order_numbers.size() + 16) return;
  const std::unordered_set<std::uint64_t> wanted(order_numbers.begin(), order_numbers.end());
  std::erase_if(known_, [&](const auto& entry) { return !wanted.contains(entry.first); });
}

}  // namespace swiftlet::dispatch
