#pragma once

#include <chrono>
#include <functional>
#include <map>

#include "dispatch/core/core.hpp"
#include "dispatch/gateway/gateway.hpp"
#include "dispatch/service/live_airspace.hpp"
#include "dispatch/service/planner_pool.hpp"
#include "dispatch/service/service_clock.hpp"
#include "dispatch/store/journal.hpp"

namespace swiftlet::dispatch {

/// The service's end of the console: feeds the gateway with pictures of the core, and answers what only the core, the
/// journal or the planner can. Called by the service's loop, on its thread.
class ConsoleLink {
 public:
  struct Parts {
    Core& core;
    Journal& journal;
    PlannerPool& planners;
    const ServiceClock& clock;
    Gateway& gateway;
    LiveAirspace& airspace;
    geo::Policy policy;
    std::string default_vehicle;
    std::function<MerchantsPicture()> merchants;  ///< how the merchants' doors stand
  };
  explicit ConsoleLink(const Parts& parts) : parts_(parts) {}

  /// Once a turn: pictures when they are due (drones four times a second, all of it every second), and the questions.
  void turn(std::chrono::steady_clock::time_point now);
  /// Whether the answer was to a route planned by hand.
  bool take_answer(const PlanAnswer& answer);
  void show(const geo::AirspacePtr& version) { parts_.gateway.set_airspace(version); }
  /// What commands have led to, once the records beside it have been synced.
  void report(const std::vector<OperatorResult>& results);

 private:
  void answer(const GatewayQuestion& question);
  void plan(const GatewayQuestion& question);
  void command(const GatewayQuestion& question);
  void refuse(const GatewayQuestion& question, const Error& error);

  Parts parts_;
  std::chrono::steady_clock::time_point next_picture_;
  int pictures_ = 0;
  std::uint64_t last_job_ = 0;
  std::map<std::uint64_t, std::uint64_t> question_by_job_;
  std::multimap<std::string, std::uint64_t> question_by_command_;
};

}  // namespace swiftlet::dispatch
