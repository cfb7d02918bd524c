#include "dispatch/core/fleet_outlook.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>

#include "dispatch/core/forecast.hpp"
#include "dispatch/core/min_cost_matching.hpp"

namespace swiftlet::dispatch {
namespace {

constexpr std::size_t kMostRows = 400;
constexpr int kRounds = 3;

/// Lateness weighs its square over this beside itself: a few very late orders are worse than many a little late.
constexpr double kPatience_s = 200.0;
/// What a second of a drone's time is worth against a second of one order's lateness.
constexpr double kDroneTime = 0.6;
/// Left over, an order waits about half a sortie more.
constexpr double kDeferred_s = 240.0;

constexpr std::int64_t kForbidden = 1'000'000'000'000;

double lateness_cost_s(double late_s) { return late_s + late_s * late_s / kPatience_s; }

std::int64_t in_ms(double seconds) { return std::llround(seconds * 1000.0); }

}  // namespace

std::vector<std::string> waiting_orders(const DispatchState& state, UtcTime ready_until) {
  std::map<std::uint64_t, const Order*> by_age;
  for (const auto& [ready_at, number] : state.waiting) {
    if (ready_at > ready_until) break;
    by_age.emplace(number, &state.orders.at(state.order_by_number.at(number)));
  }
  std::map<std::string, std::vector<const Order*>> by_merchant;
  for (const auto& [number, order] : by_age) by_merchant[order->merchant].push_back(order);
  for (auto& [merchant, orders] : by_merchant) {
    std::stable_sort(orders.begin(), orders.end(),
                     [](const Order* a, const Order* b) { return a->priority > b->priority; });
    std::reverse(orders.begin(), orders.end());
  }
  std::vector<std::string> sequence;
  for (const auto& [number, place] : by_age) {
    auto& own = by_merchant[place->merchant];
    sequence.push_back(own.back()->order_id);
    own.pop_back();
  }
  return sequence;
}

FleetOutlook::FleetOutlook(CoreContext& context)
    : context_(context), waiting_(waiting_orders(context.state(), context.now + kHorizon)) {
  const auto& drones = context.config.drones;
  free_at_.resize(drones.size());
  base_of_.resize(drones.size());
  const auto& bases = context.sortie_times.bases();
  for (std::size_t b = 0; b < bases.size(); ++b) {
    for (const std::size_t i : bases[b].drones) base_of_[i] = b;
  }
  for (std::size_t i = 0; i < drones.size(); ++i) {
    if (context.in_service(drones[i].id)) free_at_[i] = expected_free_at(context, drones[i]);
  }
  context.sortie_times.keep_only(waiting_);
  std::vector<Row> rows = rows_within_horizon();
  if (context.config.assignment == AssignmentPolicy::optimal) pair_rows(rows);
  take_turns(rows);
}

const ExpectedPickup* FleetOutlook::expected(const std::string& order_id) const {
  const auto found = expected_.find(order_id);
  return found == expected_.end() ? nullptr : &found->second;
}

std::vector<FleetOutlook::Row> FleetOutlook::rows_within_horizon() {
  std::vector<Row> rows;
  std::map<std::string, std::vector<UtcTime>> places;  // of each merchant's own orders, the earliest last
  for (const std::string& order_id : waiting_) {
    const Order& order = context_.state().orders.at(order_id);
    if (rows.size() >= kMostRows) break;
    const auto pickups = spots_of(context_, order.wish.pickup);
    const auto dropoffs = spots_of(context_, order.wish.dropoff);
    if (pickups.empty() || dropoffs.empty()) continue;
    const auto& gates = context_.state().gates.closed_pads;
    if (gates.contains(order.wish.pickup.pad) || gates.contains(order.wish.dropoff.pad)) continue;
    rows.push_back({.order = &order,
                    .wanted_at = order.ready_at(),
                    .pickup = pickups.front(),
                    .by_base = &context_.sortie_times.of(order_id, pickups.front(), dropoffs.front(), order.wish.parcel,
                                                         context_.legs, context_.now)});
    places[order.merchant].push_back(order.ready_at());
  }
  for (auto& [merchant, own] : places) std::sort(own.begin(), own.end(), std::greater<>());
  // Rows come by a merchant's priority already. Its most urgent order gets its oldest place, but no order is wanted
  // before its own parcel is ready.
  for (Row& row : rows) {
    auto& own = places[row.order->merchant];
    row.wanted_at = std::max(own.back(), row.order->ready_at());
    own.pop_back();
  }
  return rows;
}

bool FleetOutlook::may_take(const Row& row, std::size_t drone, std::size_t base) const {
  const RegisteredDrone& registered = context_.config.drones[drone];
  if (!free_at_[drone] || !(*row.by_base)[base].possible) return false;
  if (!row.order->only_drone.empty() && row.order->only_drone != registered.id) return false;
  if (row.order->not_drone == registered.id) return false;
  const double energy_wh = (*row.by_base)[base].energy_wh;
  if (energy_wh <= 0.0 || *free_at_[drone] > context_.now) return true;
  // Free now: it leaves with what it has, not with a fresh battery.
  const DroneLive* live = context_.fleet.find(registered.id);
  const double reserve_wh =
      context_.config.policy.energy_reserve_fraction * context_.config.profiles.at(registered.profile).battery_wh;
  return live == nullptr || live->battery_wh <= 0.0 || energy_wh <= live->battery_wh - reserve_wh;
}

ExpectedPickup FleetOutlook::pairing(const Row& row, std::size_t drone, std::size_t base) const {
  const SortieTimes& times = (*row.by_base)[base];
  const StageFilters& stages = context_.stages;
  const double departure_s = stages.departure.time().mean_s;
  const double out_s = departure_s + times.out_s;
  const UtcTime leaves_at = std::max(*free_at_[drone], after(row.order->ready_at(), -out_s));
  ExpectedPickup found{.drone = &context_.config.drones[drone],
                       .leaves_at = leaves_at,
                       .arrives_at = after(leaves_at, out_s),
                       .behind_others = *free_at_[drone] > context_.now};
  found.late_s = std::max(seconds_between(row.wanted_at, found.arrives_at), 0.0);
  found.occupied_s = out_s + stages.loading.time().mean_s + departure_s + times.deliver_s +
                     stages.release.time().mean_s + departure_s + times.home_s + stages.turnaround.time().mean_s;
  found.cost_s = lateness_cost_s(found.late_s) + kDroneTime * found.occupied_s;
  return found;
}

void FleetOutlook::expect(const Row& row, std::size_t drone, const ExpectedPickup& pickup) {
  expected_.emplace(row.order->order_id, pickup);
  free_at_[drone] = after(std::max(pickup.leaves_at, context_.now), pickup.occupied_s);
}

void FleetOutlook::pair_rows(std::vector<Row>& rows) {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < free_at_.size(); ++i) {
    if (free_at_[i]) columns.push_back(i);
  }
  for (int round = 0; round < kRounds && !rows.empty() && !columns.empty(); ++round) {
    CostMatrix matrix(rows.size(), columns.size(), kForbidden);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      double soonest_late_s = std::numeric_limits<double>::infinity();
      for (std::size_t c = 0; c < columns.size(); ++c) {
        const std::size_t base = base_of_[columns[c]];
        if (!may_take(rows[r], columns[c], base)) continue;
        const ExpectedPickup pickup = pairing(rows[r], columns[c], base);
        soonest_late_s = std::min(soonest_late_s, pickup.late_s);
        matrix.at(r, c) = in_ms(pickup.cost_s);
      }
      if (!std::isfinite(soonest_late_s)) continue;
      // What leaving it over would cost: so the orders that can wait least are not the ones that are left over.
      const std::int64_t deferred = in_ms(lateness_cost_s(soonest_late_s + kDeferred_s));
      for (std::size_t c = 0; c < columns.size(); ++c) {
        if (matrix.at(r, c) != kForbidden) matrix.at(r, c) -= deferred;
      }
    }
    const std::vector<int> chosen = min_cost_matching(matrix);
    std::vector<Row> left;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const int c = chosen[r];
      if (c < 0 || matrix.at(r, static_cast<std::size_t>(c)) == kForbidden) {
        left.push_back(rows[r]);
        continue;
      }
      const std::size_t drone = columns[static_cast<std::size_t>(c)];
      ExpectedPickup pickup = pairing(rows[r], drone, base_of_[drone]);
      std::int64_t second = kForbidden;
      for (std::size_t other = 0; other < columns.size(); ++other) {
        if (other == static_cast<std::size_t>(c) || matrix.at(r, other) >= second) continue;
        second = matrix.at(r, other);
        pickup.runner_up = &context_.config.drones[columns[other]];
      }
      if (pickup.runner_up != nullptr) {
        pickup.runner_up_cost_s =
            pickup.cost_s + static_cast<double>(second - matrix.at(r, static_cast<std::size_t>(c))) / 1000.0;
      }
      expect(rows[r], drone, pickup);
    }
    if (left.size() == rows.size()) break;
    rows = std::move(left);
  }
}

