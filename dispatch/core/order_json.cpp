#include "dispatch/core/order_json.hpp"

#include <nlohmann/json.hpp>

#include "dispatch/protocol/envelope.hpp"
#include "dispatch/protocol/strict_json.hpp"

namespace swiftlet::dispatch {
namespace {

using nlohmann::json;

json wire(const std::optional<UtcTime>& t) { return t ? json(format_rfc3339(*t)) : json(nullptr); }

void put_delivery(json& out, const std::optional<EtaDistribution>& eta) {
  out["delivery_eta"] = eta ? wire(eta->eta) : json(nullptr);
  out["p05"] = eta ? wire(eta->p05) : json(nullptr);
  out["p10"] = eta ? wire(eta->p10) : json(nullptr);
  out["p90"] = eta ? wire(eta->p90) : json(nullptr);
  out["p95"] = eta ? wire(eta->p95) : json(nullptr);
}

json view(const Fee& fee) { return {{"amount_minor", fee.amount_minor}, {"currency", fee.currency}}; }

}  // namespace

json promise_view(const Promise& promise) {
  json out{{"pickup_eta", wire(promise.pickup_eta)}};
  put_delivery(out, promise.delivery);
  return out;
}

json order_view(const Order& order, const Forecast& forecast) {
  json out{{"order_id", order.order_id},
           {"client_order_id", order.client_order_id},
           {"state", name(order.state)},
           {"created_at", wire(order.created_at())},
           {"pickup", to_json(order.wish.pickup)},
           {"dropoff", to_json(order.wish.dropoff)},
           {"parcel", to_json(order.wish.parcel)},
           {"priority", order.priority},
           {"pickup_eta", wire(forecast.pickup_eta)},
           {"promised_delivery_eta", wire(order.promise.delivery.eta)},
           {"promised_p05", wire(order.promise.delivery.p05)},
           {"promised_p95", wire(order.promise.delivery.p95)},
           {"fee", view(order.fee)}};
  put_delivery(out, forecast.delivery);
  if (!order.drone.empty()) out["drone"] = order.drone;
  if (order.wish.ready_at) out["ready_at"] = wire(order.wish.ready_at);
  if (order.wish.deliver_by) out["deliver_by"] = wire(order.wish.deliver_by);
  if (order.delivered_at) out["delivered_at"] = wire(order.delivered_at);
  if (order.proof) {
    out["proof"] = {{"kind", "release_sensed"}, {"at", wire(order.proof->at)}};
    if (const auto& p = order.proof->position) {
      out["proof"].update({{"lon", p->lon_deg}, {"lat", p->lat_deg}, {"alt_msl_m", p->alt_msl_m}});
    }
    if (!order.proof->pad.empty()) out["proof"]["pad"] = order.proof->pad;
    if (order.proof->weight_change_kg) out["proof"]["weight_change_kg"] = *order.proof->weight_change_kg;
  }
  if (order.standstill && !is_terminal(order.state)) {
    out["standstill"] = {{"since", wire(order.standstill->since)},
                         {"cause", order.standstill->cause},
                         {"code", order.standstill->code},
                         {"message", order.standstill->what}};
  }
  if (order.refunded && is_terminal(order.state)) out["refund"] = view(order.fee);
  json& history = out["history"] = json::array();
  for (const OrderStep& step : order.history) {
    json line{{"state", name(step.state)}, {"at", wire(step.at)}};
    if (!step.cause.empty()) line["cause"] = step.cause;
    history.push_back(std::move(line));
  }
  return out;
}

std::string event_frame(const OrderEvent& event) {
  json body{{"order_id", event.order_id},
            {"client_order_id", event.client_order_id},
            {"state", name(event.state)},
            {"at", wire(event.at)}};
  if (!event.drone.empty()) body["drone"] = event.drone;
  if (!event.cause.empty()) body["cause"] = event.cause;
  if (!event.code.empty()) body["code"] = event.code;
  if (event.refund) body["refund"] = view(*event.refund);
  return to_wire({{"v", kProtocolVersion}, {"type", "order.event"}, {"seq", event.seq}, {"body", std::move(body)}});
}

}  // namespace swiftlet::dispatch
