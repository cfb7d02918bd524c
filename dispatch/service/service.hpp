#pragma once

#include <atomic>
#include <string>

#include "dispatch/service/log.hpp"
#include "dispatch/service/service_config.hpp"
#include "dispatch/service/wake_up.hpp"
#include "geo/error.hpp"

namespace swiftlet::dispatch {

struct ServiceOptions {
  int planner_threads = 1;
  LogLevel log_level = LogLevel::info;
};

/// The dispatch service: one loop that turns messages, plan answers and time into inputs of the core, syncs its
/// records, and only then lets anything leave. Blocks until `stop` is set and `wake_up` signalled, then drains.
/// Whenever `renew` is set it reads the configuration of the webhooks again. Prints the ready line on standard output.
/// Errors: those of the region, the configuration and the store; store_unavailable when a sync fails, after which
/// nothing more is acknowledged.
class Service {
 public:
  Service(ServiceConfig config, ServiceOptions options) : config_(std::move(config)), options_(options) {}

  [[nodiscard]] Expected<void> run(const std::atomic<bool>& stop, std::atomic<bool>& renew, const WakeUp& wake_up);

 private:
  const ServiceConfig config_;
  const ServiceOptions options_;
};

}  // namespace swiftlet::dispatch
