#include "dispatch/service/webhook_link.hpp"

#include <fmt/core.h>

#include "dispatch/core/order_json.hpp"

namespace swiftlet::dispatch {
namespace {

using Clock = std::chrono::steady_clock;

std::uint64_t last_seq(const DispatchState& state, const std::string& merchant) {
  const auto ledger = state.merchants.find(merchant);
  return ledger == state.merchants.end() ? 0 : ledger->second.last_seq;
}

}  // namespace

WebhookLink::WebhookLink(const std::vector<WebhookEndpoint>& endpoints,
                         const std::map<std::string, std::uint64_t>& kept, const DispatchState& state,
                         WebhookSender& sender, const Log& log)
    : sender_(sender), log_(log) {
  for (const WebhookEndpoint& endpoint : endpoints) {
    const auto found = kept.find(endpoint.merchant);
    const std::uint64_t told = found == kept.end() ? last_seq(state, endpoint.merchant) : found->second;
    lines_.emplace(endpoint.merchant, Line{.told = told});
    if (found == kept.end()) moved_.push_back({.merchant = endpoint.merchant, .seq = told});
  }
}

std::vector<WebhookCursor> WebhookLink::take_moved() {
  for (const WebhookReport& report : sender_.take_reports()) {
    Line& line = lines_.at(report.merchant);
    if (report.seq == line.under_way) note(report, line);
  }
  return std::exchange(moved_, {});
}

void WebhookLink::note(const WebhookReport& report, Line& line) {
  if (!report.failure.empty()) {
    ++line.failures;
    if (line.failure.empty()) line.failing_since = Clock::now();
    if (line.failure != report.failure) {
      log_.write(LogLevel::warn, fmt::format("webhook of {}: event {} was not taken: {}; tried again", report.merchant,
                                             report.seq, report.failure));
    }
    line.failure = report.failure;
    return;
  }
  if (!line.failure.empty())
    log_.write(LogLevel::info, fmt::format("webhook of {}: event {} was taken", report.merchant, report.seq));
  line.failure.clear();
  line.told = report.seq;
  line.under_way = 0;
  moved_.push_back({.merchant = report.merchant, .seq = report.seq});
}

void WebhookLink::skip_forgotten(const std::string& merchant, const MerchantLedger& ledger, Line& line) {
  const std::uint64_t oldest = ledger.events.empty() ? ledger.last_seq + 1 : ledger.events.front().seq;
  if (line.told + 1 >= oldest) return;
  log_.write(LogLevel::error, fmt::format("webhook of {}: events {} to {} were not taken in 30 days and are lost",
                                          merchant, line.told + 1, oldest - 1));
  if (line.under_way != 0) sender_.call_back(merchant);
  line.under_way = 0;
  line.told = oldest - 1;
  moved_.push_back({.merchant = merchant, .seq = line.told});
}

void WebhookLink::send(const DispatchState& state) {
  for (auto& [merchant, line] : lines_) {
    const auto found = state.merchants.find(merchant);
    if (found == state.merchants.end()) continue;
    const MerchantLedger& ledger = found->second;
    skip_forgotten(merchant, ledger, line);
    if (line.under_way != 0 || line.told >= ledger.last_seq) continue;
    line.under_way = line.told + 1;
    sender_.deliver(merchant, line.under_way,
                    event_frame(ledger.events.at(line.under_way - ledger.events.front().seq)));
  }
}

std::vector<WebhookPicture> WebhookLink::picture(const DispatchState& state) const {
  std::vector<WebhookPicture> all;
  for (const auto& [merchant, line] : lines_) {
    const std::uint64_t last = last_seq(state, merchant);
    WebhookPicture seen{.merchant = merchant,
                        .undelivered = last > line.told ? last - line.told : 0,
                        .failures = line.failures,
                        .failure = line.failure};
    if (!line.failure.empty())
      seen.failing_for_s = std::chrono::duration<double>(Clock::now() - line.failing_since).count();
    all.push_back(std::move(seen));
  }
  return all;
}

}  // namespace swiftlet::dispatch
