#include "dispatch/core/assigner.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "dispatch/core/slot_claims.hpp"

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

/// Who would wait longer than that at the pick-up, for a slot to go on to, waits at home.
constexpr double kAtOnce_s = 1.0;

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

void assign(CoreContext& context, const Order& order, const Sortie& sortie, std::vector<Spot> reserved,
            const ExpectedPickup& expected) {
  const std::string order_id = order.order_id;
  context.commit(FlightAssigned{.flight_id = fmt::format("F{:06}", context.state().last_flight_number + 1),
                                .order_id = order_id,
                                .drone = sortie.drone->id,
                                .legs = {make_leg(context, sortie.legs[0], LegPurpose::pickup),
                                         make_leg(context, sortie.legs[1], LegPurpose::deliver),
                                         make_leg(context, sortie.legs[2], LegPurpose::home)},
                                .reserved = std::move(reserved),
                                .why = why(expected)});
  context.move_order(order_id, OrderState::assigned);
}

/// The slots that a flight takes with its order; none where it would have to wait for one at the drop-off that might
/// never come free, or at a bare point.
std::vector<Spot> slots_to_take(const CoreContext& context, const Spot& pickup, const Spot& dropoff) {
  if (surely_gets_dropoff(context, pickup, dropoff)) return {pickup};
  if (context.held.leave_free(dropoff, 2.0 * context.config.policy.terminal_radius_m)) return {pickup, dropoff};
  return {};
}

/// On the first free slot between which and one of the drop-off's all legs are proven: one slot of a pad may be shut by
/// the wind and the next open. An order that has none is refused, until it is asked again.
void try_to_assign(CoreContext& context, const Order& order, const ExpectedPickup& expected) {
  std::optional<Error> refusal;
  const Stop& goal = order.wish.dropoff;
  const std::vector<Spot> dropoffs =
      goal.pad.empty() ? free_spots(context, goal) : dropoffs_by_promise(context, goal.pad);
  for (const Spot& pickup : free_spots(context, order.wish.pickup)) {
    for (const Spot& dropoff : dropoffs) {
      std::vector<Spot> slots = slots_to_take(context, pickup, dropoff);
      if (slots.empty()) continue;
      const Sortie sortie = make_sortie(context, *expected.drone, pickup, dropoff, order.wish.parcel.mass_kg);
      const SortieCheck check = check_sortie(context, sortie);
      if (check.verdict == SortieVerdict::feasible) return assign(context, order, sortie, std::move(slots), expected);
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
    if (expected == nullptr || expected->leaves_at > context.now || expected->pads_wait_s > kAtOnce_s ||
        !context.is_idle(expected->drone->id)) {
      continue;
    }
    const Order* known = context.order(number);
    if (known == nullptr) continue;
    const Order& order = *known;
    if (order.state != OrderState::accepted) continue;
    try_to_assign(context, order, *expected);
  }
}

}  // namespace swiftlet::dispatch
