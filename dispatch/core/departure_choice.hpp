#pragma once

#include <optional>

#include "geo/utc_time.hpp"

namespace swiftlet::dispatch {

/// How a flight that cannot leave at once gets away soonest: later on the same way, or sooner on a way whose floor is
/// raised by so many layers. Ways are asked for one after the other, the lowest first, as long as going higher can
/// still be worth it.
struct DepartureChoice {
  struct Candidate {
    int layer = 0;
    UtcTime departs = {};
    UtcTime arrives = {};
  };
  int asked_layer = 0;
  std::optional<UtcTime> could_leave = {};  ///< when it could have left for the first time
  std::optional<Candidate> best = {};
  bool settled = false;  ///< the best has been asked for once more, for its own departure

  [[nodiscard]] double raised_m() const { return kLayer_m * asked_layer; }
  [[nodiscard]] bool is_raised() const { return asked_layer > 0; }
  [[nodiscard]] double waited_s(UtcTime departs) const;

  /// A way that was proven, with the first departure that is free on it. Returns whether it is the best so far.
  bool consider(UtcTime departs, double duration_s);
  /// Whether a way one layer higher could arrive sooner than the best: it takes about so much longer.
  [[nodiscard]] bool higher_may_be_sooner(double duration_s, UtcTime soonest) const;

  static constexpr double kLayer_m = 13.0;  ///< the separation upward and both flights' error
  static constexpr int kLayers = 4;         ///< above the lowest
  static constexpr double kLayerTakes_s = 11.0;
};

/// A route departs a moment after it is asked for: time for the planner and the link. In a faster world it is longer.
[[nodiscard]] double departure_lead_s(double speed);

/// From here on the best is asked for again, shortly before it departs.
void settle_departure(DepartureChoice& choice, UtcTime& not_before);

}  // namespace swiftlet::dispatch
