#include "dispatch/core/state.hpp"

#include "dispatch/core/ledger_json.hpp"
#include "geo/content_hash.hpp"

namespace swiftlet::dispatch {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(OrderStep, state, at, cause)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Standstill, since, cause, code, what)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(DeliveryProof, at, position, pad, weight_change_kg)

namespace {

using nlohmann::json;

json image(const Order& o) {
  return {{"order_id", o.order_id},
          {"number", o.number},
          {"merchant", o.merchant},
          {"client_order_id", o.client_order_id},
          {"request_hash", o.request_hash},
          {"wish", o.wish},
          {"priority", o.priority},
          {"said_ready_at", o.said_ready_at},
          {"promise", o.promise},
          {"fee", o.fee},
          {"state", o.state},
          {"history", o.history},
          {"flight_id", o.flight_id},
          {"drone", o.drone},
          {"only_drone", o.only_drone},
          {"not_drone", o.not_drone},
          {"picked_up_at", o.picked_up_at},
          {"delivered_at", o.delivered_at},
          {"proof", o.proof},
          {"standstill", o.standstill},
          {"refunded", o.refunded}};
}

json image(const Flight& f) {
  json out{{"flight_id", f.flight_id},
           {"order_id", f.order_id},
           {"drone", f.drone},
           {"legs", f.legs},
           {"leg_index", f.leg_index},
           {"phase", f.phase},
           {"loaded", f.loaded},
           {"phase_since", f.phase_since},
           {"waiting_since", f.waiting_since},
           {"reserved", f.reserved},
           {"steer", f.steer},
           {"steer_cause", f.steer_cause},
           {"steer_since", f.steer_since},
           {"steer_to", f.steer_to},
           {"mission", nullptr}};
  if (f.mission) {
    out["mission"] = {{"mission_no", f.mission->mission_no},
                      {"route_hash", f.mission->route_hash},
                      {"departed_at", f.mission->departed_at},
                      {"traffic_delay_s", f.mission->traffic_delay_s}};
  }
  return out;
}

json image(const DroneLedger& d) {
  return {{"mission_no", d.mission_no},       {"command_seq", d.command_seq}, {"command_verb", d.command_verb},
          {"last_event_no", d.last_event_no}, {"flight_id", d.flight_id},     {"awaiting_swap", d.awaiting_swap},
          {"withdrawn", d.withdrawn},         {"maintenance", d.maintenance}, {"stranded_on", d.stranded_on},
          {"home_since", d.home_since}};
}

json image(const MerchantLedger& m) {
  json events = json::array();
  for (const OrderEvent& e : m.events) {
    events.push_back({e.seq, e.order_id, e.client_order_id, e.state, e.at, e.drone, e.cause, e.code, e.refund});
  }
  return {{"last_seq", m.last_seq}, {"events", events}, {"orders", m.order_by_client_id}};
}

json image(const Gates& g) {
  return {{"closed_pads", g.closed_pads},
          {"paused_merchants", g.paused_merchants},
          {"weather_hold", g.weather_hold},
          {"ground_stop", g.ground_stop},
          {"departures_resumed_at", g.departures_resumed_at}};
}

json image(const Learned& l) {
  json stages = json::array();
  for (const StageFilter* stage :
       {&l.stages.departure, &l.stages.kitchen, &l.stages.loading, &l.stages.release, &l.stages.turnaround}) {
    stages.push_back({stage->observed(), stage->time().mean_s, stage->time().sd_s});
  }
  json errors = json::object();
  for (const auto& [kind, known] : l.errors) errors[std::string(name(kind))] = {known.levels(), known.window()};
  return {{"stages", stages}, {"errors", errors}};
}

json image(const OperatorCommandDone& c) { return {c.request_hash, c.at, c.result}; }

template <class Map>
json images(const Map& map) {
  json out = json::object();
  for (const auto& [key, value] : map) out[key] = image(value);
  return out;
}

}  // namespace

std::string_view name(LegPurpose purpose) {
  switch (purpose) {
    case LegPurpose::pickup:
      return "pickup";
    case LegPurpose::deliver:
      return "deliver";
    case LegPurpose::bring_back:
      return "bring_back";
    case LegPurpose::home:
      return "home";
    case LegPurpose::divert:
      return "divert";
  }
  return "";
}

std::string_view name(LegPhase phase) {
  switch (phase) {
    case LegPhase::waiting:
      return "waiting";
    case LegPhase::issued:
      return "issued";
    case LegPhase::flying:
      return "flying";
    case LegPhase::landed:
      return "landed";
  }
  return "";
}

std::string_view name(Steer steer) {
  switch (steer) {
    case Steer::none:
      return "none";
    case Steer::hold:
      return "hold";
    case Steer::reroute:
      return "reroute";
    case Steer::home:
      return "home";
    case Steer::divert:
      return "divert";
    case Steer::land:
      return "land";
  }
  return "";
}

const Leg* Flight::leg_to_open_dropoff() const {
  for (std::size_t i = leg_index; i < legs.size(); ++i) {
    const Leg& leg = legs[i];
    if (leg.purpose == LegPurpose::deliver) return reserved.contains(leg.to.key()) ? nullptr : &leg;
  }
  return nullptr;
}

const Order* DispatchState::order_of(const Flight& flight) const {
  return flight.order_id.empty() ? nullptr : &orders.at(flight.order_id);
}

const Order* DispatchState::find_order(const std::string& merchant, const std::string& order_id) const {
  const auto found = orders.find(order_id);
  // A foreign order answers like one that does not exist.
  return found != orders.end() && found->second.merchant == merchant ? &found->second : nullptr;
}

const Flight* DispatchState::flight_of_drone(const std::string& drone) const {
  const auto ledger = drones.find(drone);
  if (ledger == drones.end() || ledger->second.flight_id.empty()) return nullptr;
  return &flights.at(ledger->second.flight_id);
}

std::string DispatchState::holder(const std::string& spot_key) const {
  for (const auto& [id, flight] : flights) {
    if (flight.reserved.contains(spot_key)) return flight.drone;
  }
  for (const auto& [id, drone] : drones) {
    if (drone.stranded_on && drone.stranded_on->key() == spot_key) return id;
  }
  return {};
}

std::string state_hash(const DispatchState& state) {
  json quotes = json::object();
  for (const auto& [id, quote] : state.quotes) quotes[id] = quote;
  const json all{{"epoch", state.epoch},
                 {"last_at", state.last_at},
                 {"last_order_number", state.last_order_number},
                 {"last_flight_number", state.last_flight_number},
                 {"last_quote_number", state.last_quote_number},
                 {"quotes", quotes},
                 {"orders", images(state.orders)},
                 {"flights", images(state.flights)},
                 {"drones", images(state.drones)},
                 {"merchants", images(state.merchants)},
                 {"gates", image(state.gates)},
                 {"zone_changes", state.zone_changes},
                 {"airspace_hash", state.airspace_hash},
                 {"operator_commands", images(state.operator_commands)},
                 {"learned", image(state.learned)},
                 {"audit_hash", state.audit_hash}};
  return content_hash(all.dump());
}

}  // namespace swiftlet::dispatch
