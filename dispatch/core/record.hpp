#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "dispatch/core/state.hpp"
#include "dispatch/protocol/drone_message.hpp"

namespace swiftlet::dispatch {

/// A start of the service: begins an epoch.
struct ServiceStarted {
  std::uint64_t epoch = 0;
  std::string airspace_hash = {};
};

struct QuoteIssued {
  Quote quote = {};
};

struct OrderAccepted {
  std::string order_id = {};
  std::string merchant = {};
  std::string client_order_id = {};
  std::string request_hash = {};
  std::string quote_id = {};  ///< empty if none
  DeliveryWish wish = {};
  int priority = 5;
  Promise promise = {};
  Fee fee = {};
};

struct ReadinessChanged {
  std::string order_id = {};
  UtcTime ready_at = {};
};

/// Every change of an order's state, and so every event that a merchant sees.
struct OrderMoved {
  std::string order_id = {};
  OrderState to = OrderState::accepted;
  std::string cause = {};
};

/// An order stands still: its merchant is told that it comes later, and why. Told again where the cause is another.
struct OrderStalled {
  std::string order_id = {};
  std::string cause = {};
  std::string code = {};
  std::string what = {};
};
/// Nothing keeps it any more. A mission issued for it says the same.
struct OrderResumed {
  std::string order_id = {};
};

/// A drone takes an order, and the slot at its pick-up. Of pads, the slot at the drop-off is taken once the parcel is
/// aboard, where nobody can be shut out by that; else now too.
struct FlightAssigned {
  std::string flight_id = {};
  std::string order_id = {};
  std::string drone = {};
  std::vector<Leg> legs = {};
  std::vector<Spot> reserved = {};
  std::string why = {};  ///< JSON: cost terms and the runner-up
};

/// The slot at the drop-off of a flight that waits for it with its parcel aboard, and the legs from there on.
struct DropoffTaken {
  std::string flight_id = {};
  std::vector<Leg> legs = {};  ///< the current one and all after it
};

/// The legs after the current one are others now, and the slots listed are free.
struct FlightReplanned {
  std::string flight_id = {};
  std::vector<Leg> legs_ahead = {};
  std::vector<Spot> released = {};
};

/// The current leg has its proven route and goes to the drone.
struct MissionIssued {
  std::string flight_id = {};
  std::uint64_t mission_no = 0;
  std::string route_hash = {};
  std::string route = {};  ///< swiftlet.route/1
  /// The same, read already; not journalled. Without it the route is read when the replay is over, if it still matters.
  std::shared_ptr<const planner::Route> read = {};
  double traffic_delay_s = 0.0;  ///< that it leaves later than it could have, for others
};

/// The flight turns to its next leg.
struct LegEnded {
  std::string flight_id = {};
};

struct FlightEnded {
  std::string flight_id = {};
  std::string cause = {};  ///< empty for one that came home
};

/// A drone has said hello and knows of no flight: it counts its events anew, and stands at home.
struct DroneGreeted {
  std::string drone = {};
};

struct DroneReported {
  std::string drone = {};
  std::uint64_t event_no = 0;
  DroneEventKind kind = DroneEventKind::fault;
  UtcTime happened_at = {};
  std::string detail = {};
  std::optional<GeoPoint> position = {};
  std::optional<double> weight_change_kg = {};  ///< of a release, where the drone weighs
};

struct CommandIssued {
  std::string drone = {};
  std::uint64_t command_seq = 0;
  std::string verb = {};
};

/// A flight is told something beside its mission, by an operator or because something went wrong.
struct FlightSteered {
  std::string flight_id = {};
  Steer steer = Steer::none;
  std::string cause = {};
  std::optional<Spot> to = {};  ///< of a diversion: taken from now on
};

/// The order is taken off the flight, which goes on without.
struct FlightEmptied {
  std::string flight_id = {};
};

/// Who may carry an order, or may not. Empty: no such wish.
struct OrderPinned {
  std::string order_id = {};
  std::string only_drone = {};
  std::string not_drone = {};
};

/// A drone that gets no work until it has been home again, or, for maintenance, until an operator says so.
struct DroneWithdrawn {
  std::string drone = {};
  std::string reason = {};
  bool maintenance = false;
};
struct DroneReinstated {
  std::string drone = {};
};

struct PadGateMoved {
  std::string pad = {};
  bool open = true;
  std::string reason = {};
};
struct MerchantGateMoved {
  std::string merchant = {};
  bool open = true;
  std::string reason = {};
};
enum class DepartureGate { weather_hold, ground_stop };
struct DepartureGateMoved {
  DepartureGate gate = DepartureGate::weather_hold;
  bool open = true;
  std::string reason = {};
};

/// From here on missions are planned in another version of the airspace.
struct AirspaceChanged {
  ZoneChange zone = {};
  std::string airspace_hash = {};
};

/// An operator's command was carried out: the last record of what it led to.
struct OperatorActed {
  std::string command_id = {};
  std::string by = {};
  std::string verb = {};
  std::string target = {};
  std::string reason = {};
  std::string request_hash = {};
  std::string result = {};  ///< JSON
};

/// An order was delivered: by how much what was told of it in each stage had missed, in spreads.
struct ForecastsJudged {
  std::string order_id = {};
  std::map<std::string, double> errors = {};  ///< by the names of forecast kinds
};

using RecordBody = std::variant<ServiceStarted, QuoteIssued, OrderAccepted, ReadinessChanged, OrderMoved,
                                FlightAssigned, FlightReplanned, MissionIssued, LegEnded, FlightEnded, DroneGreeted,
                                DroneReported, CommandIssued, FlightSteered, FlightEmptied, OrderPinned, DroneWithdrawn,
                                DroneReinstated, PadGateMoved, MerchantGateMoved, DepartureGateMoved, AirspaceChanged,
                                OperatorActed, ForecastsJudged, OrderStalled, OrderResumed, DropoffTaken>;

/// One decision or transition: what the journal keeps.
struct Record {
  UtcTime at = {};
  RecordBody body = {};
};

[[nodiscard]] std::string_view kind(const RecordBody& body);
/// The body as JSON text.
[[nodiscard]] std::string serialise(const RecordBody& body);
/// Errors: store_unavailable, for a journal that this version did not write or that is damaged.
[[nodiscard]] Expected<Record> parse_record(UtcTime at, std::string_view kind, std::string_view body);

/// The one way in which durable state changes. Throws BrokenInvariant where the record cannot follow the state.
void apply(DispatchState& state, const Record& record);

/// Reads the routes of the missions under way, after a replay: of a day's thousands only those matter. Throws
/// BrokenInvariant where one cannot be read.
void read_routes(DispatchState& state);

}  // namespace swiftlet::dispatch
