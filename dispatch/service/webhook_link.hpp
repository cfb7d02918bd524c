#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dispatch/core/state.hpp"
#include "dispatch/gateway/merchants_picture.hpp"
#include "dispatch/service/log.hpp"
#include "dispatch/store/webhook_cursor.hpp"
#include "dispatch/webhooks/webhook_sender.hpp"

namespace swiftlet::dispatch {

/// Brings merchants' events to their webhooks, in the order of `seq` and without a gap: the next one leaves only when
/// it is on disk that the one before was taken. Called by the service's loop, on its thread.
class WebhookLink {
 public:
  /// `kept`: how far each merchant has been told before. One who is new begins with what happens from now on.
  WebhookLink(const std::vector<WebhookEndpoint>& endpoints, const std::map<std::string, std::uint64_t>& kept,
              const DispatchState& state, WebhookSender& sender, const Log& log);

  /// How far merchants have been told since the last call: to be written down before anything else leaves.
  [[nodiscard]] std::vector<WebhookCursor> take_moved();
  /// Sends each merchant its next event, if the one before has been taken.
  void send(const DispatchState& state);
  /// How it stands, for operators.
  [[nodiscard]] std::vector<WebhookPicture> picture(const DispatchState& state) const;

 private:
  struct Line {
    std::uint64_t told = 0;       ///< the last event that was taken
    std::uint64_t under_way = 0;  ///< 0: none
    std::uint64_t failures = 0;
    std::string failure = {};  ///< of the last attempt; empty: it went well
    std::chrono::steady_clock::time_point failing_since = {};
  };
  void note(const WebhookReport& report, Line& line);
  void skip_forgotten(const std::string& merchant, const MerchantLedger& ledger, Line& line);

  WebhookSender& sender_;
  const Log& log_;
  std::map<std::string, Line> lines_;
  std::vector<WebhookCursor> moved_;
};

}  // namespace swiftlet::dispatch
