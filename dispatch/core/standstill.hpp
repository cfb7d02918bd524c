#pragma once

#include <map>
#include <optional>
#include <string>

#include "dispatch/core/core_context.hpp"

namespace swiftlet::dispatch {

class FleetOutlook;

/// Sees to it that no order waits for ever in silence. An order that nothing can move (no proven way, closed air, no
/// drone in service) for a minute stands still: its ETA counts with the wait and says why each second, operators see
/// it. It is tried on all the while. One that stands still until ends_at() is given up: what is not aboard yet fails,
/// with its drone free for others; a parcel that is aboard goes back, and fails where even that cannot be done.
class StandstillDesk {
 public:
  explicit StandstillDesk(CoreContext& context) : context_(context) {}

  void tick(const FleetOutlook& outlook);

 private:
  struct Seen {
    UtcTime first;
    UtcTime last;
  };
  void look_at(const Order& order, const FleetOutlook& outlook);

  CoreContext& context_;
  std::map<std::string, Seen> seen_;  ///< by order: for how long something has kept it
  UtcTime next_at_ = {};
};

/// When an order that stands still is given up, if it still does then. Precondition: order.standstill.
[[nodiscard]] UtcTime ends_at(const CoreContext& context, const Order& order);

/// When it is reckoned to go on: about as long again as it has lasted, at most until it is given up. In steps, so that
/// an ETA does not creep. Precondition: order.standstill.
[[nodiscard]] UtcTime reckoned_end(const CoreContext& context, const Order& order);

}  // namespace swiftlet::dispatch
