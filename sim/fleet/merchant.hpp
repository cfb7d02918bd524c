#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "dispatch/core/core.hpp"
#include "sim/fleet/day_clock.hpp"
#include "sim/fleet/fleet_outcome.hpp"

namespace swiftlet::sim {

/// The merchant's side of the day: places the orders when their time has come, says so when a kitchen is late, and
/// notes what it is answered and told. Frames go to the core as text, as on the wire.
class Merchant {
 public:
  Merchant(const Scenario& scenario, const RehearsedDay& day);

  /// What is to be said at this second.
  void speak(const DayClock& clock, dispatch::Core& core, std::vector<OrderOutcome>& orders);
  /// An answer from the core: a promise or a refusal.
  void take_reply(const DayClock& clock, const std::string& frame, std::vector<OrderOutcome>& orders);
  /// The service has lost the requests that it had not answered: they are made again, in the order of the demand.
  void ask_again(const DayClock& clock, dispatch::Core& core);
  /// The ETA frames of this second, line by line. Returns how many of those orders still wait for a drone.
  int take_etas(const DayClock& clock, dispatch::Core& core, std::vector<EtaSample>& etas) const;

  [[nodiscard]] bool awaits_answers() const { return !unanswered_.empty(); }

 private:
  void create(std::size_t order, const DayClock& clock, dispatch::Core& core);
  std::string send(const char* type, const nlohmann::json& body, const DayClock& clock, dispatch::Core& core);

  const Scenario& scenario_;
  const RehearsedDay& day_;
  std::size_t next_order_ = 0;
  std::uint64_t last_request_ = 0;
  std::map<std::string, std::size_t> unanswered_;  ///< order.create by the request's id
  std::multimap<double, std::size_t> to_tell_;     ///< late kitchens, by the second at which they say so
};

}  // namespace swiftlet::sim
