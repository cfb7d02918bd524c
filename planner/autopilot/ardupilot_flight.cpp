#include "planner/autopilot/ardupilot_flight.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <utility>

#include "planner/autopilot/leg_follower.hpp"
#include "planner/autopilot/multicopter.hpp"
#include "planner/gravity.hpp"
#include "planner/mission/mission_steps.hpp"

namespace swiftlet::planner::autopilot {
namespace {

using Eigen::Vector3d;
namespace m = mission;

constexpr double kStep_s = 1.0 / 400.0;
constexpr double kTrackEvery_s = 0.1;
/// A leg that takes longer than this in addition to its length at 1 m/s is one that is not got on with.
constexpr double kLongestLeg_s = 900.0;
/// The clock of a flight begins when the weight leaves the ground, this long after the climb was asked for.
constexpr double kLiftOff_s = 1.19;
/// From touching the ground until the landing is noticed and the motors are disarmed.
constexpr double kDisarm_s = 2.6;
/// A vehicle that stands still is off its target by about this much in height: so short is the leg to the place of
/// landing.
constexpr double kSettled_m = 0.01;

LegLimits leg_limits(const ArduPilotParameters& p) {
  LegLimits out{.speed_m_s = p.wp_speed_m_s,
                .speed_up_m_s = p.wp_speed_up_m_s,
                .speed_down_m_s = p.wp_speed_down_m_s,
                .acceleration_m_s2 = p.wp_acceleration_m_s2,
                .vertical_acceleration_m_s2 = p.wp_vertical_acceleration_m_s2,
                .jerk_m_s3 = p.wp_jerk_m_s3,
                .snap_m_s4 = 0.0};
  constexpr double kRadians = std::numbers::pi / 180.0;
  if (p.attitude_rate_max_deg_s > 0.0) {
    out.jerk_m_s3 = std::min(out.jerk_m_s3, kGravity_m_s2 * p.attitude_rate_max_deg_s * kRadians);
  }
  // The jerk grows no faster than the lean can be turned; half of that is used.
  out.snap_m_s4 = out.jerk_m_s3 * std::numbers::pi / (2.0 * std::max(p.attitude_input_s, 0.1));
  if (p.attitude_acceleration_max_deg_s2 > 0.0) {
    out.snap_m_s4 = std::min(out.snap_m_s4, kGravity_m_s2 * p.attitude_acceleration_max_deg_s2 * kRadians);
  }
  out.snap_m_s4 *= 0.5;
  return out;
}

class Flight {
 public:
  Flight(const m::Mission& mission, const ArduPilotParameters& p, const Airframe& frame, const geo::Wind& wind)
      : parameters_(p),
        limits_(leg_limits(p)),
        copter_(p, frame, wind, mission.home.alt_msl_m),
        clock_s_(-kLiftOff_s) {}

  Expected<FlightPrediction> fly(const std::vector<m::Step>& steps) {
    steps_ = &steps;
    for (at_ = 0; at_ < steps.size(); ++at_) {
      const m::Step& step = steps[at_];
      const auto done = std::visit([&](const auto& action) { return run(action); }, step.action);
      if (!done) return Unexpected(done.error());
      if (landed_) break;
      if (step.is_navigation()) out_.waypoints.push_back({.seq = step.seq, .t_s = clock_s_});
    }
    out_.duration_s = out_.touchdown_s + kDisarm_s;
    out_.energy_wh = copter_.energy_j() / 3600.0;
    return std::move(out_);
  }

 private:
  void tick(const Kinematics& target) {
    target_ = target;
    copter_.step(target, kStep_s);
    clock_s_ += kStep_s;
    if (clock_s_ >= next_track_s_) {
      const Vector3d& p = copter_.position_m();
      out_.track.push_back({.t_s = clock_s_,
                            .east_m = p.x(),
                            .north_m = p.y(),
                            .height_m = p.z(),
                            .ground_speed_m_s = copter_.velocity_m_s().head<2>().norm()});
      next_track_s_ += kTrackEvery_s;
    }
  }

