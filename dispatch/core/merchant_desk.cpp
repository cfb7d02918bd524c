#include "dispatch/core/merchant_desk.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "dispatch/core/offer.hpp"
#include "dispatch/core/order_json.hpp"
#include "dispatch/protocol/history_gone.hpp"

namespace swiftlet::dispatch {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxParked = 2000;
constexpr double kPatience_wall_s = 15.0;
constexpr double kLeastBetweenOutlooks_wall_s = 0.2;
constexpr std::size_t kFewWaiting = 64;
constexpr std::string_view kApi = "swiftlet.dispatch/1";

/// A page stops short of the frame's limit; the envelope and the cursor need a little too.
constexpr std::size_t kPageBytes = 60 * 1024;

}  // namespace

void MerchantDesk::on_frame(const MerchantPeer& peer, std::string_view frame) {
  const bool within_limit = take_token(peer.merchant);
  const auto envelope = parse_envelope(frame, IdRule::required);
  if (!within_limit) return refuse_for_now(peer, envelope ? std::optional(envelope->id) : envelope.error().re);
  if (!envelope) return refuse(peer, envelope.error().re, envelope.error().error);
  const auto request = parse_merchant_request(envelope->type, envelope->body);
  if (!request) return refuse(peer, envelope->id, request.error());
  answer(peer, envelope->id, *request);
}

void MerchantDesk::answer(const MerchantPeer& peer, const std::string& re, const MerchantRequest& request) {
  std::visit([&](const auto& value) { handle(peer, re, value); }, request);
}

void MerchantDesk::on_legs_known() {
  std::deque<Parked> waiting;
  waiting.swap(parked_);
  for (Parked& parked : waiting) {
    const bool still_waits = std::any_of(parked.waits_for.begin(), parked.waits_for.end(),
                                         [&](const NumberedLeg& leg) { return context_.legs.is_open(leg); });
    if (!still_waits) {
      const auto* quote = std::get_if<QuoteRequest>(&parked.request);
      parked.waits_for = quote != nullptr
                             ? try_quote(parked.peer, parked.re, *quote)
                             : try_create(parked.peer, parked.re, std::get<CreateOrderRequest>(parked.request));
      if (parked.waits_for.empty()) continue;
    }
    parked_.push_back(std::move(parked));
  }
}

void MerchantDesk::tick() {
  while (!parked_.empty() && parked_.front().give_up_at <= context_.now) {
    refuse(parked_.front().peer, parked_.front().re,
           Error{.code = ErrorCode::overloaded, .message = "the planner did not answer in time"});
    parked_.pop_front();
  }
}

FleetOutlook& MerchantDesk::outlook() {
  const bool aged = context_.now >= outlook_at_ + context_.fleet.wall(1.0);
  // Where much waits, drawing it takes a while: then not after each decision.
  const bool may_draw = context_.state().waiting.size() <= kFewWaiting ||
                        context_.now >= outlook_at_ + context_.fleet.wall(kLeastBetweenOutlooks_wall_s);
  const bool outdated = outlook_version_ != context_.ledger.version() && may_draw;
  if (!outlook_ || aged || outdated) {
    outlook_ = std::make_unique<FleetOutlook>(context_);
    outlook_version_ = context_.ledger.version();
    outlook_at_ = context_.now;
  }
  return *outlook_;
}

void MerchantDesk::refuse_for_now(const MerchantPeer& peer, const std::optional<std::string>& re) {
  const double rate_per_s = context_.config.limit_of(peer.merchant).rate_per_s;
  const Error error{.code = ErrorCode::rate_limited,
                    .message = fmt::format("at most {} requests a second", rate_per_s)};
  const double wait_s = std::max(std::ceil(10.0 / rate_per_s) / 10.0, 0.1);
  context_.effects.to_merchants.push_back({peer.connection, error_reply(re, error, wait_s)});
}

bool MerchantDesk::take_token(const std::string& merchant) {
  const RateLimit limit = context_.config.limit_of(merchant);
  const auto [entry, is_new] =
      buckets_.try_emplace(merchant, TokenBucket{.tokens = limit.burst, .filled_at = context_.now});
  TokenBucket& bucket = entry->second;
  const double wall_s = seconds_between(bucket.filled_at, context_.now) / context_.config.speed;
  bucket.tokens = std::min(bucket.tokens + wall_s * limit.rate_per_s, limit.burst);
  bucket.filled_at = context_.now;
  if (bucket.tokens < 1.0) return false;
  bucket.tokens -= 1.0;
  return true;
}

void MerchantDesk::reply(const MerchantPeer& peer, const std::string& re, json body) {
  context_.effects.to_merchants.push_back({peer.connection, ok_reply(re, std::move(body))});
}

void MerchantDesk::refuse(const MerchantPeer& peer, const std::optional<std::string>& re, const Error& error) {
  context_.effects.to_merchants.push_back({peer.connection, error_reply(re, error)});
}

