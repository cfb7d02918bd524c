#include "tests/scenarios/dense_referee.hpp"

#include <algorithm>
#include <cmath>

namespace swiftlet::test {
namespace {

using geo::Enu2;
using geo::Enu3;

constexpr double kStep_m = 0.2;
constexpr double kTolerance_m = 0.01;  // the contract's, for checkers
constexpr double kOffAxis_m = 0.05;

struct Moment {
  GeoPoint at;
  Enu3 p;
  double t_s;
  int segment;
  bool terminal;
};

void minimum(std::optional<double>& least, double value) { least = least ? std::min(*least, value) : value; }

class Judgement {
 public:
  Judgement(const geo::Airspace& airspace, const geo::RouteUnderTest& route) : a_(airspace), route_(route) {}

  geo::RefereeReport finish() {
    if (route_.airspace_hash != a_.hash) blame("airspace_hash", 0, {}, {}, {});
    report_.min_height_agl_m = 1e9;
    report_.max_height_agl_m = -1e9;
    check_terminal(route_.path.front());
    check_terminal(route_.path.back());
    for (const Moment& m : moments()) check(m);
    return report_;
  }

 private:
  [[nodiscard]] std::vector<Moment> moments() const {
    std::vector<Moment> all;
    for (std::size_t k = 0; k + 1 < route_.path.size(); ++k) {
      const GeoPoint& a = route_.path[k];
      const GeoPoint& b = route_.path[k + 1];
      const double length = (a_.frame.to_local(b) - a_.frame.to_local(a)).norm();
      const int steps = std::max(1, static_cast<int>(std::ceil(length / kStep_m)));
      for (int n = 0; n <= steps; ++n) {
        const double u = static_cast<double>(n) / steps;
        const GeoPoint at{a.lon_deg + u * (b.lon_deg - a.lon_deg), a.lat_deg + u * (b.lat_deg - a.lat_deg),
                          a.alt_msl_m + u * (b.alt_msl_m - a.alt_msl_m)};
        all.push_back({at, a_.frame.to_local(at), route_.t_s[k] + u * (route_.t_s[k + 1] - route_.t_s[k]),
                       static_cast<int>(k), false});
      }
    }
    const auto mark = [](auto begin, auto end) {
      const Enu2 axis = begin->p.template head<2>();
      for (auto it = begin; it != end && (it->p.template head<2>() - axis).norm() <= kOffAxis_m; ++it)
        it->terminal = true;
    };
    mark(all.begin(), all.end());
    mark(all.rbegin(), all.rend());
    return all;
  }

  void check_terminal(const GeoPoint& deck) {
    const Enu3 p = a_.frame.to_local(deck);
    const auto ground = a_.terrain.height_msl_m(p.head<2>());
    // An airborne start has no terminal.
    if (ground && deck.alt_msl_m - *ground >= route_.policy.min_height_agl_m) return;
    for (const geo::Obstacle& o : a_.obstacles) {
      if (o.top_msl_m > p.z() + kTolerance_m &&
          geo::distance_m(o.footprint, p.head<2>()) < route_.policy.terminal_radius_m - kTolerance_m) {
        blame("terminal_radius", 0, deck, {}, ErrorCause{o.kind, o.id});
      }
    }
  }

  void check(const Moment& m) {
    const Enu2 xy = m.p.head<2>();
    const auto ground = a_.terrain.height_msl_m(xy);
    if (!ground) return blame("out_of_region", m.segment, m.at, {}, {});
    const double agl = m.p.z() - *ground;
    if (agl > route_.policy.max_height_agl_m + kTolerance_m) blame("max_height_agl", m.segment, m.at, agl, {});
    if (agl < -kTolerance_m) blame("below_ground", m.segment, m.at, agl, {});
    report_.max_height_agl_m = std::max(report_.max_height_agl_m, agl);
    check_zones(m, *ground);
    if (m.terminal) return;
    report_.min_height_agl_m = std::min(report_.min_height_agl_m, agl);
    if (agl < route_.policy.min_height_agl_m - kTolerance_m) blame("min_height_agl", m.segment, m.at, agl, {});
    for (const geo::Obstacle& o : a_.obstacles) {
      const double above = m.p.z() - o.top_msl_m;
      if (!o.box.grown(route_.policy.lateral_clearance_m).contains(xy)) continue;
      const double beside = geo::distance_m(o.footprint, xy);
      if (above < route_.policy.vertical_clearance_m) minimum(report_.min_lateral_clearance_m, beside);
      if (beside < route_.policy.lateral_clearance_m) minimum(report_.min_vertical_clearance_m, above);
      if (beside < route_.policy.lateral_clearance_m - kTolerance_m &&
          above < route_.policy.vertical_clearance_m - kTolerance_m) {
        blame("lateral_clearance", m.segment, m.at, beside, ErrorCause{o.kind, o.id});
      }
    }
  }

  void check_zones(const Moment& m, double ground) {
    for (const geo::Geozone& zone : a_.zones) {
      if (!zone.blocks(route_.authorisations) || !geo::contains(zone.footprint, m.p.head<2>())) continue;
      const auto msl = [&](const geo::ZoneLimit& l) {
        return l.value_m + (l.reference == geo::VerticalReference::agl ? ground : 0.0);
      };
      if (zone.lower && m.p.z() <= msl(*zone.lower) + kTolerance_m) continue;
      if (zone.upper && m.p.z() >= msl(*zone.upper) - kTolerance_m) continue;
      // Touching the edge is allowed.
      double inside = 1e9;
      geo::for_each_edge(zone.footprint, [&](const Enu2& a, const Enu2& b) {
        inside = std::min(inside, geo::point_segment_distance_m(m.p.head<2>(), a, b));
      });
      if (inside <= kTolerance_m) continue;
      if (zone.active_within(after(route_.depart, m.t_s - route_.time_uncertainty_s),
                             after(route_.depart, m.t_s + route_.time_uncertainty_s))) {
        blame("geozone", m.segment, m.at, {}, ErrorCause{"geozone", zone.id});
      }
    }
  }

  void blame(std::string rule, int segment, GeoPoint at, std::optional<double> actual,
             std::optional<ErrorCause> cause) {
    report_.violations.push_back({.rule = std::move(rule),
                                  .segment = segment,
                                  .at = at,
                                  .required_m = {},
                                  .actual_m = actual,
                                  .cause = std::move(cause)});
  }

  const geo::Airspace& a_;
  const geo::RouteUnderTest& route_;
  geo::RefereeReport report_;
};

}  // namespace

geo::RefereeReport DenseReferee::judge(const geo::RouteUnderTest& route) const {
  return Judgement(*airspace_, route).finish();
}

}  // namespace swiftlet::test
