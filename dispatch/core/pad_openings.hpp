#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "dispatch/core/fleet_index.hpp"

namespace swiftlet::dispatch {

/// When slots for orders come free at each pad, in seconds from one moment: who may be there next, and who has to wait.
/// A slot that comes free stays so until it is taken. Bare points, and pads that are no order's, are always open.
class PadOpenings {
 public:
  /// Precondition: `index` outlives it.
  explicit PadOpenings(const FleetIndex& index) : index_(index) {}

  /// A slot is held until then.
  void hold(const Spot& spot, double until_s);
  /// The first instant from then on at which the pad has a slot open.
  [[nodiscard]] double open_s(std::string_view pad, double from_s) const;
  /// Of its slots that are open by then the one that has been open for the shortest is taken: the others may serve
  /// somebody sooner.
  void take(std::string_view pad, double from_s, double until_s);

 private:
  struct Slots {
    std::vector<double> open_s;  ///< by slot
  };
  [[nodiscard]] Slots* at(std::string_view pad);

  const FleetIndex& index_;
  std::unordered_map<std::string_view, Slots> pads_;  ///< keys are the index's own
};

}  // namespace swiftlet::dispatch
