#pragma once

#include <map>
#include <string>
#include <vector>

#include "dispatch/core/fleet_outlook.hpp"
#include "dispatch/core/forecast.hpp"

namespace swiftlet::dispatch {

/// The ETA frames that a merchant's subscribers get every wall second: each live order with its distribution, and the
/// cause where its median moved by more than two seconds against the frame before.
class EtaBoard {
 public:
  explicit EtaBoard(CoreContext& context) : context_(context) {}

  /// One or more frames with the same `at`, none over the frame's limit; one even if no order is live.
  [[nodiscard]] std::vector<std::string> frames(const std::string& merchant, const FleetOutlook& outlook);

 private:
  CoreContext& context_;
  struct Told {
    UtcTime eta;
    OrderState stage = OrderState::accepted;
    bool unheard = false;  ///< the drone was silent: what has moved meanwhile shows when it talks again
  };
  void forget_ended(const std::string& merchant, std::size_t live);
  std::map<std::string, std::map<std::string, Told>> told_;  ///< by merchant and order
};

}  // namespace swiftlet::dispatch
