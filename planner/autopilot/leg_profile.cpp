#include "planner/autopilot/leg_profile.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace swiftlet::planner::autopilot {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kAtRest_m_s2 = 1e-9;  ///< rounding in what should be no acceleration at all

}  // namespace

double limit_along(const Eigen::Vector3d& way, double across, double up, double down) {
  const double length = way.norm();
  if (length <= 0.0) return 0.0;
  const double run = way.head<2>().norm() / length;
  const double rise = way.z() / length;
  double limit = std::numeric_limits<double>::infinity();
  if (run > 0.0) limit = across / run;
  if (rise > 0.0) limit = std::min(limit, up / rise);
  if (rise < 0.0) limit = std::min(limit, down / -rise);
  return limit;
}

LegProfile::LegProfile(const Eigen::Vector3d& way_m, const LegLimits& limits)
    : way_m_(way_m),
      length_m_(way_m.norm()),
      vertical_acceleration_m_s2_(limits.vertical_acceleration_m_s2),
      jerk_m_s3_(limits.jerk_m_s3),
      snap_m_s4_(limits.snap_m_s4) {
  if (length_m_ <= 0.0) return;
  top_speed_m_s_ = limit_along(way_m, limits.speed_m_s, limits.speed_up_m_s, limits.speed_down_m_s);
  acceleration_m_s2_ = limit_along(way_m, limits.acceleration_m_s2, limits.vertical_acceleration_m_s2,
                                   limits.vertical_acceleration_m_s2);
  pieces_.reserve(24);
  append_change(0.0, reachable(0.0, top_speed_m_s_, 0.5 * length_m_));
  speeding_up_ends_s_ = end_s();
  append_cruise_and_stop();
}

void LegProfile::advance(double dt_s) { elapsed_s_ = std::min(elapsed_s_ + dt_s, end_s()); }

LegProfile::Scalar LegProfile::in_piece(const Piece& piece, double time_s) {
  const double t = time_s - piece.begin_s;
  if (piece.shape == 0.0) {
    return {.a = piece.a0 + piece.jerk * t,
            .v = piece.v0 + t * (piece.a0 + 0.5 * piece.jerk * t),
            .p = piece.p0 + t * (piece.v0 + t * (0.5 * piece.a0 + piece.jerk * t / 6.0))};
  }
  // The jerk is half its peak times 1 ∓ cos(beta·t).
  const double beta = kPi / (piece.end_s - piece.begin_s);
  const double half = 0.5 * piece.jerk;
  const double s = std::sin(beta * t) / beta;
  const double c = (std::cos(beta * t) - 1.0) / (beta * beta);
  return {.a = piece.a0 + half * (t - piece.shape * s),
          .v = piece.v0 + piece.a0 * t + half * (0.5 * t * t + piece.shape * c),
          .p = piece.p0 + t * (piece.v0 + 0.5 * piece.a0 * t) +
               half * (t * t * t / 6.0 + piece.shape * (s - t) / (beta * beta))};
}

LegProfile::Scalar LegProfile::scalar_at(double time_s) const {
  if (empty()) return {0.0, 0.0, 0.0};
  for (const Piece& piece : pieces_) {
    if (time_s < piece.end_s) return in_piece(piece, std::max(time_s, piece.begin_s));
  }
  return {.a = 0.0, .v = end_state().v, .p = length_m_};
}

Kinematics LegProfile::at(double time_s) const {
  if (empty()) return {};
  const Scalar s = scalar_at(time_s);
  const Eigen::Vector3d along = way_m_ / length_m_;
  return {.position_m = s.p * along, .velocity_m_s = s.v * along, .acceleration_m_s2 = s.a * along};
}

LegProfile::SpeedChange LegProfile::change_by(double from_m_s, double change_m_s) const {
  SpeedChange out;
  if (change_m_s <= 0.0) return out;
  // A change of the acceleration is a ramp up of the jerk, a hold, and a ramp down. Where that is more than is wanted,
  // a change from rest has shorter ramps with the same snap; a change in motion keeps the ramps and has less jerk.
  const double full_ramp_s = jerk_m_s3_ * kPi / (2.0 * snap_m_s4_);
  const bool from_rest = from_m_s <= 0.0;
  if (from_rest) {
    const double for_change_s = std::cbrt(change_m_s * kPi / (4.0 * snap_m_s4_));
    const double for_acceleration_s = std::sqrt(acceleration_m_s2_ * kPi / (2.0 * snap_m_s4_));
    out.ramp_s = std::min({full_ramp_s, for_change_s, for_acceleration_s});
    out.jerk = 2.0 * snap_m_s4_ * out.ramp_s / kPi;
    if (for_change_s <= out.ramp_s) return out;
  } else {
    out.ramp_s = full_ramp_s;
    out.jerk = std::min({jerk_m_s3_, acceleration_m_s2_ / full_ramp_s, change_m_s / (2.0 * full_ramp_s * full_ramp_s)});
    if (change_m_s <= 2.0 * full_ramp_s * std::min(acceleration_m_s2_, jerk_m_s3_ * full_ramp_s)) return out;
  }
  if (acceleration_m_s2_ <= jerk_m_s3_ * full_ramp_s) {  // the acceleration is met before the jerk is
    out.plateau_s = std::max(0.0, change_m_s / acceleration_m_s2_ - 2.0 * out.ramp_s);
    return out;
  }
  out.jerk = jerk_m_s3_;
  // change = jerk·(ramp + hold)·(2·ramp + hold) while the acceleration's limit is not met.
  const double r = full_ramp_s;
  out.hold_s = 0.5 * (-3.0 * r + std::sqrt(r * r + 4.0 * change_m_s / jerk_m_s3_));
  const double longest_hold_s = acceleration_m_s2_ / jerk_m_s3_ - r;
  if (out.hold_s > longest_hold_s) {
    out.hold_s = longest_hold_s;
    out.plateau_s = change_m_s / acceleration_m_s2_ - 2.0 * r - out.hold_s;
  }
  return out;
}

