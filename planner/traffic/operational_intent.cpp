#include "planner/traffic/operational_intent.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>

namespace swiftlet::planner {
namespace {

using geo::Enu2;
using geo::Enu3;

// Short volumes hug the trajectory and are many; these cost a flight of 2 km about a hundred.
constexpr double kPiece_m = 25.0;
constexpr double kPieceUp_m = 6.0;
constexpr double kBulge_m = 1.5;
/// The wire's: half a millisecond at either end of a hop.
constexpr double kRounding_s = 0.001;

/// A straight bit of the trajectory: all places where the flight may be in that time.
struct Bit {
  Enu3 a;
  Enu3 b;
  double from_s;
  double to_s;
};

struct Hop {
  Enu3 a;
  Enu3 b;
  double from_s;
  double to_s;
  double length_m;
  [[nodiscard]] double mean_m_s() const { return to_s > from_s ? length_m / (to_s - from_s) : 0.0; }
  [[nodiscard]] bool vertical() const { return (b - a).head<2>().norm() <= 0.05; }
};

/// By how much of a hop the place may be off even progress for a speed at one end that is so much of its mean speed:
/// the cubic through both ends with such slopes leaves the straight line by no more than 4/27 of each slope's excess,
/// and so does every even change of speed.
double openness(double speed_share) { return 4.0 / 27.0 * std::abs(std::min(speed_share, 3.0) - 1.0); }

/// Ground speed says nothing of a vertical hop. It rests on decks and where it turns, and goes over into another
/// vertical one at a speed between their means.
double openness_up(const Hop& hop, const Hop* before, const Hop* after) {
  const auto goes_on = [&](const Hop* neighbour) {
    return neighbour != nullptr && neighbour->vertical() && neighbour->mean_m_s() > 0.0 &&
           (hop.b.z() > hop.a.z()) == (neighbour->b.z() > neighbour->a.z());
  };
  // From rest or to rest: an even change passes the other end at twice the mean speed.
  if (!goes_on(before) || !goes_on(after)) return openness(0.0) + openness(2.0);
  return openness(before->mean_m_s() / hop.mean_m_s()) + openness(after->mean_m_s() / hop.mean_m_s());
}

double openness_along(const Hop& hop, double speed_before_m_s, double speed_after_m_s) {
  const double level_mean_m_s = hop.mean_m_s() * (hop.b - hop.a).head<2>().norm() / hop.length_m;
  return openness(speed_before_m_s / level_mean_m_s) + openness(speed_after_m_s / level_mean_m_s);
}

double openness_of(const std::vector<Hop>& hops, std::size_t k, const Route& route) {
  const Hop& hop = hops[k];
  if (!(hop.mean_m_s() > 0.0)) return 1.0;
  if (hop.vertical()) {
    return openness_up(hop, k > 0 ? &hops[k - 1] : nullptr, k + 1 < hops.size() ? &hops[k + 1] : nullptr);
  }
  return openness_along(hop, route.waypoints[k].ground_speed_m_s, route.waypoints[k + 1].ground_speed_m_s);
}

std::vector<Hop> hops_of(const Route& route, const geo::LocalFrame& frame) {
  std::vector<Hop> hops;
  Enu3 before = frame.to_local(route.waypoints.front().position);
  for (std::size_t k = 1; k < route.waypoints.size(); ++k) {
    const Enu3 here = frame.to_local(route.waypoints[k].position);
    const double from_s = route.waypoints[k - 1].t_s;
    const double to_s = route.waypoints[k].t_s;
    if (to_s < from_s) throw std::invalid_argument("waypoint times must not decrease");
    hops.push_back({before, here, from_s, to_s, (here - before).norm()});
    before = here;
  }
  return hops;
}

std::vector<Bit> bits_of(const Route& route, const std::vector<Hop>& hops) {
  std::vector<Bit> bits;
  for (std::size_t k = 0; k < hops.size(); ++k) {
    const Hop& hop = hops[k];
    const double open = openness_of(hops, k, route);
    const double up_m = std::abs(hop.b.z() - hop.a.z());
    const int count = std::max(1, static_cast<int>(std::ceil(std::max(hop.length_m / kPiece_m, up_m / kPieceUp_m))));
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

double distance_to_segment_m(const Enu2& p, const Enu2& a, const Enu2& b) {
  const Enu2 d = b - a;
  const double dd = d.squaredNorm();
  const double share = dd > 0.0 ? std::clamp((p - a).dot(d) / dd, 0.0, 1.0) : 0.0;
  return (a + share * d - p).norm();
}

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
    return bulge_m(a, b) <= kBulge_m && distance_to_segment_m(next.a.head<2>(), a, b) <= kBulge_m;
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
    const double up_m = 0.5 * rules.up_m + rules.vertical_error_m;
    const double begins_known_s = std::max(from_s_ - known_at_s, 0.0);
    const double ends_known_s = std::max(to_s_ - known_at_s, 0.0);
    return {.from_enu = a,
            .to_enu = b,
            .reach_m = 0.5 * rules.across_m + rules.lateral_error_m + bulge_m(a, b),
            .low_msl_m = low_ - up_m,
            .high_msl_m = high_ + up_m,
            .begins_s = from_s_ - rules.early_after_s(begins_known_s) - kRounding_s,
            .ends_s = to_s_ + rules.late_after_s(ends_known_s) + kRounding_s};
  }

 private:
  /// How far the bits leave the segment over the ground. They lie in the hull of their ends, and so does a strip.
  [[nodiscard]] double bulge_m(const Enu2& a, const Enu2& b) const {
    double most = 0.0;
    for (const Enu3& p : places_) most = std::max(most, distance_to_segment_m(p.head<2>(), a, b));
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
  OperationalIntent intent;
  std::optional<Bundle> bundle;
  for (const Bit& bit : bits) {
    if (bit.to_s < from_s) continue;
    if (bundle && bundle->fits(bit)) {
      bundle->take(bit);
      continue;
    }
    if (bundle) intent.volumes.push_back(bundle->volume(rules, from_s));
    bundle.emplace(bit);
  }
  if (bundle) intent.volumes.push_back(bundle->volume(rules, from_s));
  return intent;
}

OperationalIntent hovering_intent(const geo::Enu3& at_enu, const TrafficRules& rules, double begins_s, double ends_s) {
  const double up_m = 0.5 * rules.up_m + rules.vertical_error_m;
  return {{{.from_enu = at_enu.head<2>(),
            .to_enu = at_enu.head<2>(),
            .reach_m = 0.5 * rules.across_m + rules.lateral_error_m,
            .low_msl_m = at_enu.z() - up_m,
            .high_msl_m = at_enu.z() + up_m,
            .begins_s = begins_s,
            .ends_s = ends_s}}};
}

}  // namespace swiftlet::planner
