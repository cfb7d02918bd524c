#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dispatch/core/sortie.hpp"

namespace swiftlet::dispatch {

/// Which drone an order that waits is expected to get, and when.
struct ExpectedPickup {
  const RegisteredDrone* drone = nullptr;
  UtcTime leaves_at = {};
  UtcTime arrives_at = {};
  bool behind_others = false;  ///< the drone has something else to finish first
};

/// How the fleet's near future looks: when each drone is next free, and which waiting order it then takes. Drones that
/// are soon free count like idle ones; nothing in it is committed, and every second draws it anew.
///
/// Orders go by age; a merchant's priorities reorder its own orders only, on the places that these hold among all.
class FleetOutlook {
 public:
  explicit FleetOutlook(const CoreContext& context);

  [[nodiscard]] const std::vector<std::string>& waiting() const { return waiting_; }
  [[nodiscard]] const ExpectedPickup* expected(const std::string& order_id) const;

  /// Drones that could take one more such delivery, soonest at the pick-up first. For an order of old, those that an
  /// operator left it.
  [[nodiscard]] std::vector<ExpectedPickup> candidates(const Spot& pickup, const Parcel& parcel, UtcTime ready_at,
                                                       const Order* order = nullptr) const;

 private:
  void take_turns();

  const CoreContext& context_;
  std::map<std::string, UtcTime> free_at_;
  std::vector<std::string> waiting_;
  std::map<std::string, ExpectedPickup> expected_;
};

/// Orders that have no drone, in the order in which they are served.
[[nodiscard]] std::vector<std::string> waiting_orders(const DispatchState& state);

}  // namespace swiftlet::dispatch
