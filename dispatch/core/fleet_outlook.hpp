#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "dispatch/core/base_queues.hpp"
#include "dispatch/core/forecast.hpp"
#include "dispatch/core/pad_openings.hpp"
#include "dispatch/core/sortie.hpp"

namespace swiftlet::dispatch {

/// Which drone an order that waits is expected to get, when, and why that one.
struct ExpectedPickup {
  const RegisteredDrone* drone = nullptr;
  UtcTime leaves_at = {};
  UtcTime arrives_at = {};
  bool behind_others = false;  ///< the drone has something else to finish first, or the pads have no slot open
  double pads_wait_s = 0.0;    ///< for slots, after leaves_at; arrives_at counts it

  // Cost terms, seconds; absent in offers.
  double late_s = 0.0;      ///< at the pick-up, after the parcel is ready
  double overdue_s = 0.0;   ///< at the pick-up, after what was promised
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
/// pick-up, which weighs the more the later, lateness against what was promised, and the drone's time. What is left
/// over is paired with the places after these, and so on. An order whose parcel is ready only beyond the horizon takes
/// no place yet. A merchant's priorities reorder its own orders only, on the places that these hold among all.
class FleetOutlook {
 public:
  /// `context` is changed only where it keeps what it has computed.
  explicit FleetOutlook(CoreContext& context);

  /// Numbers of the orders that wait and are ready within the horizon, in the order in which they are served.
  [[nodiscard]] const std::vector<std::uint64_t>& waiting() const { return waiting_; }
  [[nodiscard]] const ExpectedPickup* expected(std::uint64_t order_number) const;

  /// Drones that could take one more such delivery, soonest at the pick-up first; of those with the same base and the
  /// same time one stands for all.
  [[nodiscard]] std::vector<ExpectedPickup> candidates(const Spot& pickup, const Parcel& parcel,
                                                       UtcTime ready_at) const;

  /// What that comes to once the slots of both pads are waited for, behind all orders that wait already; `deliver_s` is
  /// the flight from one to the other.
  [[nodiscard]] ExpectedPickup behind_pads(ExpectedPickup pickup, const DeliveryWish& wish, double deliver_s) const;

  /// How long a flight that has no slot at its drop-off yet will stand with its parcel aboard until it has one.
  [[nodiscard]] double dropoff_wait_s(const std::string& flight_id) const;

  /// An order was accepted on this expectation: the drone is busy for so much longer. The next drawing says better.
  void note_accepted(const Order& order, const ExpectedPickup& pickup, double occupied_s);

 private:
  /// Times in seconds from the moment of the drawing.
  struct Row {
    const Order* order = nullptr;
    std::size_t place = 0;  ///< among those that wait
    double ready_s = 0.0;
    double wanted_s = 0.0;    ///< when the parcel of its place is ready
    double promised_s = 0.0;  ///< the pick-up
    std::optional<std::size_t> only_drone = {};
    std::optional<std::size_t> not_drone = {};
    const std::vector<SortieTimes>* by_base = nullptr;
  };
  /// An order with its drone, on its way to the pads.
  struct Turn {
    const Order* order = nullptr;
    std::size_t place = 0;  ///< among those that wait
    double leaves_s = 0.0;
    double out_s = 0.0;
    double deliver_s = 0.0;
  };
  class RowCandidates;

  /// When each drone is free, by its number; and the slots that flights hold.
  [[nodiscard]] std::vector<std::optional<double>> free_times_s();
  [[nodiscard]] std::vector<Row> rows_within_horizon();
  [[nodiscard]] bool may_take(const Row& row, std::size_t drone, std::size_t base) const;
  [[nodiscard]] double leaves_s(const Row& row, std::size_t base, double free_s) const;
  [[nodiscard]] double waiting_cost_s(const Row& row, double arrives_s) const;
  [[nodiscard]] double cost_s(const Row& row, std::size_t base, double free_s) const;
  /// The cheapest drone for the row as the queues stand; none where none may take it.
  [[nodiscard]] std::optional<std::size_t> cheapest(const Row& row) const;
  /// The first drone of the base that may take the row.
  [[nodiscard]] std::optional<std::size_t> first_of(const Row& row, std::size_t base) const;
  [[nodiscard]] ExpectedPickup pairing(const Row& row, std::size_t drone) const;
  void pair_rows(std::vector<Row>& rows);
  void take_turns(const std::vector<Row>& rows);
  void take_idle(const Row& row);
  /// Slots are taken by whoever is served first: has the orders wait for that.
  void queue_at_pads();
  /// Flights under way take the drop-offs that they have not taken yet, before all orders.
  void take_open_dropoffs();
  [[nodiscard]] SlotNeeds needs(const DeliveryWish& wish, double out_s, double deliver_s) const;
  void expect(const Row& row, std::size_t drone, const ExpectedPickup& pickup);
  [[nodiscard]] UtcTime at(double seconds) const { return after(drawn_at_, seconds); }

  CoreContext& context_;
  UtcTime drawn_at_;
  double departure_s_;     ///< of a drone that is free to leave
  double between_legs_s_;  ///< all that a sortie takes beside flying and the first departure
  PadOpenings pads_;
  std::vector<SlotVisit> open_dropoffs_;  ///< of flights under way, not taken yet; empty once drawn
  BaseQueues queues_;
  std::vector<double> aboard_wh_;  ///< above the reserve, by drone, of those that are free; infinite where unknown
  std::vector<std::uint64_t> waiting_;
  std::unordered_map<std::uint64_t, ExpectedPickup> expected_;  ///< by order number
  std::vector<Turn> turns_;
  std::unordered_map<std::string, double> dropoff_waits_s_;  ///< by flight
};

/// Orders that have no drone and whose parcels are ready until then, in the order in which they are served where there
/// is no reason for another.
[[nodiscard]] std::vector<const Order*> waiting_orders(const DispatchState& state, const OrderTable& table,
                                                       UtcTime ready_until);

}  // namespace swiftlet::dispatch
