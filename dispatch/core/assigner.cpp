#include "dispatch/core/assigner.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace swiftlet::dispatch {
namespace {

Leg make_leg(const CoreContext& context, const LegQuery& query, LegPurpose purpose) {
  const LegEstimate& estimate = *context.legs.find(query, context.now);
  return {.purpose = purpose,
          .from = query.from,
          .to = query.to,
          .payload_kg = query.payload_kg,
          .duration_s = estimate.duration_s,
          .energy_wh = estimate.energy_wh};
}

double one_decimal(double seconds) { return std::round(seconds * 10.0) / 10.0; }

std::string why(const ExpectedPickup& expected) {
  nlohmann::ordered_json told{{"late_s", one_decimal(expected.late_s)},
                              {"overdue_s", one_decimal(expected.overdue_s)},
                              {"occupied_s", one_decimal(expected.occupied_s)},
                              {"cost_s", one_decimal(expected.cost_s)},
                              {"runner_up", nullptr}};
  if (expected.runner_up != nullptr) {
    told["runner_up"] = {{"drone", expected.runner_up->id}, {"cost_s", one_decimal(expected.runner_up_cost_s)}};
  }
  return told.dump();
}

void assign(CoreContext& context, const Order& order, const Sortie& sortie, const Spot& pickup, const Spot& dropoff,
            const ExpectedPickup& expected) {
  const std::string order_id = order.order_id;
  context.commit(FlightAssigned{.flight_id = fmt::format("F{:06}", context.state().last_flight_number + 1),
                                .order_id = order_id,
                                .drone = sortie.drone->id,
                                .legs = {make_leg(context, sortie.legs[0], LegPurpose::pickup),
                                         make_leg(context, sortie.legs[1], LegPurpose::deliver),
                                         make_leg(context, sortie.legs[2], LegPurpose::home)},
                                .reserved = {pickup, dropoff},
                                .why = why(expected)});
  context.move_order(order_id, OrderState::assigned);
}

/// On the first free slots between which all legs are proven: one slot of a pad may be shut by the wind and the next
/// open. An order that has none is refused, until it is asked again.
void try_to_assign(CoreContext& context, const Order& order, const ExpectedPickup& expected) {
  std::optional<Error> refusal;
  const std::vector<Spot> dropoffs = free_spots(context, order.wish.dropoff);
  for (const Spot& pickup : free_spots(context, order.wish.pickup)) {
    for (const Spot& dropoff : dropoffs) {
      const Sortie sortie = make_sortie(context, *expected.drone, pickup, dropoff, order.wish.parcel.mass_kg);
      const SortieCheck check = check_sortie(context, sortie);
      if (check.verdict == SortieVerdict::feasible) return assign(context, order, sortie, pickup, dropoff, expected);
      if (check.verdict == SortieVerdict::unknown) {
        for (const LegQuery& leg : sortie.legs) {
          if (context.legs.find(leg, context.now) == nullptr) context.ask_for_leg(leg);
        }
        return;
      }
      refusal = check.error;
    }
  }
  if (refusal) context.refusals.note_order(order.order_id, context.now, *refusal);
}

}  // namespace

void assign_orders(CoreContext& context, const FleetOutlook& outlook) {
  if (context.state().gates.departures_stopped()) return;
  for (const std::uint64_t number : outlook.waiting()) {
    const ExpectedPickup* expected = outlook.expected(number);
    if (expected == nullptr || expected->leaves_at > context.now || !context.is_idle(expected->drone->id)) continue;
    const Order* known = context.order(number);
    if (known == nullptr) continue;
    const Order& order = *known;
    if (order.state != OrderState::accepted) continue;
    try_to_assign(context, order, *expected);
  }
}

}  // namespace swiftlet::dispatch
