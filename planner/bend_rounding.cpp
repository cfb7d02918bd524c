#include "planner/bend_rounding.hpp"

#include <algorithm>
#include <cmath>

#include "planner/corner_rounding.hpp"

namespace swiftlet::planner {
namespace {

constexpr double kStraight = 1e-6;
constexpr double kSlopeStep = 0.04;  ///< change of slope between samples of a parabola

double slope(const ProfilePoint& a, const ProfilePoint& b) { return (b.z_msl_m - a.z_msl_m) / (b.s_m - a.s_m); }

/// Half the length of the parabola at each bend; 0: none.
using HalfLengths = std::vector<double>;

std::vector<BendPoint> sampled(const std::vector<ProfilePoint>& bends, const HalfLengths& half) {
  std::vector<BendPoint> out{{bends.front().s_m, bends.front().z_msl_m}};
  for (std::size_t k = 1; k + 1 < bends.size(); ++k) {
    const double in = slope(bends[k - 1], bends[k]);
    const double change = slope(bends[k], bends[k + 1]) - in;
    if (half[k] <= 0.0) {
      out.push_back({.s_m = bends[k].s_m, .z_msl_m = bends[k].z_msl_m, .stop = std::abs(change) > kStraight});
      continue;
    }
    const int steps = std::clamp(static_cast<int>(std::ceil(std::abs(change) / kSlopeStep)), 2, 8);
    const double second = change / (2.0 * half[k]);
    for (int n = 0; n <= steps; ++n) {
      const double u = 2.0 * half[k] * n / steps;
      out.push_back({bends[k].s_m - half[k] + u, bends[k].z_msl_m - half[k] * in + in * u + 0.5 * second * u * u,
                     std::abs(second), n < steps});
    }
  }
  out.push_back({bends.back().s_m, bends.back().z_msl_m});
  return out;
}

bool fits(std::span<const GroundLeg* const> legs, const std::vector<BendPoint>& points) {
  std::vector<ProfilePoint> line;
  line.reserve(points.size());
  for (const BendPoint& p : points) line.push_back({p.s_m, p.z_msl_m});
  return profile_fits(legs, line);
}

double wanted_half_length(const std::vector<ProfilePoint>& bends, std::size_t k, const VehicleProfile& vehicle) {
  const double in = slope(bends[k - 1], bends[k]);
  const double out = slope(bends[k], bends[k + 1]);
  // On a steep slope the vertical limit holds the speed down, so the parabola need not carry the cruise speed.
  const double vertical = std::max(vehicle.climb_speed_m_s, vehicle.descent_speed_m_s);
  const double gentler = std::min(std::abs(in), std::abs(out));
  const double speed = std::min(vehicle.cruise_speed_m_s, vertical / std::max(gentler, 1e-9));
  const double full = std::abs(out - in) * speed * speed / (kCurveShare * vehicle.vertical_acceleration_m_s2);
  const double room = std::min(bends[k].s_m - bends[k - 1].s_m, bends[k + 1].s_m - bends[k].s_m);
  return std::min(0.5 * full, 0.5 * room * (1.0 - 1e-6));
}

/// Moves a bend away from what it bends round by what its parabola cuts off.
ProfilePoint moved(const std::vector<ProfilePoint>& bends, std::size_t k, double half) {
  const double change = slope(bends[k], bends[k + 1]) - slope(bends[k - 1], bends[k]);
  return {bends[k].s_m, bends[k].z_msl_m - change * 2.0 * half / 8.0};
}

}  // namespace

std::vector<BendPoint> rounded_bends(std::span<const GroundLeg* const> legs, const std::vector<ProfilePoint>& profile,
                                     const VehicleProfile& vehicle) {
  std::vector<ProfilePoint> bends = profile;
  HalfLengths half(bends.size(), 0.0);
  std::vector<BendPoint> best = sampled(bends, half);
  for (std::size_t k = 1; k + 1 < bends.size(); ++k) {
    const double wanted = wanted_half_length(bends, k, vehicle);
    if (wanted <= 0.0) continue;
    bool done = false;
    for (double length = wanted; !done && length >= wanted / 40.0; length /= 3.0) {
      for (const bool move : {true, false}) {
        std::vector<ProfilePoint> trial_bends = bends;
        HalfLengths trial_half = half;
        trial_half[k] = length;
        if (move) trial_bends[k] = moved(bends, k, length);
        std::vector<BendPoint> trial = sampled(trial_bends, trial_half);
        if (!fits(legs, trial)) continue;
        bends = std::move(trial_bends);
        half = std::move(trial_half);
        best = std::move(trial);
        done = true;
        break;
      }
    }
  }
  return best;
}

}  // namespace swiftlet::planner