  [[nodiscard]] VerticalShaper::Limits vertical_limits() const {
    return {.speed_up_m_s = limits_.speed_up_m_s,
            .speed_down_m_s = limits_.speed_down_m_s,
            .acceleration_m_s2 = limits_.vertical_acceleration_m_s2,
            .jerk_m_s3 = parameters_.shaping_vertical_jerk_m_s3};
  }

  [[nodiscard]] static Kinematics standing(const Vector3d& over_m, const VerticalShaper& shaper) {
    Kinematics target;
    target.position_m = Vector3d(over_m.x(), over_m.y(), shaper.height_m());
    target.velocity_m_s.z() = shaper.speed_m_s();
    target.acceleration_m_s2.z() = shaper.acceleration_m_s2();
    return target;
  }

  Expected<void> run(const m::TakeOff& take_off) {
    VerticalShaper shaper(0.0, vertical_limits());
    // Done where what is left is the way of stopping from a tenth of the speed.
    const double slow_m_s = 0.1 * limits_.speed_up_m_s;
    const double near_m = 0.5 * slow_m_s * slow_m_s / limits_.vertical_acceleration_m_s2;
    while (shaper.height_m() < take_off.height_m - near_m || shaper.speed_m_s() >= slow_m_s) {
      shaper.towards_height(take_off.height_m, kStep_s);
      tick(standing(Vector3d::Zero(), shaper));
    }
    start_legs({0.0, 0.0, take_off.height_m});
    return {};
  }

  void start_legs(const Vector3d& from_m) {
    legs_.emplace(from_m, limits_,
                  LegFollower::Corner{.radius_m = parameters_.wp_radius_m,
                                      .acceleration_m_s2 = parameters_.corner_acceleration_m_s2()});
    pace_ = 1.0;
  }

  /// The destination after this step, if this one is flown through.
  [[nodiscard]] std::optional<Vector3d> following() const {
    for (std::size_t k = at_ + 1; k < steps_->size(); ++k) {
      const m::Step& step = (*steps_)[k];
      if (!step.is_navigation()) continue;
      const auto* next = std::get_if<m::FlyTo>(&step.action);
      return next == nullptr ? std::nullopt : std::optional(next->place_m);
    }
    return std::nullopt;
  }

  /// The legs' time goes slower than the clock while the vehicle cannot follow.
  void update_pace() {
    const Vector3d& wanted = legs_->target().velocity_m_s;
    const double speed = wanted.norm();
    double pace = 1.0;
    if (speed > 0.0) {
      const double error = copter_.position_error_m().dot(wanted) / speed;
      const double flown = copter_.velocity_m_s().dot(wanted) / speed;
      pace = std::clamp(0.05 + (flown - parameters_.position_p_1_s * error) / speed, 0.0, 1.0);
    }
    const double settling_s = limits_.acceleration_m_s2 / parameters_.wp_jerk_m_s3;
    pace_ += (pace - pace_) * kStep_s / settling_s;
  }

  Expected<void> fly_leg(const Vector3d& destination_m, const std::optional<Vector3d>& next_m) {
    const double longest_s = kLongestLeg_s + (destination_m - legs_->destination_m()).norm();
    const double begun_s = clock_s_;
    legs_->fly_to(destination_m, next_m);
    for (bool reached = false; !reached;) {
      update_pace();
      const bool passed = legs_->advance(pace_ * kStep_s);
      tick(legs_->target());
      reached = passed &&
                (legs_->flies_through() || (copter_.position_m() - destination_m).norm() <= parameters_.wp_radius_m);
      if (clock_s_ - begun_s > longest_s) {
        return fail(ErrorCode::wind_too_strong,
                    fmt::format("the vehicle does not get there within {:.0f} s against the wind", longest_s),
                    fmt::format("item {}", (*steps_)[at_].seq));
      }
    }
    return {};
  }

  Expected<void> run(const m::FlyTo& leg) {
    if (auto ok = fly_leg(leg.place_m, leg.may_fly_through ? following() : std::nullopt); !ok) return ok;
    hold(leg.stay_s);
    return {};
  }

