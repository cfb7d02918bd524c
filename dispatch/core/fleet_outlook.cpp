#include "dispatch/core/fleet_outlook.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <queue>

#include "dispatch/core/forecast.hpp"
#include "dispatch/core/sparse_matching.hpp"

namespace swiftlet::dispatch {
namespace {

constexpr std::size_t kMostRows = 2000;
constexpr int kRounds = 3;
/// So many are paired at least total cost, those first that are wanted first; the others, whose turn is minutes away,
/// each at its own least cost on what these leave.
constexpr std::size_t kMostPaired = 80;

/// Lateness weighs its square over this beside itself: a few very late orders are worse than many a little late.
constexpr double kPatience_s = 200.0;
/// What a second of a drone's time is worth against a second of one order's lateness.
constexpr double kDroneTime = 0.6;
/// Left over, an order waits about half a sortie more.
constexpr double kDeferred_s = 240.0;
/// What a second after the promise weighs against a second after readiness: whoever came later and was promised less
/// gives way. Within the slack a promise is as good as kept.
constexpr double kPromise = 3.0;
constexpr double kPromisePatience_s = 60.0;
constexpr double kPromiseSlack_s = 10.0;

/// Until somebody comes for a drone that stands on an order's slot, at the least.
constexpr double kStranded_s = 3600.0;

double lateness_cost_s(double late_s) { return late_s + late_s * late_s / kPatience_s; }

double overdue_cost_s(double overdue_s) {
  const double counted_s = std::max(overdue_s - kPromiseSlack_s, 0.0);
  return kPromise * (counted_s + counted_s * counted_s / kPromisePatience_s);
}

std::int64_t in_ms(double seconds) { return std::llround(std::min(seconds, 5e7) * 1000.0); }

}  // namespace

/// Whom a row may get, cheapest first. Within a base that is who is free first, so only one drone of each base is
/// looked at until that one is taken.
class FleetOutlook::RowCandidates {
 public:
  RowCandidates(const FleetOutlook& outlook, const Row& row) : outlook_(outlook), row_(row) {
    double soonest_s = std::numeric_limits<double>::infinity();
    for (std::size_t base = 0; base < row.by_base->size(); ++base) {
      if (const auto drone = offer(base, 0)) {
        const double free_s = outlook.queues_.free_s(*drone);
        soonest_s = std::min(soonest_s,
                             outlook.leaves_s(row, base, free_s) + outlook.departure_s_ + (*row.by_base)[base].out_s);
      }
    }
    // What leaving it over would cost: so the orders that can wait least are not the ones that are left over.
    if (std::isfinite(soonest_s)) deferred_ms_ = in_ms(outlook.waiting_cost_s(row, soonest_s + kDeferred_s));
  }

  std::optional<MatchCandidate> next() {
    if (heads_.empty()) return std::nullopt;
    const Head head = heads_.top();
    heads_.pop();
    (void)offer(head.base, head.place + 1);
    return MatchCandidate{.column = head.drone, .cost = head.cost_ms - deferred_ms_};
  }

 private:
  struct Head {
    std::int64_t cost_ms;
    std::size_t drone;
    std::size_t base;
    std::size_t place;
    friend bool operator>(const Head& a, const Head& b) {
      return std::pair(a.cost_ms, a.drone) > std::pair(b.cost_ms, b.drone);
    }
  };

  /// The first drone of the base from that place on that may take the row.
  std::optional<std::size_t> offer(std::size_t base, std::size_t place) {
    const auto& queue = outlook_.queues_.of(base);
    if (!(*row_.by_base)[base].possible) return std::nullopt;
    while (place < queue.size() && !outlook_.may_take(row_, queue[place], base)) ++place;
    if (place >= queue.size()) return std::nullopt;
    const std::size_t drone = queue[place];
    heads_.push({.cost_ms = in_ms(outlook_.cost_s(row_, base, outlook_.queues_.free_s(drone))),
                 .drone = drone,
                 .base = base,
                 .place = place});
    return drone;
  }

