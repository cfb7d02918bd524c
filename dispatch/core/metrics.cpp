#include "dispatch/core/metrics.hpp"

#include <fmt/core.h>

#include <array>
#include <map>

namespace swiftlet::dispatch {
namespace {

class Page {
 public:
  void family(const char* name, const char* type, const char* help) {
    text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
  }
  void value(const char* name, double value) { text_ += fmt::format("{} {}\n", name, value); }
  void value(const char* name, const char* label, std::string_view of, double value) {
    text_ += fmt::format("{}{{{}=\"{}\"}} {}\n", name, label, of, value);
  }
  void single(const char* name, const char* type, const char* help, double of) {
    family(name, type, help);
    value(name, of);
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void tell_orders(const DispatchState& state, Page& page) {
  std::array<int, kOrderStates> by_state{};
  int kept = 0;
  int delivered = 0;
  for (const auto& [id, order] : state.orders) {
    ++by_state[static_cast<std::size_t>(order.state)];
    if (!order.delivered_at) continue;
    ++delivered;
    kept += *order.delivered_at <= order.promise.delivery.p95 ? 1 : 0;
  }
  page.family("swiftlet_orders", "gauge", "Orders of the last 30 days by state.");
  for (int s = 0; s < kOrderStates; ++s) {
    page.value("swiftlet_orders", "state", name(static_cast<OrderState>(s)), by_state[static_cast<std::size_t>(s)]);
  }
  page.single("swiftlet_orders_accepted_total", "counter", "Orders ever accepted.",
              static_cast<double>(state.last_order_number));
  page.single("swiftlet_orders_waiting", "gauge", "Orders without a drone.", static_cast<double>(state.waiting.size()));
  page.single("swiftlet_deliveries", "gauge", "Deliveries of the last 30 days.", delivered);
  page.single("swiftlet_deliveries_within_promise", "gauge", "Of these, not after the promised p95.", kept);
  page.single("swiftlet_quotes_total", "counter", "Quotes ever given.", static_cast<double>(state.last_quote_number));
}

void tell_drones(const DispatchState& state, Page& page) {
  int withdrawn = 0;
  int swapping = 0;
  for (const auto& [id, drone] : state.drones) {
    withdrawn += drone.withdrawn.empty() && drone.maintenance.empty() ? 0 : 1;
    swapping += drone.awaiting_swap ? 1 : 0;
  }
  page.single("swiftlet_drones_known", "gauge", "Drones that have ever said hello.",
              static_cast<double>(state.drones.size()));
  page.single("swiftlet_drones_withdrawn", "gauge", "Of these, out of work by a fault or an operator.", withdrawn);
  page.single("swiftlet_drones_swapping", "gauge", "Of these, home and waiting for a battery.", swapping);
}

void tell_flights(const DispatchState& state, Page& page) {
  std::map<std::string_view, int> by_leg;
  for (const auto purpose :
       {LegPurpose::pickup, LegPurpose::deliver, LegPurpose::bring_back, LegPurpose::home, LegPurpose::divert}) {
    by_leg[name(purpose)] = 0;
  }
  int steered = 0;
  for (const auto& [id, flight] : state.flights) {
    ++by_leg[name(flight.leg().purpose)];
    steered += flight.steer != Steer::none ? 1 : 0;
  }
  page.family("swiftlet_flights", "gauge", "Flights by the leg that they are on.");
  for (const auto& [leg, count] : by_leg) page.value("swiftlet_flights", "leg", leg, count);
  page.single("swiftlet_flights_steered", "gauge", "Flights that hold, turn round or come down.", steered);
  page.single("swiftlet_flights_total", "counter", "Flights ever assigned.",
              static_cast<double>(state.last_flight_number));
}

}  // namespace

std::string prometheus_metrics(const DispatchState& state) {
  Page page;
  page.single("swiftlet_epoch", "gauge", "Starts of the service on this journal.", static_cast<double>(state.epoch));
  tell_orders(state, page);
  tell_drones(state, page);
  tell_flights(state, page);
  page.single("swiftlet_pads_closed", "gauge", "Pads closed by operators.",
              static_cast<double>(state.gates.closed_pads.size()));
  page.single("swiftlet_merchants_paused", "gauge", "Merchants paused by operators.",
              static_cast<double>(state.gates.paused_merchants.size()));
  page.single("swiftlet_departures_stopped", "gauge", "1 in a weather hold or ground stop.",
              state.gates.departures_stopped() ? 1.0 : 0.0);
  page.single("swiftlet_zone_changes", "gauge", "Zones put up or taken down since the airspace was compiled.",
              static_cast<double>(state.zone_changes.size()));
  return page.take();
}

}  // namespace swiftlet::dispatch
