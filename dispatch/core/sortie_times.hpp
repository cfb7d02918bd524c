#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "dispatch/core/fleet_config.hpp"
#include "dispatch/core/leg_book.hpp"
#include "dispatch/core/state.hpp"

namespace swiftlet::dispatch {

/// Drones that live on one pad and are of one type: their sorties take alike.
struct Base {
  std::string profile = {};
  Spot home = {};                        ///< of the first of them
  std::vector<std::size_t> drones = {};  ///< indices into FleetConfig::drones
};

[[nodiscard]] std::vector<Base> bases_of(const FleetConfig& config);

/// What the legs of a sortie take from a base, proven where known, else guessed.
struct SortieTimes {
  double out_s = 0.0;
  double deliver_s = 0.0;
  double home_s = 0.0;
  double energy_wh = 0.0;  ///< 0 while not all legs are proven
  bool possible = true;    ///< false where a leg is proven to have no route, or the parcel does not fit
};

/// SortieTimes of waiting orders, kept for a few seconds, and the longer the longer they have waited: they change only
/// as the planner learns.
class SortieTimesCache {
 public:
  explicit SortieTimesCache(const FleetConfig& config) : config_(config), bases_(bases_of(config)) {}

  [[nodiscard]] const std::vector<Base>& bases() const { return bases_; }
  /// By base, as long as they are kept; else null.
  [[nodiscard]] const std::vector<SortieTimes>* kept(std::uint64_t order_number, UtcTime now) const;
  /// The same, made anew where they are not. `pickup` and `dropoff` are the slots that stand for their pads.
  const std::vector<SortieTimes>& of(std::uint64_t order_number, const Spot& pickup, const Spot& dropoff,
                                     const Parcel& parcel, const LegBook& legs, UtcTime now);
  /// Forgets orders that wait no longer.
  void keep_only(const std::vector<std::uint64_t>& order_numbers);
  void clear() { known_.clear(); }

 private:
  struct Known {
    UtcTime until;
    std::chrono::milliseconds kept = {};
    std::vector<SortieTimes> by_base;
  };

  /// What each base takes for one delivery.
  [[nodiscard]] std::vector<SortieTimes> by_base(const Spot& pickup, const Spot& dropoff, const Parcel& parcel,
                                                 const LegBook& legs, UtcTime now) const;

  const FleetConfig& config_;
  std::vector<Base> bases_;
  std::unordered_map<std::uint64_t, Known> known_;
};

}  // namespace swiftlet::dispatch
