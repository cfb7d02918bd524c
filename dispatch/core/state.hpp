#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dispatch/core/learned.hpp"
#include "dispatch/core/spot.hpp"
#include "dispatch/protocol/merchant_request.hpp"
#include "planner/route.hpp"

namespace swiftlet::dispatch {

/// What was promised when a quote was given or an order accepted: kept, never moved.
struct Promise {
  UtcTime pickup_eta = {};
  EtaDistribution delivery = {};
  std::optional<Expectation> expected = {};  ///< what it was made of; absent in journals of old
};

struct Fee {
  std::int64_t amount_minor = 0;
  std::string currency = {};
};

struct Quote {
  std::string quote_id = {};
  std::string merchant = {};
  DeliveryWish wish = {};
  Promise promise = {};
  Fee fee = {};
  UtcTime expires_at = {};
  std::string used_by = {};  ///< the order; empty while unused
};

/// One step of an order's history.
struct OrderStep {
  OrderState state = OrderState::accepted;
  UtcTime at = {};
  std::string cause = {};  ///< empty where nothing needs explaining
};

/// Where and when the parcel was sensed to be released.
struct DeliveryProof {
  UtcTime at = {};
  std::optional<GeoPoint> position = {};
  std::string pad = {};                         ///< empty at a bare point
  std::optional<double> weight_change_kg = {};  ///< below 0: what was carried is gone
};

/// What keeps an order where it is: no way that can be proven, closed air, nobody to fly it.
struct Standstill {
  UtcTime since = {};
  std::string cause = {};  ///< in the words that explain an ETA: wind, weather_hold, …
  std::string code = {};   ///< the name of an error code
  std::string what = {};   ///< for people
};

struct Order {
  std::string order_id = {};
  std::uint64_t number = 0;  ///< counts all orders, from 1
  std::string merchant = {};
  std::string client_order_id = {};
  std::string request_hash = {};  ///< of the whole create request: what idempotency compares
  DeliveryWish wish = {};
  int priority = 5;
  UtcTime said_ready_at = {};  ///< as the order said it; ready_at() is what the merchant says now
  Promise promise = {};
  Fee fee = {};
  OrderState state = OrderState::accepted;
  std::vector<OrderStep> history = {};
  std::string flight_id = {};  ///< empty while no drone has it
  std::string drone = {};
  std::string only_drone = {};  ///< an operator wants this one to carry it; empty: any
  std::string not_drone = {};   ///< an operator took it off this one
  std::optional<UtcTime> picked_up_at = {};
  std::optional<UtcTime> delivered_at = {};
  std::optional<DeliveryProof> proof = {};
  std::optional<Standstill> standstill = {};  ///< from when its merchant was told until a drone has its mission
  bool refunded = false;                      ///< the service did not keep it: the fee is not owed

  [[nodiscard]] UtcTime created_at() const { return history.front().at; }
  [[nodiscard]] UtcTime ready_at() const { return wish.ready_at.value_or(created_at()); }
};

enum class LegPurpose { pickup, deliver, bring_back, home, divert };
enum class LegPhase { waiting, issued, flying, landed };

/// What a flight has been told beside its mission, the milder before the more severe. By itself the service never goes
/// back to a milder one.
///
/// hold: hovers until told otherwise. reroute: hovers until a new proven route to the same place is there. home:
/// turns round to its own slot. divert: to another pad, and home from there. land: straight down where it is.
enum class Steer { none, hold, reroute, home, divert, land };

[[nodiscard]] std::string_view name(LegPurpose purpose);
[[nodiscard]] std::string_view name(LegPhase phase);
[[nodiscard]] std::string_view name(Steer steer);

/// One hop of a flight, with what the proof at assignment said of it.
struct Leg {
  LegPurpose purpose = LegPurpose::pickup;
  Spot from = {};
  Spot to = {};
  double payload_kg = 0.0;
  double duration_s = 0.0;
  double energy_wh = 0.0;
  bool airborne_start = false;  ///< begins wherever the drone is (a recall)
};

/// The order to fly one leg: a proven route, numbered for its drone.
struct Mission {
  std::uint64_t mission_no = 0;
  std::string route_hash = {};
  std::shared_ptr<const planner::Route> route = {};  ///< absent only while a journal is replayed
  std::string unread = {};                           ///< the route's text, until then
  std::optional<UtcTime> departed_at = {};           ///< when the weight left the deck
  double traffic_delay_s = 0.0;                      ///< that it was kept on the ground, or hovering, for others
};

/// One drone, one order, from its own slot and back to it.
struct Flight {
  std::string flight_id = {};
  std::string order_id = {};  ///< empty once its order has been taken off it
  std::string drone = {};
  std::vector<Leg> legs = {};
  std::size_t leg_index = 0;
  LegPhase phase = LegPhase::waiting;
  UtcTime phase_since = {};
  UtcTime waiting_since = {};  ///< for the departure of this leg, with a slot to go to
  bool loaded = false;
  std::optional<Mission> mission = {};        ///< of the current leg
  std::map<std::string, Spot> reserved = {};  ///< slots held beside the drone's own, by key
  Steer steer = Steer::none;
  std::string steer_cause = {};
  UtcTime steer_since = {};
  std::string why = {};               ///< this drone: JSON with the terms of the decision
  std::optional<Spot> steer_to = {};  ///< of a diversion