  const FleetOutlook& outlook_;
  const Row& row_;
  std::int64_t deferred_ms_ = 0;
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heads_;
};

std::vector<const Order*> waiting_orders(const DispatchState& state, const OrderTable& table, UtcTime ready_until) {
  std::vector<const Order*> by_age;
  for (const auto& [ready_at, number] : state.waiting) {
    if (ready_at > ready_until) break;
    by_age.push_back(table.find(number));
  }
  std::sort(by_age.begin(), by_age.end(), [](const Order* a, const Order* b) { return a->number < b->number; });
  std::unordered_map<std::string_view, std::vector<const Order*>> by_merchant;
  for (const Order* order : by_age) by_merchant[order->merchant].push_back(order);
  for (auto& [merchant, orders] : by_merchant) {
    std::stable_sort(orders.begin(), orders.end(),
                     [](const Order* a, const Order* b) { return a->priority > b->priority; });
    std::reverse(orders.begin(), orders.end());
  }
  std::vector<const Order*> sequence;
  for (const Order* place : by_age) {
    auto& own = by_merchant[place->merchant];
    sequence.push_back(own.back());
    own.pop_back();
  }
  return sequence;
}

FleetOutlook::FleetOutlook(CoreContext& context)
    : context_(context),
      drawn_at_(context.now),
      departure_s_(context.stages.departure.time().mean_s),
      between_legs_s_(2.0 * departure_s_ + context.stages.loading.time().mean_s + context.stages.release.time().mean_s +
                      context.stages.turnaround.time().mean_s),
      pads_(context.index),
      queues_(context.sortie_times.bases(), free_times_s()),
      aboard_wh_(context.config.drones.size(), std::numeric_limits<double>::infinity()) {
  for (std::size_t i = 0; i < aboard_wh_.size(); ++i) {
    if (!queues_.in_service(i) || queues_.free_s(i) > 0.0) continue;
    const RegisteredDrone& drone = context.config.drones[i];
    const DroneLive* live = context.drones.live(i);
    if (live == nullptr || live->battery_wh <= 0.0) continue;
    aboard_wh_[i] = live->battery_wh - context.config.policy.energy_reserve_fraction *
                                           context.config.profiles.at(drone.profile).battery_wh;
  }
  std::vector<Row> rows = rows_within_horizon();
  context.sortie_times.keep_only(waiting_);
  if (context.config.assignment == AssignmentPolicy::optimal) pair_rows(rows);
  take_turns(rows);
  take_open_dropoffs();
  queue_at_pads();
}

std::vector<std::optional<double>> FleetOutlook::free_times_s() {
  std::vector<std::optional<double>> free_s(context_.config.drones.size());
  const auto note_visit = [&](const SlotVisit& visit) {
    if (visit.is_taken) {
      pads_.hold(*visit.spot, visit.until_s);
    } else {
      open_dropoffs_.push_back(visit);
    }
  };
  for (std::size_t i = 0; i < free_s.size(); ++i) {
    const UtcTime free_at = expected_free_at(context_, i, note_visit);
    const Flight* flight = context_.drones.flight(i);
    const bool stuck = flight != nullptr && context_.refusals.of_flight(flight->flight_id) != nullptr;
    if (context_.in_service(i) && !stuck) free_s[i] = std::max(seconds_between(context_.now, free_at), 0.0);
    if (const auto& stranded_on = context_.drones.ledger(i).stranded_on) pads_.hold(*stranded_on, kStranded_s);
  }
  return free_s;
}

const ExpectedPickup* FleetOutlook::expected(std::uint64_t order_number) const {
  const auto found = expected_.find(order_number);
  return found == expected_.end() ? nullptr : &found->second;
}

std::vector<FleetOutlook::Row> FleetOutlook::rows_within_horizon() {
  std::vector<Row> rows;
  std::unordered_map<std::string_view, std::vector<double>> places;  // of each merchant's own orders, the earliest last
  const auto& closed = context_.state().gates.closed_pads;
  for (const Order* order : waiting_orders(context_.state(), context_.order_table, context_.now + kHorizon)) {
    waiting_.push_back(order->number);
    if (rows.size() >= kMostRows) continue;
    if (!closed.empty() && (closed.contains(order->wish.pickup.pad) || closed.contains(order->wish.dropoff.pad)))
      continue;
    const std::vector<SortieTimes>* by_base = context_.sortie_times.kept(order->number, context_.now);
    if (by_base == nullptr) {
      const auto spots = spots_between(context_, order->wish);
      if (!spots) continue;
      by_base = &context_.sortie_times.of(order->number, spots->first, spots->second, order->wish.parcel, context_.legs,
                                          context_.now);
    }
    const double ready_s = seconds_between(context_.now, order->ready_at());
    rows.push_back({.order = order,
                    .place = waiting_.size() - 1,
                    .ready_s = ready_s,
                    .wanted_s = ready_s,
                    // A parcel that is later than it was said to be takes its promise with it.
                    .promised_s = seconds_between(context_.now, order->promise.pickup_eta) +
                                  std::max(seconds_between(order->said_ready_at, order->ready_at()), 0.0),
                    .only_drone = context_.index.number_of(order->only_drone),
                    .not_drone = context_.index.number_of(order->not_drone),
                    .by_base = by_base});
    places[order->merchant].push_back(ready_s);
  }
  for (auto& [merchant, own] : places) std::sort(own.begin(), own.end(), std::greater<>());
  // Rows come by a merchant's priority already. Its most urgent order gets its oldest place, but no order is wanted
  // before its own parcel is ready.
  for (Row& row : rows) {
    auto& own = places[row.order->merchant];
    row.wanted_s = std::max(own.back(), row.ready_s);
    own.pop_back();
  }
  return rows;
}

bool FleetOutlook::may_take(const Row& row, std::size_t drone, std::size_t base) const {
  if (row.only_drone && *row.only_drone != drone) return false;
  if (row.not_drone && *row.not_drone == drone) return false;
  // Free now: it leaves with what it has, not with a fresh battery.
  return queues_.free_s(drone) > 0.0 || (*row.by_base)[base].energy_wh <= aboard_wh_[drone];
}

double FleetOutlook::leaves_s(const Row& row, std::size_t base, double free_s) const {
  return std::max(free_s, row.ready_s - departure_s_ - (*row.by_base)[base].out_s);
}

double FleetOutlook::waiting_cost_s(const Row& row, double arrives_s) const {
  return lateness_cost_s(std::max(arrives_s - row.wanted_s, 0.0)) +
         overdue_cost_s(std::max(arrives_s - row.promised_s, 0.0));
}

double FleetOutlook::cost_s(const Row& row, std::size_t base, double free_s) const {
  const SortieTimes& times = (*row.by_base)[base];
  const double out_s = departure_s_ + times.out_s;
  const double occupied_s = out_s + times.deliver_s + times.home_s + between_legs_s_;
  return waiting_cost_s(row, leaves_s(row, base, free_s) + out_s) + kDroneTime * occupied_s;
}

std::optional<std::size_t> FleetOutlook::first_of(const Row& row, std::size_t base) const {
  if (!(*row.by_base)[base].possible) return std::nullopt;
  const auto& queue = queues_.of(base);
  const auto first =
      std::find_if(queue.begin(), queue.end(), [&](std::size_t drone) { return may_take(row, drone, base); });
  return first == queue.end() ? std::nullopt : std::optional(*first);
}

std::optional<std::size_t> FleetOutlook::cheapest(const Row& row) const {
  std::optional<std::size_t> best;
  std::int64_t best_ms = 0;
  for (std::size_t base = 0; base < row.by_base->size(); ++base) {
    const auto drone = first_of(row, base);
    if (!drone) continue;
    const std::int64_t cost_ms = in_ms(cost_s(row, base, queues_.free_s(*drone)));
    if (!best || std::pair(cost_ms, *drone) < std::pair(best_ms, *best)) {
      best = drone;
      best_ms = cost_ms;
    }
  }
  return best;
}

ExpectedPickup FleetOutlook::pairing(const Row& row, std::size_t drone) const {
  const std::size_t base = queues_.base_of(drone);
  const SortieTimes& times = (*row.by_base)[base];
  const double free_s = queues_.free_s(drone);
  const double leaves = leaves_s(row, base, free_s);
  const double out_s = departure_s_ + times.out_s;
  return {.drone = &context_.config.drones[drone],
          .leaves_at = at(leaves),
          .arrives_at = at(leaves + out_s),
          .behind_others = free_s > 0.0,
          .late_s = std::max(leaves + out_s - row.wanted_s, 0.0),
          .overdue_s = std::max(leaves + out_s - row.promised_s, 0.0),
          .occupied_s = out_s + times.deliver_s + times.home_s + between_legs_s_,
          .cost_s = cost_s(row, base, free_s)};
}

void FleetOutlook::expect(const Row& row, std::size_t drone, const ExpectedPickup& pickup) {
  expected_.emplace(row.order->number, pickup);
  const SortieTimes& times = (*row.by_base)[queues_.base_of(drone)];
  turns_.push_back({.order = row.order,
                    .place = row.place,
                    .leaves_s = std::max(seconds_between(drawn_at_, pickup.leaves_at), 0.0),
                    .out_s = times.out_s,
                    .deliver_s = times.deliver_s});
  queues_.set_free(drone, std::max(seconds_between(drawn_at_, pickup.leaves_at), 0.0) + pickup.occupied_s);
}

void FleetOutlook::pair_rows(std::vector<Row>& rows) {
  std::vector<Row> later;
  if (rows.size() > kMostPaired) {
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.wanted_s < b.wanted_s; });
    later.assign(rows.begin() + kMostPaired, rows.end());
    rows.resize(kMostPaired);
  }
  for (int round = 0; round < kRounds && !rows.empty(); ++round) {
    std::vector<RowCandidates> candidates;
    candidates.reserve(rows.size());
    for (const Row& row : rows) candidates.emplace_back(*this, row);
    const SparseMatching matching = sparse_matching(rows.size(), context_.config.drones.size(),
                                                    [&](std::size_t row) { return candidates[row].next(); });
    std::vector<std::pair<std::size_t, ExpectedPickup>> chosen;
    std::vector<Row> left;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const auto drone = matching.column_of[r];
      if (!drone) {
        left.push_back(rows[r]);
        continue;
      }
      ExpectedPickup pickup = pairing(rows[r], *drone);
      auto looked_at = matching.looked_at[r];
      if (looked_at.size() == 1) {
        if (const auto more = candidates[r].next()) looked_at.push_back(*more);
      }
      const auto other = std::find_if(looked_at.begin(), looked_at.end(),
                                      [&](const MatchCandidate& one) { return one.column != *drone; });
      if (other != looked_at.end()) {
        pickup.runner_up = &context_.config.drones[other->column];
        pickup.runner_up_cost_s = cost_s(rows[r], queues_.base_of(other->column), queues_.free_s(other->column));
      }
      chosen.emplace_back(r, pickup);
    }
    for (const auto& [r, pickup] : chosen) expect(rows[r], *matching.column_of[r], pickup);
    const bool stuck = left.size() == rows.size();
    rows = std::move(left);
    if (stuck) break;
  }
  for (const Row& row : later) {
    if (const auto best = cheapest(row)) {
      expect(row, *best, pairing(row, *best));
    } else {
      rows.push_back(row);
    }
  }
}

