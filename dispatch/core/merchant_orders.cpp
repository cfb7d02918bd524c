// What of the merchants' desk has to do with quotes and orders.
#include <fmt/core.h>

#include "dispatch/core/merchant_desk.hpp"
#include "dispatch/core/offer.hpp"
#include "dispatch/core/order_json.hpp"
#include "geo/content_hash.hpp"

namespace swiftlet::dispatch {
namespace {

using nlohmann::json;

constexpr auto kQuoteValid = std::chrono::minutes(5);

/// Refusals that are an answer to "can you?", as against a question that makes no sense.
bool is_reason(ErrorCode code) {
  using enum ErrorCode;
  switch (code) {
    case out_of_region:
    case unreachable:
    case no_fly_zone:
    case payload_too_heavy:
    case payload_too_large:
    case pad_closed:
    case pad_full:
    case no_drone_in_time:
    case weather_hold:
    case merchant_paused:
      return true;
    default:
      return false;
  }
}

const Error kDraining{.code = ErrorCode::draining, .message = "the service is stopping and takes no new orders"};

json created_view(const Order& order) {
  json body = promise_view(order.promise);
  body["order_id"] = order.order_id;
  body["state"] = name(OrderState::accepted);
  return body;
}

/// What may keep a quote from being used for this order.
std::optional<Error> check_quote(const CoreContext& context, const std::string& merchant,
                                 const CreateOrderRequest& request) {
  if (!request.quote_id) return std::nullopt;
  const auto refused = [](ErrorCode code, std::string text) {
    return Error{.code = code, .message = std::move(text), .where = "quote_id"};
  };
  const auto found = context.state().quotes.find(*request.quote_id);
  if (found == context.state().quotes.end() || found->second.merchant != merchant) {
    return refused(ErrorCode::not_found, "no such quote");
  }
  const Quote& quote = found->second;
  if (!quote.used_by.empty()) return refused(ErrorCode::quote_used, "has become an order already");
  if (quote.expires_at < context.now) {
    return refused(ErrorCode::quote_expired, "expired at " + format_rfc3339(quote.expires_at));
  }
  if (!(quote.wish.pickup == request.wish.pickup) || !(quote.wish.dropoff == request.wish.dropoff) ||
      !(quote.wish.parcel == request.wish.parcel)) {
    return refused(ErrorCode::conflict, "was given for another pick-up, drop-off or parcel");
  }
  return std::nullopt;
}

}  // namespace

void MerchantDesk::handle(const MerchantPeer& peer, const std::string& re, const QuoteRequest& request) {
  if (context_.draining) return refuse(peer, re, kDraining);
  if (auto waits_for = try_quote(peer, re, request); !waits_for.empty()) park(peer, re, request, std::move(waits_for));
}

std::vector<NumberedLeg> MerchantDesk::try_quote(const MerchantPeer& peer, const std::string& re,
                                                 const QuoteRequest& request) {
  OfferAnswer answer{.offer = {}, .refusal = check_gates(context_, peer.merchant)};
  if (!answer.refusal) answer = make_offer(context_, outlook(), request.wish);
  if (!answer.settled()) return std::move(answer.waits_for);
  if (answer.refusal) {
    const Error& why = *answer.refusal;
    if (!is_reason(why.code)) {
      refuse(peer, re, why);
    } else {
      reply(peer, re, {{"serviceable", false}, {"reason", {{"code", name(why.code)}, {"message", why.message}}}});
    }
    return {};
  }
  const Quote quote{.quote_id = fmt::format("Q{:06}", context_.state().last_quote_number + 1),
                    .merchant = peer.merchant,
                    .wish = request.wish,
                    .promise = answer.offer->promise,
                    .fee = answer.offer->fee,
                    .expires_at = context_.now + kQuoteValid,
                    .used_by = {}};
  context_.commit(QuoteIssued{.quote = quote});
  json body = promise_view(quote.promise);
  body.update({{"quote_id", quote.quote_id},
               {"serviceable", true},
               {"expires_at", format_rfc3339(quote.expires_at)},
               {"fee", {{"amount_minor", quote.fee.amount_minor}, {"currency", quote.fee.currency}}}});
  reply(peer, re, std::move(body));
  return {};
}

void MerchantDesk::handle(const MerchantPeer& peer, const std::string& re, const CreateOrderRequest& request) {
  if (auto waits_for = try_create(peer, re, request); !waits_for.empty()) {
    park(peer, re, request, std::move(waits_for));
  }
}

std::vector<NumberedLeg> MerchantDesk::try_create(const MerchantPeer& peer, const std::string& re,
                                                  const CreateOrderRequest& request) {
  const auto ledger = context_.state().merchants.find(peer.merchant);
  if (ledger != context_.state().merchants.end()) {
    const auto known = ledger->second.order_by_client_id.find(request.client_order_id);
    if (known != ledger->second.order_by_client_id.end()) {
      const Order& order = context_.state().orders.at(known->second);
      if (order.request_hash == content_hash(to_json(request).dump())) {
        reply(peer, re, created_view(order));
      } else {
        refuse(peer, re,
               Error{.code = ErrorCode::conflict,
                     .message = "this client_order_id names an order with another body",
                     .where = "client_order_id"});
      }
      return {};
    }
  }
  if (context_.draining) {
    refuse(peer, re, kDraining);
    return {};
  }
  if (const auto error = check_quote(context_, peer.merchant, request)) {
    refuse(peer, re, *error);
    return {};
  }
  OfferAnswer answer{.offer = {}, .refusal = check_gates(context_, peer.merchant)};
  if (!answer.refusal) answer = make_offer(context_, outlook(), request.wish);
  if (!answer.settled()) return std::move(answer.waits_for);
  if (answer.refusal) {
    refuse(peer, re, *answer.refusal);
  } else {
    accept(peer, re, request, *answer.offer);
  }
  return {};
}

void MerchantDesk::accept(const MerchantPeer& peer, const std::string& re, const CreateOrderRequest& request,
                          const Offer& offer) {
  const std::string order_id = fmt::format("O{:06}", context_.state().last_order_number + 1);
  context_.commit(
      OrderAccepted{.order_id = order_id,
                    .merchant = peer.merchant,
                    .client_order_id = request.client_order_id,
                    .request_hash = content_hash(to_json(request).dump()),
                    .quote_id = request.quote_id.value_or(""),
                    .wish = request.wish,
                    .priority = request.priority,
                    .promise = offer.promise,
                    .fee = request.quote_id ? context_.state().quotes.at(*request.quote_id).fee : offer.fee});
  const Order& order = context_.state().orders.at(order_id);
  outlook().note_accepted(order, offer.pickup, offer.occupied_s);
  if (!request.note.empty()) context_.effects.notes.push_back({.order_id = order_id, .note = request.note});
  reply(peer, re, created_view(order));
}

void MerchantDesk::handle(const MerchantPeer& peer, const std::string& re, const OrderReadyRequest& request) {
  const Order* order = context_.state().find_order(peer.merchant, request.order_id);
  if (order == nullptr) {
    return refuse(peer, re, Error{.code = ErrorCode::not_found, .message = "no such order", .where = "order_id"});
  }
  if (order->wish.ready_at != request.ready_at) {
    const auto flight = context_.state().flights.find(order->flight_id);
    const bool aboard = flight != context_.state().flights.end() && flight->second.loaded;
    if (is_terminal(order->state) || aboard || order->state == OrderState::returning) {
      return refuse(peer, re,
                    Error{.code = ErrorCode::too_late,
                          .message = "the order is " + std::string(name(order->state)),
                          .where = "order_id"});
    }
    if (request.ready_at > context_.now + kFarthestAhead) {
      return refuse(peer, re,
                    Error{.code = ErrorCode::time_invalid, .message = "more than 30 days ahead", .where = "ready_at"});
    }
    if (order->wish.deliver_by && request.ready_at >= *order->wish.deliver_by) {
      return refuse(peer, re,
                    Error{.code = ErrorCode::time_invalid,
                          .message = "not before deliver_by, " + format_rfc3339(*order->wish.deliver_by),
                          .where = "ready_at"});
    }
    context_.commit(ReadinessChanged{.order_id = order->order_id, .ready_at = request.ready_at});
  }
  reply(peer, re, order_view(*order, forecast(context_, outlook(), *order)));
}

void MerchantDesk::handle(const MerchantPeer& peer, const std::string& re, const OrderCancelRequest& request) {
  const Order* order = context_.state().find_order(peer.merchant, request.order_id);
  if (order == nullptr) {
    return refuse(peer, re, Error{.code = ErrorCode::not_found, .message = "no such order", .where = "order_id"});
  }
  auto records = records_to_cancel_now(context_, *order, request.reason);
  if (!records) return refuse(peer, re, std::move(records.error()));
  for (RecordBody& record : *records) context_.commit(std::move(record));
  reply(peer, re, {{"order_id", order->order_id}, {"state", name(order->state)}});
}

}  // namespace swiftlet::dispatch
