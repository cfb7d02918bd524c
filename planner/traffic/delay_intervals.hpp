#pragma once

#include <optional>
#include <vector>

namespace swiftlet::planner {

/// Departures strictly between the two meet another flight, or so nearly that rounding decides.
struct ForbiddenDepartures {
  double after_s = 0.0;
  double before_s = 0.0;
  friend bool operator==(const ForbiddenDepartures&, const ForbiddenDepartures&) = default;
};

/// Joins intervals that overlap; ascending, apart.
[[nodiscard]] std::vector<ForbiddenDepartures> joined(std::vector<ForbiddenDepartures> intervals);

/// The first departure from `earliest_s` to `latest_s` that no interval forbids, on `earliest_s` plus whole steps (step
/// 0: on any instant). Precondition: joined.
[[nodiscard]] std::optional<double> first_free(const std::vector<ForbiddenDepartures>& intervals, double earliest_s,
                                               double latest_s, double step_s);

}  // namespace swiftlet::planner
