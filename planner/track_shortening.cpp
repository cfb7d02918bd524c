#include "planner/track_shortening.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace swiftlet::planner {
namespace {

/// Bends of the profile closer together than this are taken as one: gentler flight, and fewer waypoints.
constexpr double kWindow_m = 24.0;
/// Gains below this are not worth a bend.
constexpr double kLeastGain_s = 1e-3;

std::vector<const GroundLeg*> plain(const std::vector<Track::LegPtr>& legs) {
  std::vector<const GroundLeg*> out;
  out.reserve(legs.size());
  for (const auto& leg : legs) out.push_back(leg.get());
  return out;
}

/// What slowing down for the corners costs, given the room that the legs leave for arcs.
double corner_time_s(const std::vector<Track::LegPtr>& legs, const VehicleProfile& vehicle) {
  double lost = 0.0;
  for (std::size_t k = 0; k + 1 < legs.size(); ++k) {
    const geo::Enu2 in = legs[k]->to - legs[k]->from;
    const geo::Enu2 out = legs[k + 1]->to - legs[k + 1]->from;
    const double angle = std::atan2(std::abs(in.x() * out.y() - in.y() * out.x()), in.dot(out));
    const double cruise = std::min(legs[k]->speed_m_s, legs[k + 1]->speed_m_s);
    const double room = 0.5 * std::min(in.norm(), out.norm());
    const double fast =
        std::min(cruise, std::sqrt(vehicle.acceleration_m_s2 * room / std::max(1e-9, std::tan(angle / 2.0))));
    lost += (cruise - fast) * (cruise - fast) / (vehicle.acceleration_m_s2 * std::max(cruise, 1e-9));
  }
  return lost;
}

}  // namespace

bool Track::flyable() const { return std::isfinite(time_s_); }

std::vector<geo::Enu2> Track::points() const {
  std::vector<geo::Enu2> out{legs_.front()->from};
  for (const auto& leg : legs_) out.push_back(leg->to);
  return out;
}

double TrackFinder::level_cost(const std::vector<Track::LegPtr>& legs) const {
  double cost = corner_time_s(legs, limits_.vehicle) * (people_ ? people_->base_per_km2 : 1.0);
  for (const auto& leg : legs) {
    if (leg->speed_m_s <= 0.0) return std::numeric_limits<double>::infinity();
    cost += weight(*leg) * (leg->to - leg->from).norm() / leg->speed_m_s;
  }
  return cost;
}

Track TrackFinder::from_legs(std::vector<Track::LegPtr> legs) const {
  Track track;
  track.legs_ = std::move(legs);
  track.time_s_ = std::numeric_limits<double>::infinity();
  track.cost_ = track.time_s_;
  const auto all = plain(track.legs_);
  if (auto profile = taut_profile(all, start_.z(), goal_.z(), kWindow_m)) {
    track.profile_ = std::move(*profile);
    const double corners_s = corner_time_s(track.legs_, limits_.vehicle);
    track.time_s_ = transit_time_s(all, track.profile_, limits_.vehicle) + corners_s;
    track.cost_ = track.time_s_;
    if (people_ && track.flyable()) {
      // Time spent on climbs counts with the least that any place costs: what avoids people is the ground track.
      double level_s = corners_s;
      for (const GroundLeg* leg : all) level_s += (leg->to - leg->from).norm() / leg->speed_m_s;
      track.cost_ = level_cost(track.legs_) + people_->base_per_km2 * (track.time_s_ - level_s);
    }
  }
  return track;
}

Track TrackFinder::over(const std::vector<geo::Enu2>& points, double least_band_m) const {
  std::vector<Track::LegPtr> legs;
  for (std::size_t k = 0; k + 1 < points.size(); ++k) {
    legs.push_back(std::make_shared<const GroundLeg>(make_leg(view_, limits_, points[k], points[k + 1])));
  }
  Track track = from_legs(std::move(legs));
  const bool is_roomy = std::all_of(track.legs().begin(), track.legs().end(), [&](const Track::LegPtr& leg) {
    return std::all_of(leg->intervals.begin(), leg->intervals.end(),
                       [&](const BandInterval& band) { return band.ceiling_msl_m - band.floor_msl_m >= least_band_m; });
  });
  track.least_band_m_ = is_roomy ? least_band_m : 0.0;
  return track;
}

