#include "sim/fleet/merchant.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace swiftlet::sim {
namespace {

using nlohmann::json;

constexpr dispatch::ConnectionId kConnection = 1;
constexpr double kTellLate_s = 30.0;

/// Seconds from the day's begin to the time that stands under that key.
double time_s(const json& body, const char* key, const DayClock& clock) {
  return clock.seconds_to(*parse_rfc3339(body[key].get<std::string>()));
}

}  // namespace

Merchant::Merchant(const Scenario& scenario, const RehearsedDay& day) : scenario_(scenario), day_(day) {}

std::string Merchant::send(const char* type, const json& body, const DayClock& clock, dispatch::Core& core) {
  std::string id = fmt::format("r{}", ++last_request_);
  const json frame{{"v", 1}, {"type", type}, {"id", id}, {"body", body}};
  core.on_merchant_frame(clock.now(), {.merchant = day_.config.merchants.front(), .connection = kConnection},
                         frame.dump());
  return id;
}

void Merchant::create(std::size_t order, const DayClock& clock, dispatch::Core& core) {
  const WishedOrder& wish = day_.orders[order];
  const json body{{"client_order_id", wish.id},
                  {"pickup", {{"pad", wish.pickup}}},
                  {"dropoff", {{"pad", wish.dropoff}}},
                  {"parcel", {{"mass_kg", wish.mass_kg}}},
                  {"ready_at", format_rfc3339(after(clock.begin, wish.said_ready_s))},
                  {"priority", wish.priority}};
  unanswered_.emplace(send("order.create", body, clock, core), order);
}

void Merchant::speak(const DayClock& clock, dispatch::Core& core, std::vector<OrderOutcome>& orders) {
  for (; next_order_ < day_.orders.size() && day_.orders[next_order_].at_s <= clock.now_s(); ++next_order_) {
    const WishedOrder& wish = day_.orders[next_order_];
    orders[next_order_].placed = true;
    create(next_order_, clock, core);
    const bool tells = scenario_.kitchens_tell && wish.truly_ready_s > wish.said_ready_s + kTellLate_s;
    if (tells) to_tell_.emplace(wish.said_ready_s, next_order_);
  }
  while (!to_tell_.empty() && to_tell_.begin()->first <= clock.now_s()) {
    const std::size_t k = to_tell_.begin()->second;
    to_tell_.erase(to_tell_.begin());
    if (orders[k].order_id.empty()) continue;
    send("order.ready",
         {{"order_id", orders[k].order_id},
          {"ready_at", format_rfc3339(after(clock.begin, day_.orders[k].truly_ready_s))}},
         clock, core);
  }
}

void Merchant::take_reply(const DayClock& clock, const std::string& text, std::vector<OrderOutcome>& orders) {
  const json frame = json::parse(text);
  if (!frame.contains("re") || !frame["re"].is_string()) return;
  const auto asked = unanswered_.find(frame["re"].get<std::string>());
  if (asked == unanswered_.end()) return;
  OrderOutcome& order = orders[asked->second];
  unanswered_.erase(asked);
  if (!frame["ok"].get<bool>()) {
    order.refusal = frame["error"]["code"].get<std::string>();
    return;
  }
  const json& body = frame["body"];
  order.order_id = body["order_id"].get<std::string>();
  order.promised_s = time_s(body, "delivery_eta", clock);
  order.promised_p05_s = time_s(body, "p05", clock);
  order.promised_p95_s = time_s(body, "p95", clock);
}

void Merchant::ask_again(const DayClock& clock, dispatch::Core& core) {
  std::vector<std::size_t> lost;
  for (const auto& [id, order] : std::exchange(unanswered_, {})) lost.push_back(order);
  std::sort(lost.begin(), lost.end());
  for (const std::size_t order : lost) create(order, clock, core);
}

int Merchant::take_etas(const DayClock& clock, dispatch::Core& core, std::vector<EtaSample>& etas) const {
  int waiting = 0;
  for (const std::string& text : core.eta_frames(clock.now(), day_.config.merchants.front())) {
    const json frame = json::parse(text);
    for (const json& line : frame["body"]["orders"]) {
      const dispatch::Order& order = core.state().orders.at(line["order_id"].get<std::string>());
      waiting += order.state == dispatch::OrderState::accepted;
      const auto known = day_.number_of.find(order.client_order_id);
      if (known == day_.number_of.end()) continue;
      const auto time = [&](const char* key) { return static_cast<float>(time_s(line, key, clock)); };
      etas.push_back({.order = static_cast<std::uint32_t>(known->second),
                      .at_s = static_cast<float>(clock.now_s()),
                      .eta_s = time("eta"),
                      .p05_s = time("p05"),
                      .p10_s = time("p10"),
                      .p90_s = time("p90"),
                      .p95_s = time("p95"),
                      .stage = order.state});
    }
  }
  return waiting;
}

}  // namespace swiftlet::sim