void FleetOutlook::take_idle(const Row& row) {
  std::optional<std::size_t> nearest;
  double nearest_s = 0.0;
  for (std::size_t base = 0; base < row.by_base->size(); ++base) {
    if (!(*row.by_base)[base].possible) continue;
    for (const std::size_t drone : queues_.of(base)) {
      if (queues_.free_s(drone) > 0.0) break;
      if (!may_take(row, drone, base)) continue;
      const double out_s = (*row.by_base)[base].out_s;
      if (!nearest || std::pair(out_s, drone) < std::pair(nearest_s, *nearest)) {
        nearest = drone;
        nearest_s = out_s;
      }
    }
  }
  if (!nearest) return;
  ExpectedPickup pickup = pairing(row, *nearest);
  // At once, however long the parcel takes.
  pickup.leaves_at = drawn_at_;
  pickup.arrives_at = at(departure_s_ + nearest_s);
  expect(row, *nearest, pickup);
}

void FleetOutlook::take_turns(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    if (expected_.contains(row.order->number)) continue;
    if (context_.config.assignment == AssignmentPolicy::nearest_idle) {
      take_idle(row);
      continue;
    }
    std::optional<std::size_t> best;
    double best_s = 0.0;
    for (std::size_t base = 0; base < row.by_base->size(); ++base) {
      const auto first = first_of(row, base);
      if (!first) continue;
      const double arrives_s = leaves_s(row, base, queues_.free_s(*first)) + departure_s_ + (*row.by_base)[base].out_s;
      if (!best || std::pair(arrives_s, *first) < std::pair(best_s, *best)) {
        best = *first;
        best_s = arrives_s;
      }
    }
    if (best) expect(row, *best, pairing(row, *best));
  }
}