void MerchantDesk::handle(const MerchantPeer& peer, const std::string& re, const HelloRequest&) {
  reply(peer, re,
        {{"merchant", peer.merchant},
         {"server", context_.config.server},
         {"api", kApi},
         {"time", format_rfc3339(context_.now)},
         {"speed", context_.config.speed}});
}

void MerchantDesk::handle(const MerchantPeer& peer, const std::string& re, const PadsListRequest& request) {
  json pads = json::array();
  std::size_t next = request.after;
  const auto& all = context_.config.pads;
  std::size_t bytes = 0;
  for (; next < all.size() && pads.size() < request.limit; ++next) {
    const geo::Pad& pad = all[next];
    json line{{"id", pad.id},
              {"name", pad.name},
              {"kind", geo::name(pad.kind)},
              {"lon", pad.slots.front().lon_deg},
              {"lat", pad.slots.front().lat_deg},
              {"open", !context_.state().gates.closed_pads.contains(pad.id)},
              {"slots", pad.slots.size()}};
    bytes += line.dump(-1, ' ', false, json::error_handler_t::replace).size() + 1;
    if (bytes > kPageBytes) break;
    pads.push_back(std::move(line));
  }
  reply(peer, re, {{"pads", pads}, {"next_cursor", next < all.size() ? json(std::to_string(next)) : json(nullptr)}});
}

void MerchantDesk::handle(const MerchantPeer& peer, const std::string& re, const OrderGetRequest& request) {
  std::string order_id = request.order_id;
  if (order_id.empty()) {
    const auto ledger = context_.state().merchants.find(peer.merchant);
    if (ledger != context_.state().merchants.end()) {
      const auto found = ledger->second.order_by_client_id.find(request.client_order_id);
      if (found != ledger->second.order_by_client_id.end()) order_id = found->second;
    }
  }
  const Order* order = context_.state().find_order(peer.merchant, order_id);
  if (order == nullptr) {
    return refuse(peer, re, Error{.code = ErrorCode::not_found, .message = "no such order", .where = "order_id"});
  }
  reply(peer, re, order_view(*order, forecast(context_, outlook(), *order)));
}

void MerchantDesk::handle(const MerchantPeer& peer, const std::string& re, const OrderListRequest& request) {
  json orders = json::array();
  json cursor = nullptr;
  std::uint64_t last = request.after;
  std::size_t bytes = 0;
  const auto& numbers = context_.state().order_by_number;
  for (auto entry = numbers.upper_bound(request.after); entry != numbers.end(); ++entry) {
    const Order& order = context_.state().orders.at(entry->second);
    const bool wanted_state = request.states.empty() || std::find(request.states.begin(), request.states.end(),
                                                                  order.state) != request.states.end();
    if (order.merchant != peer.merchant || !wanted_state || (request.from && order.created_at() < *request.from) ||
        (request.to && order.created_at() > *request.to)) {
      continue;
    }
    json view = order_view(order, forecast(context_, outlook(), order));
    bytes += view.dump(-1, ' ', false, json::error_handler_t::replace).size() + 1;
    if (orders.size() == request.limit || bytes > kPageBytes) {
      cursor = std::to_string(last);
      break;
    }
    last = entry->first;
    orders.push_back(std::move(view));
  }
  reply(peer, re, {{"orders", orders}, {"next_cursor", cursor}});
}

void MerchantDesk::handle(const MerchantPeer& peer, const std::string& re, const SubscribeRequest& request) {
  const auto found = context_.state().merchants.find(peer.merchant);
  const std::uint64_t last = found == context_.state().merchants.end() ? 0 : found->second.last_seq;
  const std::uint64_t oldest = found == context_.state().merchants.end() || found->second.events.empty()
                                   ? last + 1
                                   : found->second.events.front().seq;
  const std::uint64_t from = request.from_seq.value_or(last + 1);
  if (from > last + 1) {
    return refuse(peer, re,
                  Error{.code = ErrorCode::bad_request,
                        .message = fmt::format("there is no such event yet; the last one is {}", last),
                        .where = "from_seq"});
  }
  if (from < oldest) {
    context_.effects.to_merchants.push_back({peer.connection, history_gone_reply(re, oldest)});
    return;
  }
  reply(peer, re, {{"seq", last}});
  context_.effects.subscriptions.push_back(
      {.connection = peer.connection, .merchant = peer.merchant, .next_seq = from});
}

void MerchantDesk::park(const MerchantPeer& peer, const std::string& re, const MerchantRequest& request,
                        std::vector<NumberedLeg> waits_for) {
  if (parked_.size() >= kMaxParked) {
    return refuse(peer, re, Error{.code = ErrorCode::overloaded, .message = "too many requests wait for the planner"});
  }
  parked_.push_back({.peer = peer,
                     .re = re,
                     .request = request,
                     .waits_for = std::move(waits_for),
                     .give_up_at = context_.now + context_.fleet.wall(kPatience_wall_s)});
}

}  // namespace swiftlet::dispatch
