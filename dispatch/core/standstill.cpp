#include "dispatch/core/standstill.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>

#include "dispatch/core/fleet_outlook.hpp"
#include "dispatch/core/obstacle.hpp"
#include "dispatch/core/recall.hpp"

namespace swiftlet::dispatch {
namespace {

constexpr auto kEvery = std::chrono::seconds(1);
/// What passes sooner than that is no standstill.
constexpr auto kToldAfter = std::chrono::minutes(1);
/// Gone for so long it counts as gone: refusals come and go as the planner is asked again.
constexpr auto kGoneAfter = std::chrono::minutes(2);
/// The first guess of how long it lasts; doubled each time it is outlasted.
constexpr auto kFirstGuess = std::chrono::minutes(5);
/// Of its patience, how much is left to bring a parcel back whose way home cannot be proven either.
constexpr double kBackShare = 0.25;

bool is_going_back(const Order& order) {
  return order.state == OrderState::returning || order.state == OrderState::diverted;
}

void give_up(CoreContext& context, const Order& order) {
  const Standstill why = *order.standstill;
  const std::string order_id = order.order_id;
  const auto flight = context.state().flights.find(order.flight_id);
  std::string parcel;
  if (flight != context.state().flights.end() && flight->second.loaded) {
    parcel = fmt::format("; drone {} has its parcel", flight->second.drone);
  }
  for (RecordBody& record : give_up_records(context.state(), order, why.cause)) context.commit(std::move(record));
  context.notice(NoticeLevel::alarm, fmt::format("order {} is {}: nothing moved it since {} ({}){}", order_id,
                                                 name(context.state().orders.at(order_id).state),
                                                 format_rfc3339(why.since), why.what, parcel));
}

}  // namespace

UtcTime ends_at(const CoreContext& context, const Order& order) {
  const UtcTime since = order.standstill->since;
  if (is_going_back(order)) {
    return after(std::max(since, order.history.back().at), kBackShare * context.config.patience_s);
  }
  const UtcTime patient = after(since, context.config.patience_s);
  return order.wish.deliver_by ? std::min(patient, std::max(*order.wish.deliver_by, since)) : patient;
}

UtcTime reckoned_end(const CoreContext& context, const Order& order) {
  UtcTime guess = order.standstill->since + kFirstGuess;
  for (auto lasts = kFirstGuess; guess <= context.now; lasts *= 2) guess += lasts;
  return std::max(std::min(guess, ends_at(context, order)), context.now);
}

void StandstillDesk::tick(const FleetOutlook& outlook) {
  if (context_.now < next_at_) return;
  next_at_ = context_.now + kEvery;
  context_.refusals.forget_old(context_.now);
  std::erase_if(seen_, [&](const auto& entry) {
    const auto order = context_.state().orders.find(entry.first);
    return order == context_.state().orders.end() || is_terminal(order->second.state);
  });
  for (const auto& [id, merchant] : context_.state().merchants) {
    // An order that is given up leaves the set.
    for (auto live = merchant.live.begin(); live != merchant.live.end();) {
      const std::uint64_t number = *live;
      look_at(*context_.order(number), outlook);
      live = merchant.live.upper_bound(number);
    }
  }
}

void StandstillDesk::look_at(const Order& order, const FleetOutlook& outlook) {
  const UtcTime now = context_.now;
  const auto obstacle = obstacle_of(context_, outlook, order);
  auto seen = seen_.find(order.order_id);
  if (seen == seen_.end() && order.standstill) {  // from before a restart
    seen = seen_.emplace(order.order_id, Seen{.first = order.standstill->since, .last = now}).first;
  }
  if (!obstacle) {
    if (seen == seen_.end() || now < seen->second.last + kGoneAfter) return;
    seen_.erase(seen);
    if (order.standstill) context_.commit(OrderResumed{.order_id = order.order_id});
    return;
  }
  if (seen == seen_.end()) seen = seen_.emplace(order.order_id, Seen{.first = now, .last = now}).first;
  seen->second.last = now;
  if (now < seen->second.first + kToldAfter) return;
  if (!order.standstill || order.standstill->cause != obstacle->cause) {
    context_.commit(OrderStalled{
        .order_id = order.order_id, .cause = obstacle->cause, .code = obstacle->code, .what = obstacle->what});
  }
  if (now >= ends_at(context_, order)) give_up(context_, order);
}

}  // namespace swiftlet::dispatch