double LegProfile::reachable(double from_m_s, double wanted_m_s, double room_m) const {
  // A change of speed is symmetric in time, so its mean speed is the mean of its ends.
  const auto way = [&](double change) { return (from_m_s + 0.5 * change) * change_by(from_m_s, change).duration_s(); };
  double most = wanted_m_s - from_m_s;
  if (most <= 0.0) return from_m_s;
  if (way(most) <= room_m) return wanted_m_s;
  double least = 0.0;
  constexpr int kHalvings = 50;
  for (int k = 0; k < kHalvings; ++k) {
    const double middle = 0.5 * (least + most);
    (way(middle) <= room_m ? least : most) = middle;
  }
  return from_m_s + least;
}

LegProfile::Scalar LegProfile::end_state() const {
  return pieces_.empty() ? Scalar{0.0, 0.0, 0.0} : in_piece(pieces_.back(), pieces_.back().end_s);
}

void LegProfile::append(double duration_s, double jerk, double shape) {
  if (duration_s <= 0.0) return;
  const Scalar s = end_state();
  const double begin_s = end_s();
  pieces_.push_back({.begin_s = begin_s,
                     .end_s = begin_s + duration_s,
                     .jerk = jerk,
                     .shape = shape,
                     .a0 = s.a,
                     .v0 = s.v,
                     .p0 = s.p});
}

void LegProfile::append_change(double from_m_s, double to_m_s) {
  const double sign = to_m_s < from_m_s ? -1.0 : 1.0;
  // Slowing down is speeding up in a mirror.
  const SpeedChange c = change_by(std::min(from_m_s, to_m_s), std::abs(to_m_s - from_m_s));
  if (c.jerk <= 0.0) return;
  const double jerk = sign * c.jerk;
  append(c.ramp_s, jerk, 1.0);
  append(c.hold_s, jerk, 0.0);
  append(c.ramp_s, jerk, -1.0);
  append(c.plateau_s, 0.0, 0.0);
  append(c.ramp_s, -jerk, 1.0);
  append(c.hold_s, -jerk, 0.0);
  append(c.ramp_s, -jerk, -1.0);
}

void LegProfile::append_cruise_and_stop() {
  const Scalar s = end_state();
  const double stopping_m = 0.5 * s.v * change_by(0.0, s.v).duration_s();
  const double cruise_m = length_m_ - s.p - stopping_m;
  if (cruise_m > 0.0 && s.v > 0.0) append(cruise_m / s.v, 0.0, 0.0);
  slowing_down_begins_s_ = end_s();
  append_change(s.v, 0.0);
}

void LegProfile::change_speed(const LegLimits& limits) {
  if (empty()) return;
  const double top = limit_along(way_m_, limits.speed_m_s, limits.speed_up_m_s, limits.speed_down_m_s);
  if (top == top_speed_m_s_) return;
  top_speed_m_s_ = top;
  if (elapsed_s_ >= slowing_down_begins_s_) return;
  const double before_s = slowing_down_begins_s_;
  if (elapsed_s_ <= 0.0) {
    pieces_.clear();
    append_change(0.0, reachable(0.0, top, 0.5 * length_m_));
    speeding_up_ends_s_ = end_s();
    append_cruise_and_stop();
    return;
  }
  // What is flown stays; a cruise is cut where the leg is now; speeding up is cut short on its plateau if it is not
  // over.
  std::erase_if(pieces_, [&](const Piece& p) { return p.begin_s >= before_s; });
  if (elapsed_s_ >= speeding_up_ends_s_) {
    // A change that is under way is finished first: only a cruise can be cut.
    const auto cruise = std::find_if(pieces_.begin(), pieces_.end(), [&](const Piece& p) {
      return p.end_s > elapsed_s_ && p.jerk == 0.0 && std::abs(p.a0) < kAtRest_m_s2;
    });
    if (cruise != pieces_.end()) {
      cruise->end_s = std::max(cruise->begin_s, elapsed_s_);
      pieces_.erase(cruise + 1, pieces_.end());
    }
  } else {
    std::erase_if(pieces_, [&](const Piece& p) { return p.begin_s >= speeding_up_ends_s_; });
    for (std::size_t k = 0; k < pieces_.size(); ++k) {
      Piece& plateau = pieces_[k];
      if (plateau.jerk != 0.0 || plateau.a0 <= 0.0 || elapsed_s_ > plateau.end_s) continue;
      const double too_fast = end_state().v - top;
      const double cut_s =
          std::clamp(too_fast / plateau.a0, 0.0, plateau.end_s - std::max(elapsed_s_, plateau.begin_s));
      const std::vector<Piece> rest(pieces_.begin() + static_cast<std::ptrdiff_t>(k) + 1, pieces_.end());
      plateau.end_s -= cut_s;
      pieces_.resize(k + 1);
      for (const Piece& p : rest) append(p.end_s - p.begin_s, p.jerk, p.shape);
      break;
    }
    speeding_up_ends_s_ = end_s();
  }
  const Scalar s = end_state();
  const double stopping_m = 0.5 * std::max(s.v, top) * change_by(0.0, std::max(s.v, top)).duration_s();
  const double room_m = length_m_ - s.p - stopping_m;
  const double low = std::min(s.v, top);
  const double change_m = 0.5 * (s.v + top) * change_by(low, std::abs(top - s.v)).duration_s();
  if (change_m <= room_m) append_change(s.v, top);
  append_cruise_and_stop();
}

}  // namespace swiftlet::planner::autopilot
