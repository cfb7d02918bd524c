#include "planner/traffic/operational_intent.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>

#include "geo/polygon.hpp"
#include "planner/traffic/hop.hpp"

namespace swiftlet::planner {
namespace {

using geo::Enu2;
using geo::Enu3;

// Short volumes hug the trajectory and are many; these cost a flight of 2 km about a hundred.
constexpr double kPiece_m = 25.0;
constexpr double kPieceUp_m = 6.0;
constexpr double kBulge_m = 1.5;

/// A straight bit of the trajectory: all places where the flight may be in that time.
struct Bit {
  Enu3 a;
  Enu3 b;
  double from_s;
  double to_s;
};

std::vector<Bit> bits_of(const Route& route, const std::vector<Hop>& hops) {
  std::vector<Bit> bits;
  const std::vector<double> openness = openness_of(route, hops);
  for (std::size_t k = 0; k < hops.size(); ++k) {
    const Hop& hop = hops[k];
    const double open = openness[k];
    const double up_m = std::abs(hop.b.z() - hop.a.z());
    const double pieces = open < kAnywhere ? std::ceil(std::max(hop.length_m() / kPiece_m, up_m / kPieceUp_m)) : 1.0;
    const int count = std::max(1, static_cast<int>(pieces));
    for (int i = 0; i < count; ++i) {
      const double u0 = static_cast<double>(i) / count;
      const double u1 = static_cast<double>(i + 1) / count;
      const double s0 = std::max(0.0, u0 - open);
      const double s1 = std::min(1.0, u1 + open);
      bits.push_back({hop.a + s0 * (hop.b - hop.a), hop.a + s1 * (hop.b - hop.a),
                      hop.from_s + u0 * (hop.to_s - hop.from_s), hop.from_s + u1 * (hop.to_s - hop.from_s)});
    }
  }
  return bits;
}

double reach_m(const TrafficRules& rules) { return 0.5 * rules.across_m + rules.lateral_error_m + kPlaceRounding_m; }
double reach_up_m(const TrafficRules& rules) { return 0.5 * rules.up_m + rules.vertical_error_m + kPlaceRounding_m; }

/// Bits that one volume holds: from the first's beginning to the last's end, as long as they nearly line up.
class Bundle {
 public:
  explicit Bundle(const Bit& first) : from_s_(first.from_s) { take(first); }

  [[nodiscard]] bool fits(const Bit& next) const {
    const Enu2 a = places_.front().head<2>();
    const Enu2 b = next.b.head<2>();
    if ((b - a).norm() > kPiece_m || length_m_ + (next.b - next.a).norm() > 1.5 * kPiece_m) return false;
    const double low = std::min({low_, next.a.z(), next.b.z()});
    const double high = std::max({high_, next.a.z(), next.b.z()});
    if (high - low > kPieceUp_m) return false;
    return bulge_m(a, b) <= kBulge_m && geo::point_segment_distance_m(next.a.head<2>(), a, b) <= kBulge_m;
  }
  void take(const Bit& bit) {
    places_.push_back(bit.a);
    places_.push_back(bit.b);
    low_ = std::min({low_, bit.a.z(), bit.b.z()});
    high_ = std::max({high_, bit.a.z(), bit.b.z()});
    length_m_ += (bit.b - bit.a).norm();
    to_s_ = bit.to_s;
  }
  [[nodiscard]] IntentVolume volume(const TrafficRules& rules, double known_at_s) const {
    const Enu2 a = places_.front().head<2>();
    const Enu2 b = places_.back().head<2>();
    const double up_m = reach_up_m(rules);
    const double begins_known_s = std::max(from_s_ - known_at_s, 0.0);
    const double ends_known_s = std::max(to_s_ - known_at_s, 0.0);
    return {.from_enu = a,
            .to_enu = b,
            .reach_m = reach_m(rules) + bulge_m(a, b),
            .low_msl_m = low_ - up_m,
            .high_msl_m = high_ + up_m,
            .begins_s = from_s_ - rules.early_after_s(begins_known_s) - kTimeRounding_s,
            .ends_s = to_s_ + rules.late_after_s(ends_known_s) + kTimeRounding_s};
  }

 private:
  /// How far the bits leave the segment over the ground. They lie in the hull of their ends, and so does a strip.
  [[nodiscard]] double bulge_m(const Enu2& a, const Enu2& b) const {
    double most = 0.0;
    for (const Enu3& p : places_) most = std::max(most, geo::point_segment_distance_m(p.head<2>(), a, b));
    return most;
  }

  std::vector<Enu3> places_;
  double from_s_;
  double to_s_ = 0.0;
  double length_m_ = 0.0;
  double low_ = std::numeric_limits<double>::infinity();
  double high_ = -std::numeric_limits<double>::infinity();
};

}  // namespace

OperationalIntent operational_intent(const Route& route, const geo::LocalFrame& frame, const TrafficRules& rules,
                                     double from_s) {
  if (route.waypoints.size() < 2) throw std::invalid_argument("a trajectory needs at least two waypoints");
  const std::vector<Bit> bits = bits_of(route, hops_of(route, frame));
  const double known_at_s = std::min(from_s, route.waypoints.back().t_s);
  // Who may be late is still where the trajectory was a little before.
  const double past_s = known_at_s - rules.late_after_s(0.0) - kTimeRounding_s;
  OperationalIntent intent;
  std::optional<Bundle> bundle;
  for (const Bit& bit : bits) {
    if (bit.to_s < past_s) continue;
    if (bundle && bundle->fits(bit)) {
      bundle->take(bit);
      continue;
    }
    if (bundle) intent.volumes.push_back(bundle->volume(rules, known_at_s));
    bundle.emplace(bit);
  }
  if (bundle) intent.volumes.push_back(bundle->volume(rules, known_at_s));
  return intent;
}

OperationalIntent hovering_intent(const geo::Enu3& at_enu, const TrafficRules& rules, double begins_s, double ends_s) {
  const double up_m = reach_up_m(rules);
  return {{{.from_enu = at_enu.head<2>(),
            .to_enu = at_enu.head<2>(),
            .reach_m = reach_m(rules),
            .low_msl_m = at_enu.z() - up_m,
            .high_msl_m = at_enu.z() + up_m,
            .begins_s = begins_s,
            .ends_s = ends_s}}};
}

}  // namespace swiftlet::planner
