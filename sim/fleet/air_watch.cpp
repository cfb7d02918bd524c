#include "sim/fleet/air_watch.hpp"

#include <fmt/core.h>

#include "sim/parallel_chunks.hpp"

namespace swiftlet::sim {
namespace {

constexpr std::size_t kWorthAThread = 200;

}  // namespace

AirWatch::AirWatch()
    : watches_(OnboardFleet::kSteps, SeparationWatch(ProtectedZone{})), contacts_(OnboardFleet::kSteps) {}

std::size_t AirWatch::look(const OnboardFleet& fleet, double second_began_s, unsigned threads,
                           SeparationRecord& record) {
  // Few aircraft are looked at faster than a thread is begun.
  parallel_chunks(OnboardFleet::kSteps, 1, fleet.flying() > kWorthAThread ? threads : 1U,
                  [&](std::size_t begin, std::size_t end) {
                    for (std::size_t step = begin; step < end; ++step) {
                      watches_[step].look(fleet.in_air(static_cast<int>(step)), contacts_[step]);
                    }
                  });
  const std::size_t known = record.first().size();
  for (int step = 0; step < OnboardFleet::kSteps; ++step) {
    record.take(contacts_[static_cast<std::size_t>(step)], second_began_s + (step + 1) * FleetMotion::kStep_s);
    record.add_flown(fleet.in_air(step).size());
  }
  return record.first().size() - known;
}

std::string what_it_was_at(const std::string& drone, const GeoPoint& at, const dispatch::DispatchState& state) {
  const dispatch::Flight* flight = state.flight_of_drone(drone);
  if (flight == nullptr) return drone + " on no flight";
  return fmt::format("{} on {} {} {} from {} to {}, {} at {:.6f},{:.6f},{:.1f}", drone, flight->flight_id,
                     dispatch::name(flight->leg().purpose), dispatch::name(flight->phase), flight->leg().from.key(),
                     flight->leg().to.key(), dispatch::name(flight->steer), at.lon_deg, at.lat_deg, at.alt_msl_m);
}

}  // namespace swiftlet::sim
