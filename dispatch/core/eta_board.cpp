#include "dispatch/core/eta_board.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "dispatch/protocol/envelope.hpp"
#include "dispatch/protocol/strict_json.hpp"

namespace swiftlet::dispatch {
namespace {

using nlohmann::json;

constexpr auto kTold = std::chrono::seconds(2);  // a move by more needs a cause
constexpr std::size_t kPartBytes = 60 * 1024;

double one_decimal(double seconds) { return std::round(seconds * 10.0) / 10.0; }

json line_of(const CoreContext& context, const Order& order, const EtaDistribution& eta) {
  json line{{"order_id", order.order_id},
            {"stage", name(order.state)},
            {"eta", format_rfc3339(eta.eta)},
            {"p05", format_rfc3339(eta.p05)},
            {"p10", format_rfc3339(eta.p10)},
            {"p90", format_rfc3339(eta.p90)},
            {"p95", format_rfc3339(eta.p95)},
            {"remaining_s", one_decimal(std::max(seconds_between(context.now, eta.eta), 0.0))}};
  const DroneLive* live = order.drone.empty() ? nullptr : context.fleet.find(order.drone);
  if (live != nullptr && live->telemetry) {
    line["lon"] = live->telemetry->position.lon_deg;
    line["lat"] = live->telemetry->position.lat_deg;
    line["alt_msl_m"] = live->telemetry->position.alt_msl_m;
  }
  return line;
}

}  // namespace

void EtaBoard::forget_ended(const std::string& merchant, std::size_t live) {
  auto& told = told_[merchant];
  if (told.size() <= 2 * live + 16) return;
  std::erase_if(told, [&](const auto& entry) {
    const auto order = context_.state().orders.find(entry.first);
    return order == context_.state().orders.end() || is_terminal(order->second.state);
  });
}

std::vector<std::string> EtaBoard::frames(const std::string& merchant, const FleetOutlook& outlook) {
  std::vector<json> parts{json::array()};
  std::size_t bytes = 0;
  const auto found = context_.state().merchants.find(merchant);
  static const std::set<std::uint64_t> kNone;
  const std::set<std::uint64_t>& live = found == context_.state().merchants.end() ? kNone : found->second.live;
  forget_ended(merchant, live.size());
  for (const std::uint64_t number : live) {
    const Order& order = *context_.order(number);
    const std::string& order_id = order.order_id;
    const Forecast expected = forecast(context_, outlook, order);
    if (!expected.delivery) continue;
    json line = line_of(context_, order, *expected.delivery);
    auto& told = told_[merchant];
    const auto before = told.find(order_id);
    if (order.standstill) {
      line["cause"] = order.standstill->cause;
    } else if (before != told.end() && std::chrono::abs(expected.delivery->eta - before->second.eta) > kTold) {
      // A parcel that was loaded sooner or later than thought shows only once it is aboard.
      const bool was_loading = before->second.stage == OrderState::loading;
      line["cause"] = before->second.unheard   ? "link"
                      : was_loading            ? "readiness"
                      : expected.cause.empty() ? "traffic"
                                               : expected.cause;
    }
    const bool unheard = !order.flight_id.empty() && context_.fleet.link(order.drone, context_.now) != LinkState::fresh;
    told[order_id] = {.eta = expected.delivery->eta, .stage = order.state, .unheard = unheard};
    bytes += line.dump().size() + 1;
    if (bytes > kPartBytes) {
      parts.emplace_back(json::array());
      bytes = line.dump().size() + 1;
    }
    parts.back().push_back(std::move(line));
  }
  const auto ledger = context_.state().merchants.find(merchant);
  const std::uint64_t last_seq = ledger == context_.state().merchants.end() ? 0 : ledger->second.last_seq;
  std::vector<std::string> frames;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    frames.push_back(to_wire({{"v", kProtocolVersion},
                              {"type", "eta"},
                              {"at", format_rfc3339(context_.now)},
                              {"last_seq", last_seq},
                              {"part", i + 1},
                              {"parts", parts.size()},
                              {"body", {{"orders", std::move(parts[i])}}}}));
  }
  return frames;
}

}  // namespace swiftlet::dispatch
