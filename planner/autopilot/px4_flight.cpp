#include "planner/autopilot/px4_flight.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <utility>

#include "planner/autopilot/leg_profile.hpp"
#include "planner/gravity.hpp"
#include "planner/mission/mission_steps.hpp"

namespace swiftlet::planner::autopilot {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;
namespace m = mission;

constexpr double kRadians = std::numbers::pi / 180.0;
constexpr double kSlowest_m_s = 0.5;
constexpr int kHalvings = 50;
/// Altitude over home at which the air's density is taken.
constexpr double kTypicalHeight_m = 60.0;

/// Time for a change of speed with limited acceleration and jerk.
double change_s(double change_m_s, double acceleration_m_s2, double jerk_m_s3) {
  const double dv = std::abs(change_m_s);
  return dv >= acceleration_m_s2 * acceleration_m_s2 / jerk_m_s3
             ? dv / acceleration_m_s2 + acceleration_m_s2 / jerk_m_s3
             : 2.0 * std::sqrt(dv / jerk_m_s3);
}

/// A leg as it is timed: between the speeds at its ends.
struct Leg {
  int seq = 0;
  Vector3d way_m = Vector3d::Zero();
  double top_m_s = 0.0, acceleration_m_s2 = 0.0, jerk_m_s3 = 0.0;
  double begin_m_s = 0.0, end_m_s = 0.0;
  double stay_s = 0.0;

  [[nodiscard]] double change_m(double a, double b) const {
    return 0.5 * (a + b) * change_s(b - a, acceleration_m_s2, jerk_m_s3);
  }
  /// The highest speed that a change over the leg's whole length can reach from `from`.
  [[nodiscard]] double reachable_m_s(double from) const {
    double low = from, high = std::max(from, top_m_s);
    if (change_m(from, high) <= way_m.norm()) return high;
    for (int k = 0; k < kHalvings; ++k) {
      const double middle = 0.5 * (low + high);
      (change_m(from, middle) <= way_m.norm() ? low : high) = middle;
    }
    return low;
  }
  [[nodiscard]] double peak_m_s() const {
    double low = std::max(begin_m_s, end_m_s), high = std::max(low, top_m_s);
    const auto fits = [&](double v) { return change_m(begin_m_s, v) + change_m(v, end_m_s) <= way_m.norm(); };
    if (fits(high)) return high;
    for (int k = 0; k < kHalvings; ++k) {
      const double middle = 0.5 * (low + high);
      (fits(middle) ? low : high) = middle;
    }
    return low;
  }
  [[nodiscard]] double duration_s() const {
    const double length = way_m.norm();
    if (length <= 0.0) return 0.0;
    const double peak = peak_m_s();
    const double cruise_m = length - change_m(begin_m_s, peak) - change_m(peak, end_m_s);
    return change_s(peak - begin_m_s, acceleration_m_s2, jerk_m_s3) +
           change_s(peak - end_m_s, acceleration_m_s2, jerk_m_s3) + std::max(0.0, cruise_m) / std::max(peak, 1e-3);
  }
};

class Timing {
 public:
  Timing(const m::Mission& mission, const Px4Parameters& p, const Airframe& frame, const geo::Wind& wind)
      : p_(p), air_(frame, air_density_kg_m3(mission.home.alt_msl_m + kTypicalHeight_m)) {
    const double from = wind.from_deg * kRadians;
    wind_m_s_ = -wind.speed_m_s * Vector2d(std::sin(from), std::cos(from));
    speed_ = {p.cruise_speed_m_s, p.climb_speed_m_s, p.descent_speed_m_s};
    find_fastest_airspeed();
  }

  Expected<FlightPrediction> time(const std::vector<m::Step>& steps) {
    for (const m::Step& step : steps) {
      seq_ = step.seq;
      const auto ok = std::visit([&](const auto& action) { return run(action); }, step.action);
      if (!ok) return Unexpected(ok.error());
      if (landed_) break;
    }
    out_.duration_s = out_.touchdown_s + kLandingNoticed_s + p_.disarm_s;
    out_.energy_wh = joules_ / 3600.0;
    return std::move(out_);
  }

 private:
  static constexpr double kLandingNoticed_s = 1.0;

  [[nodiscard]] double drag_n(double airspeed) const {
    return air_.drag_n({airspeed, 0.0, 0.0}, Vector3d::UnitZ(), Vector2d::UnitX(), weight_n()).norm();
  }
  [[nodiscard]] double weight_n() const { return air_.mass_kg() * kGravity_m_s2; }

