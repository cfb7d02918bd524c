#include "planner/smooth_profile.hpp"

#include <algorithm>
#include <cmath>

#include "planner/box_spline.hpp"
#include "planner/corner_rounding.hpp"

namespace swiftlet::planner {
namespace {

/// Knots of the curve are about this far apart, nearer where the corridor asks for it.
constexpr double kWindow_m = 8.0;
constexpr double kLeastShare = 0.8;     ///< of the narrowest part of a window that taking it as one leaves
constexpr double kPrecision = 0.1;      ///< nearer to the least curvature, the curve only hugs the gates more
constexpr double kSampling_m = 0.05;    ///< what straight pieces may differ from the curve by
constexpr double kLongest_m = 60.0;     ///< of a straight piece of a curve
constexpr double kAboveString_m = 2.0;  ///< room to bend in: with less or more, flights take longer
constexpr double kHardlyCurved = 0.1;   ///< of what can be flown at cruise speed: as good as straight

/// Of all knots, those that are needed: the straight pieces between them keep inside the gates and near the curve.
std::vector<ProfilePoint> thinned(const std::vector<Gate>& gates, const std::vector<double>& z) {
  std::vector<ProfilePoint> out{{gates.front().s_m, z.front()}};
  std::size_t from = 0;
  while (from + 1 < gates.size()) {
    std::size_t to = from + 1;
    double steepest = std::numeric_limits<double>::infinity();
    double flattest = -steepest;
    for (std::size_t next = from + 1; next < gates.size(); ++next) {
      const double run = gates[next].s_m - gates[from].s_m;
      if (next > from + 1 && run > kLongest_m) break;
      const double slope = (z[next] - z[from]) / run;
      if (slope >= flattest && slope <= steepest) to = next;
      steepest =
          std::min(steepest, (std::min(z[next] + kSampling_m, std::max(gates[next].hi, z[next])) - z[from]) / run);
      flattest =
          std::max(flattest, (std::max(z[next] - kSampling_m, std::min(gates[next].lo, z[next])) - z[from]) / run);
      if (flattest > steepest) break;
    }
    out.push_back({gates[to].s_m, z[to]});
    from = to;
  }
  return out;
}

/// Lowers the gates to a little above the taut string through them: what bends least between two steep ends swings far
/// above it, and every metre has to be climbed and sunk again.
void keep_near_string(std::vector<Gate>& gates) {
  const std::vector<ProfilePoint> string = taut_string(gates);
  std::size_t k = 1;
  for (Gate& gate : gates) {
    while (k + 1 < string.size() && string[k].s_m < gate.s_m) ++k;
    const ProfilePoint& a = string[k - 1];
    const ProfilePoint& b = string[k];
    const double run = b.s_m - a.s_m;
    const double z =
        run > 0.0 ? a.z_msl_m + (b.z_msl_m - a.z_msl_m) * (gate.s_m - a.s_m) / run : std::max(a.z_msl_m, b.z_msl_m);
    gate.hi = std::clamp(z + kAboveString_m, gate.lo, gate.hi);
  }
}

}  // namespace

std::optional<std::vector<BendPoint>> smooth_profile(std::span<const GroundLeg* const> legs, double z_start_msl_m,
                                                     double z_goal_msl_m, const VehicleProfile& vehicle) {
  const double flyable =
      kCurveShare * vehicle.vertical_acceleration_m_s2 / (vehicle.cruise_speed_m_s * vehicle.cruise_speed_m_s);
  for (const double window_m : {kWindow_m, 0.0}) {
    auto gates = profile_gates(legs, z_start_msl_m, z_goal_msl_m, {.longest_m = window_m, .least_share = kLeastShare});
    if (!gates) return std::nullopt;
    keep_near_string(*gates);
    const std::vector<ProfilePoint> line = thinned(*gates, least_curvature(*gates, flyable, kPrecision));
    if (!profile_fits(legs, line)) continue;
    std::vector<BendPoint> out;
    out.reserve(line.size());
    for (std::size_t k = 0; k < line.size(); ++k) {
      BendPoint point{.s_m = line[k].s_m, .z_msl_m = line[k].z_msl_m};
      if (k > 0 && k + 1 < line.size()) {
        const double before = line[k].s_m - line[k - 1].s_m;
        const double after = line[k + 1].s_m - line[k].s_m;
        const double change =
            (line[k + 1].z_msl_m - line[k].z_msl_m) / after - (line[k].z_msl_m - line[k - 1].z_msl_m) / before;
        point.curvature_1_m = std::abs(change) / (0.5 * (before + after));
        point.goes_on = point.curvature_1_m > kHardlyCurved * flyable;
      }
      out.push_back(point);
    }
    return out;
  }
  return std::nullopt;
}

}  // namespace swiftlet::planner
