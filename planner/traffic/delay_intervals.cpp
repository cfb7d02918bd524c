#include "planner/traffic/delay_intervals.hpp"

#include <algorithm>
#include <cmath>

namespace swiftlet::planner {

std::vector<ForbiddenDepartures> joined(std::vector<ForbiddenDepartures> intervals) {
  std::sort(intervals.begin(), intervals.end(), [](const auto& a, const auto& b) { return a.after_s < b.after_s; });
  std::vector<ForbiddenDepartures> out;
  for (const ForbiddenDepartures& next : intervals) {
    if (!out.empty() && next.after_s < out.back().before_s) {
      out.back().before_s = std::max(out.back().before_s, next.before_s);
    } else {
      out.push_back(next);
    }
  }
  return out;
}

std::optional<double> first_free(const std::vector<ForbiddenDepartures>& intervals, double earliest_s, double latest_s,
                                 double step_s) {
  double at_s = earliest_s;
  for (const ForbiddenDepartures& gap : intervals) {
    if (gap.before_s <= at_s) continue;
    if (gap.after_s >= at_s) break;
    at_s = step_s > 0.0 ? earliest_s + step_s * std::ceil((gap.before_s - earliest_s) / step_s) : gap.before_s;
  }
  return at_s <= latest_s ? std::optional(at_s) : std::nullopt;
}

}  // namespace swiftlet::planner