  void find_fastest_airspeed() {
    const double most_n = weight_n() * std::tan(p_.lean_max_deg * kRadians);
    double low = 0.0, high = 200.0;
    for (int k = 0; k < kHalvings; ++k) {
      const double middle = 0.5 * (low + high);
      (drag_n(middle) <= most_n ? low : high) = middle;
    }
    fastest_airspeed_m_s_ = low;
  }

  /// The greatest ground speed along a direction that the airspeed allows.
  [[nodiscard]] double in_wind_m_s(const Vector2d& direction) const {
    const double tail = wind_m_s_.dot(direction);
    const double cross2 = wind_m_s_.squaredNorm() - tail * tail;
    const double forward2 = fastest_airspeed_m_s_ * fastest_airspeed_m_s_ - cross2;
    return forward2 <= 0.0 ? 0.0 : tail + std::sqrt(forward2);
  }

  /// The rotors' thrust in a steady climb is that of level flight.
  void spend(double seconds, const Vector2d& ground_velocity) {
    const double lean_n = drag_n((ground_velocity - wind_m_s_).norm());
    joules_ += seconds * air_.power_w(std::hypot(weight_n(), lean_n));
    clock_s_ += seconds;
  }

  void reached() { out_.waypoints.push_back({.seq = seq_, .t_s = clock_s_}); }

  Expected<void> run(const m::TakeOff& t) {
    const double ramp_m = 0.5 * p_.take_off_ramp_s * p_.take_off_speed_m_s;
    const double up_m = std::max(0.0, t.height_m - p_.acceptance_height_m);
    const double seconds = up_m > ramp_m ? p_.take_off_ramp_s + (up_m - ramp_m) / p_.take_off_speed_m_s
                                         : std::sqrt(2.0 * up_m * p_.take_off_ramp_s / p_.take_off_speed_m_s);
    spend(seconds, Vector2d::Zero());
    place_m_ = {0.0, 0.0, t.height_m};
    reached();
    return {};
  }

  Expected<void> run(const m::FlyTo& to) {
    const Vector3d from = legs_.empty() ? place_m_ : last_m_;
    Leg leg{.seq = seq_, .way_m = to.place_m - from, .stay_s = to.stay_s};
    const Vector2d across = leg.way_m.head<2>();
    double wind_limit = speed_.across;
    if (across.norm() > 0.0) wind_limit = std::min(wind_limit, in_wind_m_s(across.normalized()));
    if (wind_limit < kSlowest_m_s) {
      return fail(ErrorCode::wind_too_strong, "the vehicle does not get there against the wind",
                  fmt::format("item {}", seq_));
    }
    if (leg.way_m.norm() > 0.0) {
      leg.top_m_s = limit_along(leg.way_m, wind_limit, speed_.climb, speed_.descent);
      leg.acceleration_m_s2 =
          limit_along(leg.way_m, p_.acceleration_m_s2, p_.climb_acceleration_m_s2, p_.descent_acceleration_m_s2);
      leg.jerk_m_s3 = p_.jerk_m_s3;
    }
    last_m_ = to.place_m;
    legs_.push_back(leg);
    if (!to.may_fly_through) fly_legs();
    return {};
  }

  /// Speed at the waypoint between two legs: what the turn allows within the acceptance radius.
  [[nodiscard]] double corner_m_s(const Leg& a, const Leg& b) const {
    if (a.stay_s > 0.0 || a.way_m.norm() <= 0.0 || b.way_m.norm() <= 0.0) return 0.0;
    const double cosine = std::clamp(-a.way_m.dot(b.way_m) / (a.way_m.norm() * b.way_m.norm()), -1.0, 1.0);
    const double half_angle = 0.5 * std::acos(cosine);
    const double most = std::min(a.top_m_s, b.top_m_s);
    if (half_angle > 0.5 * std::numbers::pi - 1e-6) return most;
    const double room_m = std::min({p_.acceptance_radius_m, a.way_m.norm(), b.way_m.norm()});
    return std::min(most, std::sqrt(p_.acceleration_m_s2 * room_m * std::tan(half_angle)));
  }