std::vector<ExpectedPickup> FleetOutlook::candidates(const Spot& pickup, const Parcel& parcel, UtcTime ready_at) const {
  std::vector<ExpectedPickup> found;
  const bool far_ahead = ready_at > context_.now + kHorizon;
  const auto& bases = context_.sortie_times.bases();
  for (std::size_t b = 0; b < bases.size(); ++b) {
    if (queues_.of(b).empty() || refuses_parcel(context_.config.profiles.at(bases[b].profile), parcel)) continue;
    const std::size_t soonest = queues_.of(b).front();
    const UtcTime free_then = std::max(at(queues_.free_s(soonest)), context_.now);
    const double out_s =
        departure_s_ + leg_duration_s(context_, {.from = bases[b].home, .to = pickup, .profile = bases[b].profile});
    const UtcTime free_at = far_ahead ? std::min(free_then, after(ready_at, -out_s)) : free_then;
    const UtcTime leaves_at = std::max(free_at, after(ready_at, -out_s));
    found.push_back({.drone = &context_.config.drones[soonest],
                     .leaves_at = leaves_at,
                     .arrives_at = after(leaves_at, out_s),
                     // What a queue that is gone by then would add to it, nobody knows.
                     .behind_others = !far_ahead && free_at > context_.now});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const ExpectedPickup& a, const ExpectedPickup& b) { return a.arrives_at < b.arrives_at; });
  return found;
}

}  // namespace swiftlet::dispatch