bool TrackFinder::improve(Track& track, std::size_t first, std::size_t last,
                          const std::vector<geo::Enu2>& points) const {
  const auto begin = track.legs().begin();
  std::vector<Track::LegPtr> legs(begin, begin + static_cast<std::ptrdiff_t>(first));
  for (std::size_t k = 0; k + 1 < points.size(); ++k) {
    legs.push_back(std::make_shared<const GroundLeg>(bare_leg(limits_, points[k], points[k + 1])));
  }
  legs.insert(legs.end(), begin + static_cast<std::ptrdiff_t>(last) + 1, track.legs().end());
  // Most tries end here, before any cell is looked at.
  const double enough = track.cost() - (people_ ? people_->base_per_km2 : 1.0) * kLeastGain_s;
  if (level_cost(legs) >= enough) return false;
  for (std::size_t k = 0; k + 1 < points.size(); ++k) {
    auto leg = std::make_shared<const GroundLeg>(make_leg(view_, limits_, points[k], points[k + 1]));
    if (!leg->open()) return false;
    legs[first + k] = std::move(leg);
  }
  Track other = from_legs(std::move(legs));
  if (!(other.cost() < enough)) return false;
  track = std::move(other);
  return true;
}

bool TrackFinder::drop_points(Track& track) const {
  bool any = false;
  for (std::size_t i = 0; i + 1 < track.legs().size(); ++i) {
    const std::vector<geo::Enu2> points = track.points();
    // The farthest point that can be reached at a gain, by bisection: not always the very farthest, but found in a few
    // tries.
    std::size_t reached = i + 1;
    std::size_t beyond = points.size();
    Track best = track;
    while (beyond - reached > 1) {
      const std::size_t j = beyond == points.size() ? points.size() - 1 : (reached + beyond) / 2;
      Track trial = track;
      if (improve(trial, i, j - 1, {points[i], points[j]})) {
        reached = j;
        best = std::move(trial);
      } else {
        beyond = j;
      }
    }
    if (reached > i + 1) {
      track = std::move(best);
      any = true;
    }
  }
  return any;
}

bool TrackFinder::move_points(Track& track, double reach_m) const {
  bool any = false;
  for (std::size_t k = 1; k < track.legs().size(); ++k) {
    const geo::Enu2 a = track.legs()[k - 1]->from;
    const geo::Enu2 v = track.legs()[k - 1]->to;
    const geo::Enu2 b = track.legs()[k]->to;
    if (improve(track, k - 1, k, {a, b})) {
      any = true;
      --k;
      continue;
    }
    const geo::Enu2 ab = b - a;
    const double t = ab.squaredNorm() > 0.0 ? (v - a).dot(ab) / ab.squaredNorm() : 0.0;
    const geo::Enu2 to_chord = a + t * ab - v;
    const geo::Enu2 along = ab.norm() > 0.0 ? geo::Enu2(ab / ab.norm()) : geo::Enu2::Zero();
    const geo::Enu2 across =
        to_chord.norm() > 0.0 ? geo::Enu2(to_chord / to_chord.norm()) : geo::Enu2(-along.y(), along.x());
    const std::array<geo::Enu2, 5> tries{0.5 * to_chord, reach_m * across, reach_m * along, -reach_m * along,
                                         -reach_m * across};
    for (const geo::Enu2& shift : tries) {
      if (improve(track, k - 1, k, {a, v + shift, b})) {
        any = true;
        break;
      }
    }
  }
  return any;
}

Track TrackFinder::shortened(Track track) const {
  constexpr int kMostRounds = 6;
  for (int round = 0; round < kMostRounds && drop_points(track); ++round) {
  }
  for (const double reach_m : {16.0, 4.0, 1.0}) {
    for (int round = 0; round < kMostRounds && move_points(track, reach_m); ++round) {
    }
  }
  while (drop_points(track)) {
  }
  return track;
}

}  // namespace swiftlet::planner