void FleetOutlook::take_turns(const std::vector<Row>& rows) {
  const bool now_or_never = context_.config.assignment == AssignmentPolicy::nearest_idle;
  for (const Row& row : rows) {
    if (expected_.contains(row.order->order_id)) continue;
    std::optional<ExpectedPickup> best;
    std::size_t best_drone = 0;
    for (std::size_t i = 0; i < free_at_.size(); ++i) {
      if (!may_take(row, i, base_of_[i])) continue;
      ExpectedPickup pickup = pairing(row, i, base_of_[i]);
      if (now_or_never) {
        if (*free_at_[i] > context_.now) continue;
        // At once, however long the parcel takes.
        pickup.arrives_at -= pickup.leaves_at - *free_at_[i];
        pickup.leaves_at = *free_at_[i];
      }
      if (!best || pickup.arrives_at < best->arrives_at) {
        best = pickup;
        best_drone = i;
      }
    }
    if (best) expect(row, best_drone, *best);
  }
}

std::vector<ExpectedPickup> FleetOutlook::candidates(const Spot& pickup, const Parcel& parcel, UtcTime ready_at) const {
  std::vector<ExpectedPickup> found;
  const bool far_ahead = ready_at > context_.now + kHorizon;
  const double departure_s = context_.stages.departure.time().mean_s;
  for (const Base& base : context_.sortie_times.bases()) {
    if (refuses_parcel(context_.config.profiles.at(base.profile), parcel)) continue;
    std::optional<std::size_t> soonest;
    for (const std::size_t i : base.drones) {
      if (free_at_[i] && (!soonest || *free_at_[i] < *free_at_[*soonest])) soonest = i;
    }
    if (!soonest) continue;
    const double out_s =
        departure_s + leg_duration_s(context_, {.from = base.home, .to = pickup, .profile = base.profile});
    const UtcTime free_at = far_ahead ? std::min(*free_at_[*soonest], after(ready_at, -out_s)) : *free_at_[*soonest];
    const UtcTime leaves_at = std::max(free_at, after(ready_at, -out_s));
    found.push_back({.drone = &context_.config.drones[*soonest],
                     .leaves_at = leaves_at,
                     .arrives_at = after(leaves_at, out_s),
                     .behind_others = free_at > context_.now});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const ExpectedPickup& a, const ExpectedPickup& b) { return a.arrives_at < b.arrives_at; });
  return found;
}

void FleetOutlook::note_accepted(const std::string& order_id, const ExpectedPickup& pickup, double occupied_s,
                                 UtcTime ready_at) {
  expected_.emplace(order_id, pickup);
  if (ready_at > context_.now + kHorizon) return;
  for (std::size_t i = 0; i < free_at_.size(); ++i) {
    if (&context_.config.drones[i] == pickup.drone) free_at_[i] = after(pickup.leaves_at, occupied_s);
  }
}

}  // namespace swiftlet::dispatch