  /// Flies what was gathered, from rest to rest.
  void fly_legs() {
    const std::size_t n = legs_.size();
    for (std::size_t k = 0; k + 1 < n; ++k) legs_[k].end_m_s = corner_m_s(legs_[k], legs_[k + 1]);
    for (std::size_t k = 0; k < n; ++k) {
      legs_[k].begin_m_s = k == 0 ? 0.0 : legs_[k - 1].end_m_s;
      legs_[k].end_m_s = std::min(legs_[k].end_m_s, legs_[k].reachable_m_s(legs_[k].begin_m_s));
    }
    for (std::size_t k = n; k-- > 0;) {
      legs_[k].begin_m_s = std::min(legs_[k].begin_m_s, legs_[k].reachable_m_s(legs_[k].end_m_s));
      if (k > 0) legs_[k - 1].end_m_s = legs_[k].begin_m_s;
    }
    for (const Leg& leg : legs_) {
      const double seconds = leg.duration_s();
      const Vector3d velocity = seconds > 0.0 ? Vector3d(leg.way_m / seconds) : Vector3d(Vector3d::Zero());
      spend(seconds, velocity.head<2>());
      // Within the acceptance radius it counts as reached; a stop is waited for.
      const double early_m = std::min(p_.acceptance_radius_m, leg.way_m.norm());
      const double early_s = leg.end_m_s > 0.0 ? early_m / leg.end_m_s : 0.0;
      spend(leg.stay_s, Vector2d::Zero());
      out_.waypoints.push_back({.seq = leg.seq, .t_s = clock_s_ - std::min(early_s, seconds)});
    }
    if (n > 0) place_m_ = last_m_;
    legs_.clear();
  }

  Expected<void> run(const m::Hold& wait) {
    fly_legs();
    spend(wait.seconds, Vector2d::Zero());
    reached();
    return {};
  }

  Expected<void> run(const m::ChangeSpeed& change) {
    switch (change.kind) {
      case m::SpeedKind::across:
        speed_.across = change.speed_m_s;
        break;
      case m::SpeedKind::climb:
        speed_.climb = change.speed_m_s;
        break;
      case m::SpeedKind::descent:
        speed_.descent = change.speed_m_s;
        break;
    }
    return {};
  }

  Expected<void> run(const m::Land& land) {
    const double height_m = (legs_.empty() ? place_m_ : last_m_).z();
    const Vector3d over(land.place_m.x(), land.place_m.y(), height_m);
    const int seq = seq_;
    const std::size_t before = out_.waypoints.size() + legs_.size();
    if (auto ok = run(m::FlyTo{over, 0.0, false}); !ok) return ok;
    seq_ = seq;
    out_.waypoints.resize(std::min(before, out_.waypoints.size()));  // the landing itself is not a waypoint
    touch_down(land.place_m.z());
    return {};
  }

  Expected<void> run(const m::ReturnHome&) { return run(m::Land{Vector3d::Zero()}); }

  void touch_down(double ground_m) {
    const double fast = speed_.descent, slow = std::min(p_.land_speed_m_s, fast);
    const double height = std::max(0.0, place_m_.z() - ground_m);
    const double from = std::min(p_.land_slow_from_m, height);
    const double until = std::min(p_.land_slow_until_m, from);
    // Between the two heights the speed falls evenly with the height.
    const double ramp_s = fast > slow ? (from - until) * std::log(fast / slow) / (fast - slow) : (from - until) / slow;
    spend((height - from) / fast + ramp_s + until / slow, Vector2d::Zero());
    out_.touchdown_s = clock_s_;
    landed_ = true;
  }

  struct Speeds {
    double across, climb, descent;
  };
  Px4Parameters p_;
  Aerodynamics air_;
  Vector2d wind_m_s_;
  Speeds speed_{};
  double fastest_airspeed_m_s_ = 0.0;
  double clock_s_ = 0.0;
  double joules_ = 0.0;
  int seq_ = 0;
  bool landed_ = false;
  Vector3d place_m_ = Vector3d::Zero();
  Vector3d last_m_ = Vector3d::Zero();
  std::vector<Leg> legs_;
  FlightPrediction out_;
};

}  // namespace

Expected<FlightPrediction> fly_px4(const m::Mission& mission, const Px4Parameters& parameters, const Airframe& frame,
                                   const geo::Wind& wind) {
  const auto steps = m::mission_steps(mission);
  if (!steps) return Unexpected(steps.error());
  return Timing(mission, parameters, frame, wind).time(*steps);
}

}  // namespace swiftlet::planner::autopilot