  void hold(double seconds) {
    for (const double until_s = clock_s_ + seconds; clock_s_ < until_s;) {
      update_pace();
      (void)legs_->advance(pace_ * kStep_s);
      tick(legs_->target());
    }
  }

  Expected<void> run(const m::Hold& wait) {
    hold(wait.seconds);
    return {};
  }

  Expected<void> run(const m::ChangeSpeed& change) {
    switch (change.kind) {
      case m::SpeedKind::across:
        limits_.speed_m_s = change.speed_m_s;
        copter_.set_speed(change.speed_m_s);
        break;
      case m::SpeedKind::climb:
        limits_.speed_up_m_s = change.speed_m_s;
        break;
      case m::SpeedKind::descent:
        limits_.speed_down_m_s = change.speed_m_s;
        break;
    }
    if (legs_) legs_->change_speed(limits_);
    return {};
  }

  Expected<void> run(const m::Land& land) {
    Vector3d over_m = land.place_m;
    over_m.z() = legs_->destination_m().z() - kSettled_m;
    if (auto ok = fly_leg(over_m, std::nullopt); !ok) return ok;
    touch_down(land.place_m.z());
    return {};
  }

  Expected<void> run(const m::ReturnHome&) {
    const ArduPilotParameters& p = parameters_;
    const Vector3d here = legs_->destination_m();
    const double away_m = here.head<2>().norm();
    double height_m = std::max(p.rtl_height_m, here.z() + p.rtl_climb_min_m);
    if (p.rtl_cone_slope >= 0.5) height_m = std::min(height_m, std::max(away_m * p.rtl_cone_slope, 2.0));
    height_m = std::max(height_m, here.z());
    if (p.rtl_speed_m_s > 0.0) {
      limits_.speed_m_s = p.rtl_speed_m_s;
      copter_.set_speed(p.rtl_speed_m_s);
    }
    start_legs(here);
    const Vector3d above_home(0.0, 0.0, height_m);
    if (auto ok = fly_leg({here.x(), here.y(), height_m + kSettled_m}, above_home); !ok) return ok;
    if (auto ok = fly_leg(above_home, std::nullopt); !ok) return ok;
    hold(p.rtl_loiter_s);
    touch_down(0.0);
    return {};
  }

  void touch_down(double ground_m) {
    const ArduPilotParameters& p = parameters_;
    const Vector3d over_m = target_.position_m;
    // Changes of speed in the mission do not hold for the landing.
    VerticalShaper shaper(over_m.z(), vertical_limits());
    const double fastest =
        std::max(p.land_speed_high_m_s > 0.0 ? p.land_speed_high_m_s : p.wp_speed_down_m_s, p.land_speed_m_s);
    while (copter_.position_m().z() > ground_m) {
      // The height is that over home: the autopilot knows no other ground.
      const double above_low_m = std::max(p.land_low_height_m, 1.0) - copter_.position_m().z();
      const double sink = std::clamp(
          square_root_law(above_low_m, p.vertical_position_p_1_s, limits_.vertical_acceleration_m_s2, kStep_s),
          -fastest, -p.land_speed_m_s);
      shaper.towards_speed(sink, kStep_s);
      tick(standing(over_m, shaper));
    }
    out_.touchdown_s = clock_s_;
    landed_ = true;
  }

  ArduPilotParameters parameters_;
  LegLimits limits_;
  Multicopter copter_;
  double clock_s_;
  double next_track_s_ = 0.0;
  double pace_ = 1.0;
  bool landed_ = false;
  std::size_t at_ = 0;
  const std::vector<m::Step>* steps_ = nullptr;
  std::optional<LegFollower> legs_;
  Kinematics target_;
  FlightPrediction out_;
};

}  // namespace

Expected<FlightPrediction> fly_ardupilot(const m::Mission& mission, const ArduPilotParameters& parameters,
                                         const Airframe& frame, const geo::Wind& wind) {
  const auto steps = m::mission_steps(mission);
  if (!steps) return Unexpected(steps.error());
  return Flight(mission, parameters, frame, wind).fly(*steps);
}

}  // namespace swiftlet::planner::autopilot
