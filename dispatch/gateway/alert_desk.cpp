#include "dispatch/gateway/alert_desk.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "dispatch/gateway/picture_json.hpp"
#include "dispatch/protocol/order_state.hpp"

namespace swiftlet::dispatch {
namespace {

// An order has to become this likely to be late, and must become this unlikely again: no flutter in between.
constexpr double kLate = 0.6;
constexpr double kInTime = 0.25;
constexpr auto kFailedFor = std::chrono::minutes(30);
constexpr double kWebhookPatience_s = 60.0;
constexpr auto kStuckAfter = std::chrono::minutes(1);

/// What keeps an order, until when it is tried, and what a person can do meanwhile.
Alert of_standstill(const OrderPicture& order) {
  const bool aboard = !order.drone.empty() && order.state != OrderState::assigned;
  const std::string_view advice = aboard ? "take the parcel off the drone by hand, or wait"
                                  : order.standstill->cause == "operator" ? "open what is closed, or cancel the order"
                                                                          : "wait, or cancel the order";
  return {.kind = "order_stuck",
          .priority = aboard ? 1 : 2,
          .drone = order.drone,
          .order = order.id,
          .detail = fmt::format("{} ({}) since {}, given up at {}: {}", order.standstill->what, order.standstill->cause,
                                format_rfc3339(order.standstill->since), format_rfc3339(*order.given_up_at), advice)};
}

}  // namespace

void AlertDesk::raise(const std::string& id, Alert alert) {
  seen_[id] = true;
  if (resolved_.contains(id)) return;
  const auto [at, is_new] = alerts_.try_emplace(id, alert);
  if (is_new) {
    at->second.since = now_;
    return;
  }
  if (at->second.over_at) {  // it is back: what was done about it the last time does not count
    alert.since = now_;
    at->second = std::move(alert);
    return;
  }
  at->second.priority = alert.priority;
  at->second.detail = std::move(alert.detail);
}

void AlertDesk::raise_for_telemetry(const DronePicture& drone) {
  const Telemetry& said = *drone.telemetry;
  if (said.control == ControlState::other) {
    raise("drone_taken_over:" + drone.id, {.kind = "drone_taken_over",
                                           .priority = 1,
                                           .drone = drone.id,
                                           .order = drone.order_id,
                                           .detail = said.warning});
  } else if (!said.warning.empty()) {
    raise("drone_warning:" + drone.id,
          {.kind = "drone_warning", .priority = 1, .drone = drone.id, .order = drone.order_id, .detail = said.warning});
  }
  if (said.battery_age_s > 0.0) {
    raise("battery_unknown:" + drone.id, {.kind = "battery_unknown",
                                          .priority = drone.leg_phase == "flying" ? 1 : 2,
                                          .drone = drone.id,
                                          .order = drone.order_id,
                                          .detail = fmt::format("for {:.0f} s", said.battery_age_s)});
  }
}

void AlertDesk::update(const FleetPicture& picture, const std::vector<WebhookPicture>& webhooks,
                       const std::map<std::string, std::string>& certificates) {
  now_ = picture.at;
  seen_.clear();
  for (const DronePicture& drone : picture.drones) {
    if (drone.link == LinkState::lost) {
      raise("drone_lost:" + drone.id, {.kind = "drone_lost",
                                       .priority = drone.flight_id.empty() ? 3 : 1,
                                       .drone = drone.id,
                                       .order = drone.order_id});
    }
    if (!drone.withdrawn.empty()) {
      raise("drone_withdrawn:" + drone.id,
            {.kind = "drone_withdrawn", .priority = 2, .drone = drone.id, .detail = drone.withdrawn});
    }
    if (drone.telemetry) raise_for_telemetry(drone);
    if (drone.leg_phase == "flying" && drone.battery_wh < drone.battery_reserve_wh) {
      raise("battery_low:" + drone.id, {.kind = "battery_low",
                                        .priority = 1,
                                        .drone = drone.id,
                                        .order = drone.order_id,
                                        .detail = fmt::format("{:.0f} Wh", drone.battery_wh)});
    }
  }
  for (const OrderPicture& order : picture.orders) {
    const std::string late = "order_late:" + order.id;
    const double risk = risk_of_lateness(order, picture.at);
    const auto raised = alerts_.find(late);
    const bool stands = raised != alerts_.end() && !raised->second.over_at;
    if (is_terminal(order.state)) {
      alerts_.erase(late);  // nobody can do anything about it any more
      resolved_.erase(late);
    } else if (order.delivery && risk > (stands || resolved_.contains(late) ? kInTime : kLate)) {
      raise(late,
            {.kind = "order_late", .priority = 2, .drone = order.drone, .order = order.id, .detail = order.cause});
    }
    if (order.standstill && order.given_up_at) raise("order_stuck:" + order.id, of_standstill(order));
    if (order.state == OrderState::failed && order.history.back().at + kFailedFor > picture.at) {
      raise("order_failed:" + order.id, {.kind = "order_failed",
                                         .priority = 2,
                                         .drone = order.drone,
                                         .order = order.id,
                                         .detail = order.history.back().cause});
    }
  }
  for (const FlightPicture& flight : picture.flights) {
    if (flight.kept_by.empty() || flight.phase_since + kStuckAfter > picture.at) continue;
    const std::string& place = flight.legs.at(flight.leg_index).from.pad;
    raise("drone_stuck:" + flight.drone,
          {.kind = "drone_stuck",
           .priority = 2,
           .drone = flight.drone,
           .order = flight.order_id,
           .detail = fmt::format("cannot leave {}: {}; tried again all the while. Fetch it, or wait",
                                 place.empty() ? "where it stands" : place, flight.kept_by)});
  }
  for (const WebhookPicture& webhook : webhooks) {
    if (webhook.failing_for_s < kWebhookPatience_s) continue;
    raise("webhook_failing:" + webhook.merchant,
          {.kind = "webhook_failing",
           .priority = 3,
           .merchant = webhook.merchant,
           .detail = fmt::format("{}; {} events wait", webhook.failure, webhook.undelivered)});
  }
  for (const auto& [door, trouble] : certificates) {
    if (trouble.empty()) continue;
    raise("certificate_stale:" + door,
          {.kind = "certificate_stale",
           .priority = 2,
           .detail = fmt::format("{} goes on with the older one, until that runs out: {}", door, trouble)});
  }
  std::erase_if(resolved_, [this](const auto& one) { return !seen_.contains(one.first); });
  std::erase_if(alerts_, [this](const auto& one) { return one.second.over_at && !one.second.acked_by.empty(); });
  for (auto& [id, alert] : alerts_) {
    if (!seen_.contains(id) && !alert.over_at) alert.over_at = now_;
  }
}

Expected<void> AlertDesk::take_step(const std::string& id, std::string_view step, const std::string& account) {
  const auto found = alerts_.find(id);
  if (found == alerts_.end()) return fail(ErrorCode::not_found, "no such alert", "target");
  Alert& alert = found->second;
  if (step == "ack") {
    if (alert.acked_by.empty()) alert.acked_by = account;
  } else if (step == "own") {
    if (alert.acked_by.empty()) alert.acked_by = account;
    alert.owner = account;
  } else if (step == "resolve") {
    if (!alert.over_at && alert.owner != account)
      return fail(ErrorCode::conflict, "its cause lasts: own it before you resolve it", "target");
    if (!alert.over_at) resolved_[id] = true;
    alerts_.erase(found);
  } else {
    return fail(ErrorCode::bad_request, "should be alert.ack, alert.own or alert.resolve", "verb");
  }
  return {};
}

std::size_t AlertDesk::standing() const {
  return static_cast<std::size_t>(
      std::count_if(alerts_.begin(), alerts_.end(), [](const auto& one) { return !one.second.over_at; }));
}

std::map<std::string, nlohmann::json> AlertDesk::to_json() const {
  std::map<std::string, nlohmann::json> out;
  for (const auto& [id, alert] : alerts_) {
    nlohmann::json line{{"id", id},
                        {"kind", alert.kind},
                        {"priority", alert.priority},
                        {"since", format_rfc3339(alert.since)},
                        {"state", !alert.owner.empty()      ? "owned"
                                  : !alert.acked_by.empty() ? "acked"
                                                            : "new"}};
    if (!alert.drone.empty()) line["drone"] = alert.drone;
    if (!alert.order.empty()) line["order"] = alert.order;
    if (!alert.merchant.empty()) line["merchant"] = alert.merchant;
    if (!alert.detail.empty()) line["detail"] = alert.detail;
    if (alert.over_at) line["over_at"] = format_rfc3339(*alert.over_at);
    if (!alert.acked_by.empty()) line["acked_by"] = alert.acked_by;
    if (!alert.owner.empty()) line["owner"] = alert.owner;
    out.emplace(id, std::move(line));
  }
  return out;
}

}  // namespace swiftlet::dispatch