  [[nodiscard]] const Leg& leg() const { return legs.at(leg_index); }
  /// The leg to the drop-off, the current one or one ahead, while its slot is still to be taken; nullptr otherwise.
  [[nodiscard]] const Leg* leg_to_open_dropoff() const;
  /// Whether it stands with its parcel aboard until a slot at the drop-off is free.
  [[nodiscard]] bool waits_for_dropoff() const { return phase == LegPhase::waiting && leg_to_open_dropoff() == &leg(); }
};

/// Whether it has not taken off on its current leg yet.
[[nodiscard]] inline bool stands_before_leg(const Flight& flight) {
  return flight.phase == LegPhase::waiting || flight.phase == LegPhase::issued;
}

/// What must be remembered of a drone across restarts.
struct DroneLedger {
  std::uint64_t mission_no = 0;          ///< last issued
  std::uint64_t command_seq = 0;         ///< last issued
  std::string command_verb = {};         ///< that still stands; empty: the drone flies its mission
  std::uint64_t last_event_no = 0;       ///< last taken
  std::string flight_id = {};            ///< empty: on no flight
  bool awaiting_swap = false;            ///< home again, battery not changed yet
  UtcTime home_since = {};               ///< of the last flight that came home
  std::string withdrawn = {};            ///< why it gets no work; empty: it may
  std::string maintenance = {};          ///< why an operator keeps it on the ground; empty: nobody does
  std::optional<Spot> stranded_on = {};  ///< the slot that it blocks, where that is not its own
};

struct OrderEvent {
  std::uint64_t seq = 0;
  std::string order_id = {};
  std::string client_order_id = {};
  OrderState state = OrderState::accepted;
  UtcTime at = {};
  std::string drone = {};
  std::string cause = {};
  std::string code = {};  ///< of what keeps it, or ended it; empty: nothing
  std::optional<Fee> refund = {};
};

struct MerchantLedger {
  std::uint64_t last_seq = 0;
  std::deque<OrderEvent> events = {};  ///< the last 30 days, seq without a gap
  std::map<std::string, std::string> order_by_client_id = {};
  std::set<std::uint64_t> live = {};  ///< numbers of the orders that have not ended
};

/// What operators have closed. Each value is the reason, in their words.
struct Gates {
  std::map<std::string, std::string> closed_pads = {};
  std::map<std::string, std::string> paused_merchants = {};
  std::optional<std::string> weather_hold = {};  ///< nobody departs, nothing is promised
  std::optional<std::string> ground_stop = {};   ///< nobody departs
  std::optional<UtcTime> departures_resumed_at = {};

  [[nodiscard]] bool departures_stopped() const { return weather_hold || ground_stop; }
};

/// A zone put up or taken down since the airspace was compiled.
struct ZoneChange {
  std::string zone_id = {};
  std::string published = {};  ///< the zone's document, JSON; empty: taken down
};

/// An operator's command that was carried out, so that the same command again is the same answer.
struct OperatorCommandDone {
  std::string request_hash = {};
  UtcTime at = {};
  std::string result = {};  ///< JSON
};

/// All that the journal holds, and nothing else: changed by apply() alone.
struct DispatchState {
  std::uint64_t epoch = 0;
  UtcTime last_at = {};  ///< of the last record
  std::uint64_t last_order_number = 0;
  std::uint64_t last_flight_number = 0;
  std::uint64_t last_quote_number = 0;
  std::map<std::string, Quote> quotes = {};
  std::map<std::string, Order> orders = {};
  std::map<std::uint64_t, std::string> order_by_number = {};
  std::set<std::pair<UtcTime, std::uint64_t>> waiting = {};  ///< orders without a drone, by readiness and number
  std::map<std::string, Flight> flights = {};                ///< those that are not over
  std::map<std::string, DroneLedger> drones = {};
  std::map<std::string, MerchantLedger> merchants = {};
  Gates gates = {};
  std::vector<ZoneChange> zone_changes = {};                          ///< in their order, the last of each zone only
  std::string airspace_hash = {};                                     ///< of the version in which missions are planned
  std::map<std::string, OperatorCommandDone> operator_commands = {};  ///< of the last 30 days, by command id
  Learned learned = {};
  std::string audit_hash = {};  ///< chains all operators' commands: each covers the one before

  /// The order that a flight is for; nullptr where it was taken off it.
  [[nodiscard]] const Order* order_of(const Flight& flight) const;
  [[nodiscard]] const Order* find_order(const std::string& merchant, const std::string& order_id) const;
  [[nodiscard]] const Flight* flight_of_drone(const std::string& drone) const;
  /// Who holds the spot through a flight or by being stranded on it; empty if nobody. Homes are not counted.
  [[nodiscard]] std::string holder(const std::string& spot_key) const;
};

/// "sha256:…" over all of it: equal states hash alike, on every machine.
[[nodiscard]] std::string state_hash(const DispatchState& state);

}  // namespace swiftlet::dispatch
