#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "dispatch/core/fleet_index.hpp"

namespace swiftlet::dispatch {

/// From when to when a sortie needs slots, seconds from one moment: at its pick-up from the moment it leaves home until
/// it has left there, at its drop-off from the moment the parcel is aboard until it has left there too.
struct SlotNeeds {
  std::string_view pickup_pad = {};
  std::string_view dropoff_pad = {};
  double out_s = 0.0;         ///< from home to the pick-up
  double ready_s = 0.0;       ///< when the parcel is there
  double loading_s = 0.0;     ///< from there on
  double leaving_s = 0.0;     ///< once it is aboard
  double delivering_s = 0.0;  ///< from then on, until the drop-off has been left

  [[nodiscard]] double loaded_s(double departs_s) const;
  [[nodiscard]] double leaves_pickup_s(double departs_s) const { return loaded_s(departs_s) + leaving_s; }
  [[nodiscard]] double leaves_dropoff_s(double departs_s) const { return leaves_pickup_s(departs_s) + delivering_s; }
};

/// When slots for orders are taken at each pad, in seconds from one moment: who may be there next, and who has to wait.
/// Bare points, and pads that are no order's, are always open.
class PadOpenings {
 public:
  /// Precondition: `index` outlives it.
  explicit PadOpenings(const FleetIndex& index) : index_(index) {}

  /// That very slot is held from now until then.
  void hold(const Spot& spot, double until_s);
  /// The first instant from then on at which the pad has a slot open for so long.
  [[nodiscard]] double open_s(std::string_view pad, double from_s, double for_s) const;
  /// Of its slots that are open all that time the one is taken that has been open for the shortest before: the others
  /// may serve somebody sooner. Where none is, the one that is taken for the least of it.
  void take(std::string_view pad, double from_s, double until_s);

  /// The first departure from then on by which both pads have their slots open in time.
  [[nodiscard]] double departure_s(const SlotNeeds& needs, double from_s) const;
  void take(const SlotNeeds& needs, double departs_s);

 private:
  struct Interval {
    double from_s = 0.0;
    double until_s = 0.0;
  };
  using Slot = std::vector<Interval>;  ///< taken, in order
  [[nodiscard]] std::vector<Slot>* at(std::string_view pad);

  const FleetIndex& index_;
  std::unordered_map<std::string_view, std::vector<Slot>> pads_;  ///< keys are the index's own
};

}  // namespace swiftlet::dispatch
