#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dispatch/core/sortie.hpp"

namespace swiftlet::dispatch {

/// Which drone an order that waits is expected to get, when, and why that one.
struct ExpectedPickup {
  const RegisteredDrone* drone = nullptr;
  UtcTime leaves_at = {};
  UtcTime arrives_at = {};
  bool behind_others = false;  ///< the drone has something else to finish first

  // Cost terms, seconds; absent in offers.
  double late_s = 0.0;      ///< at the pick-up, after the parcel is ready
  double occupied_s = 0.0;  ///< from leaving home to being ready for the next
  double cost_s = 0.0;
  const RegisteredDrone* runner_up = nullptr;  ///< the best of the others for this order
  double runner_up_cost_s = 0.0;
};

/// Parcels that are ready later than this take no drone's time yet.
inline constexpr auto kHorizon = std::chrono::minutes(30);

/// How the fleet's near future looks: when each drone is next free, and which waiting order it then takes. Drones that
/// are soon free count like idle ones; nothing in it is committed, and every second draws it anew.
///
/// By AssignmentPolicy::optimal the drones' next places and the orders are paired at least cost: lateness at the
/// pick-up, which weighs the more the later, and the drone's time. What is left over is paired with the places after
/// these, and so on. An order whose parcel is ready only beyond the horizon takes no place yet. A merchant's
/// priorities reorder its own orders only, on the places that these hold among all.
class FleetOutlook {
 public:
  /// `context` is changed only where it keeps what it has computed.
  explicit FleetOutlook(CoreContext& context);

  [[nodiscard]] const std::vector<std::string>& waiting() const { return waiting_; }
  [[nodiscard]] const ExpectedPickup* expected(const std::string& order_id) const;

  /// Drones that could take one more such delivery, soonest at the pick-up first; of those with the same base and the
  /// same time one stands for all.
  [[nodiscard]] std::vector<ExpectedPickup> candidates(const Spot& pickup, const Parcel& parcel,
                                                       UtcTime ready_at) const;

  /// An order was accepted on this expectation: the drone is busy for so much longer. The next drawing says better.
  void note_accepted(const std::string& order_id, const ExpectedPickup& pickup, double occupied_s, UtcTime ready_at);

 private:
  struct Row {
    const Order* order = nullptr;
    UtcTime wanted_at;  ///< when the parcel of its place is ready
    Spot pickup;
    const std::vector<SortieTimes>* by_base = nullptr;
  };

  [[nodiscard]] std::vector<Row> rows_within_horizon();
  [[nodiscard]] bool may_take(const Row& row, std::size_t drone, std::size_t base) const;
  [[nodiscard]] ExpectedPickup pairing(const Row& row, std::size_t drone, std::size_t base) const;
  void pair_rows(std::vector<Row>& rows);
  void take_turns(const std::vector<Row>& rows);
  void expect(const Row& row, std::size_t drone, const ExpectedPickup& pickup);

  CoreContext& context_;
  std::vector<std::optional<UtcTime>> free_at_;  ///< by drone; nothing: out of service
  std::vector<std::size_t> base_of_;             ///< by drone
  std::vector<std::string> waiting_;
  std::map<std::string, ExpectedPickup> expected_;
};

/// Orders that have no drone and whose parcels are ready until then, in the order in which they are served where there
/// is no reason for another.
[[nodiscard]] std::vector<std::string> waiting_orders(const DispatchState& state, UtcTime ready_until);

}  // namespace swiftlet::dispatch
