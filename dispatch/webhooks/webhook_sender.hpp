#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dispatch/webhooks/webhook_endpoint.hpp"

namespace swiftlet::dispatch {

struct WebhookPatience {
  std::chrono::duration<double> attempt{10.0};     ///< for connection, request and the answer's first line
  std::chrono::duration<double> first_pause{1.0};  ///< after a failed attempt; doubled after each further one
  std::chrono::duration<double> longest_pause{300.0};
};

/// The pause after the n-th failed attempt in a row (from 1 on). `jitter` in [0, 1) takes up to half of it away, so
/// that those who failed together do not come again together.
[[nodiscard]] std::chrono::duration<double> pause_after(const WebhookPatience& patience, int failures, double jitter);

/// How an attempt went.
struct WebhookReport {
  std::string merchant = {};
  std::uint64_t seq = 0;
  std::string failure = {};  ///< empty: delivered; else why not, and it will be tried again
};

/// Delivers events, one at a time for each merchant, from a thread of its own: an endpoint that is slow or dead keeps
/// nobody but its own merchant waiting. Delivered is what was answered 2xx; anything else is tried again until it is or
/// is called back. Redirects are not followed; certificates are verified.
class WebhookSender {
 public:
  /// `on_report` is called from the sender's thread after each attempt.
  WebhookSender(std::vector<WebhookEndpoint> endpoints, const WebhookPatience& patience,
                std::function<void()> on_report);
  /// Attempts under way are broken off.
  ~WebhookSender();
  WebhookSender(const WebhookSender&) = delete;
  WebhookSender& operator=(const WebhookSender&) = delete;

  // Safe from any thread.
  /// Precondition: the merchant has an endpoint, and nothing else is being delivered to it.
  void deliver(const std::string& merchant, std::uint64_t seq, std::string body);
  /// Nothing more is tried for that merchant; a report of it may still come.
  void call_back(const std::string& merchant);
  [[nodiscard]] std::vector<WebhookReport> take_reports();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace swiftlet::dispatch
