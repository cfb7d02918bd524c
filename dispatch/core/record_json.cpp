#include <fmt/core.h>

#include "dispatch/core/ledger_json.hpp"
#include "dispatch/core/record.hpp"

namespace swiftlet::dispatch {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ServiceStarted, epoch, airspace_hash)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(QuoteIssued, quote)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(OrderAccepted, order_id, merchant, client_order_id, request_hash, quote_id, wish,
                                   priority, promise, fee)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ReadinessChanged, order_id, ready_at)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(OrderMoved, order_id, to, cause)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(FlightAssigned, flight_id, order_id, drone, legs, reserved, why)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(DropoffTaken, flight_id, legs)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FlightReplanned, flight_id, legs_ahead, released)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(MissionIssued, flight_id, mission_no, route_hash, route,
                                                traffic_delay_s)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LegEnded, flight_id)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FlightEnded, flight_id, cause)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(DroneGreeted, drone)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(DroneReported, drone, event_no, kind, happened_at, detail, position,
                                                weight_change_kg)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(CommandIssued, drone, command_seq, verb)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FlightSteered, flight_id, steer, cause, to)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FlightEmptied, flight_id)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(OrderPinned, order_id, only_drone, not_drone)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(DroneWithdrawn, drone, reason, maintenance)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(DroneReinstated, drone)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PadGateMoved, pad, open, reason)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(MerchantGateMoved, merchant, open, reason)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(DepartureGateMoved, gate, open, reason)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(AirspaceChanged, zone, airspace_hash)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ForecastsJudged, order_id, errors)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(OrderStalled, order_id, cause, code, what)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(OrderResumed, order_id)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(OperatorActed, command_id, by, verb, target, reason, request_hash, result)

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, std::variant_size_v<RecordBody>> kKinds{
    "service_started",      "quote_issued",     "order_accepted",   "readiness_changed", "order_moved",
    "flight_assigned",      "flight_replanned", "mission_issued",   "leg_ended",         "flight_ended",
    "drone_greeted",        "drone_reported",   "command_issued",   "flight_steered",    "flight_emptied",
    "order_pinned",         "drone_withdrawn",  "drone_reinstated", "pad_gate_moved",    "merchant_gate_moved",
    "departure_gate_moved", "airspace_changed", "operator_acted",   "forecasts_judged",  "order_stalled",
    "order_resumed",        "dropoff_taken"};

template <std::size_t I = 0>
bool read_as(std::string_view wanted, const json& in, RecordBody& out) {
  if constexpr (I == std::variant_size_v<RecordBody>) {
    return false;
  } else {
    if (kKinds[I] != wanted) return read_as<I + 1>(wanted, in, out);
    out = in.get<std::variant_alternative_t<I, RecordBody>>();
    return true;
  }
}

/// A mission's record in two: the route as the text that it is, and the rest of the record without it.
struct MissionText {
  std::string rest = {};
  std::string route = {};
};

/// Cuts the route out of a record as serialise() writes it. It is nearly all of a journal's bytes and hardly ever read
/// again, so it is not put through a parser. Nothing where the text is written otherwise: then the parser has it whole.
std::optional<MissionText> cut_out_route(std::string_view body) {
  constexpr std::string_view kKey = R"("route":")";  // in no text: quotes in it stand behind a backslash
  const auto key = body.find(kKey);
  if (key == std::string_view::npos) return std::nullopt;
  MissionText cut;
  cut.route.reserve(body.size());
  std::size_t from = key + kKey.size();
  for (std::size_t i = from; i < body.size(); ++i) {
    if (body[i] == '\\') {
      if (i + 1 >= body.size() || body[i + 1] != '"') return std::nullopt;
      cut.route.append(body.substr(from, i - from));
      from = ++i;  // the quote itself stays
    } else if (body[i] == '"') {
      cut.route.append(body.substr(from, i - from));
      cut.rest.append(body.substr(0, key + kKey.size())).append(body.substr(i));
      return cut;
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view kind(const RecordBody& body) { return kKinds.at(body.index()); }

std::string serialise(const RecordBody& body) {
  return std::visit([](const auto& value) { return json(value).dump(); }, body);
}

Expected<Record> parse_record(UtcTime at, std::string_view kind, std::string_view body) {
  Record record{.at = at, .body = ServiceStarted{}};
  try {
    auto mission = kind == "mission_issued" ? cut_out_route(body) : std::nullopt;
    if (read_as(kind, json::parse(mission ? std::string_view(mission->rest) : body), record.body)) {
      if (mission) std::get<MissionIssued>(record.body).route = std::move(mission->route);
      return record;
    }
  } catch (const std::exception& error) {
    return fail(ErrorCode::store_unavailable, fmt::format("a {} record that cannot be read: {}", kind, error.what()),
                "journal");
  }
  return fail(ErrorCode::store_unavailable,
              fmt::format("\"{}\" is no kind of record that this version knows; a newer one wrote it", kind),
              "journal");
}

}  // namespace swiftlet::dispatch
