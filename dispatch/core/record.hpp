#pragma once

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

/// A drone takes an order: all its slots are taken at once.
struct FlightAssigned {
  std::string flight_id = {};
  std::string order_id = {};
  std::string drone = {};
  std::vector<Leg> legs = {};
  std::vector<Spot> reserved = {};
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
};

struct CommandIssued {
  std::string drone = {};
  std::uint64_t command_seq = 0;
  std::string verb = {};
};

using RecordBody =
    std::variant<ServiceStarted, QuoteIssued, OrderAccepted, ReadinessChanged, OrderMoved, FlightAssigned,
                 FlightReplanned, MissionIssued, LegEnded, FlightEnded, DroneGreeted, DroneReported, CommandIssued>;

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

}  // namespace swiftlet::dispatch
