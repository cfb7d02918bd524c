#pragma once

#include <Eigen/Core>
#include <vector>

namespace swiftlet::planner::autopilot {

/// Limits of an autopilot's straight legs. All positive; SI.
struct LegLimits {
  double speed_m_s = 0.0;
  double speed_up_m_s = 0.0;
  double speed_down_m_s = 0.0;
  double acceleration_m_s2 = 0.0;
  double vertical_acceleration_m_s2 = 0.0;
  double jerk_m_s3 = 0.0;
  double snap_m_s4 = 0.0;
};

/// Position, velocity and acceleration in a frame of the caller's: x east, y north, z up.
struct Kinematics {
  Eigen::Vector3d position_m = Eigen::Vector3d::Zero();
  Eigen::Vector3d velocity_m_s = Eigen::Vector3d::Zero();
  Eigen::Vector3d acceleration_m_s2 = Eigen::Vector3d::Zero();
};

/// How fast one straight leg is flown, from rest to rest: speed up, cruise, slow down, each change of speed with
/// limited acceleration and with a jerk that grows and falls as a raised cosine. This is the law of ArduPilot
/// Copter 4.x for straight legs; a corner is cut by adding the end of one leg and the beginning of the next
/// (leg_follower.hpp).
class LegProfile {
 public:
  /// No way at all: finished from the beginning.
  LegProfile() = default;
  /// Precondition: every limit is positive.
  LegProfile(const Eigen::Vector3d& way_m, const LegLimits& limits);

  [[nodiscard]] bool empty() const { return pieces_.empty(); }
  [[nodiscard]] const Eigen::Vector3d& way_m() const { return way_m_; }
  [[nodiscard]] double elapsed_s() const { return elapsed_s_; }
  [[nodiscard]] double end_s() const { return empty() ? 0.0 : pieces_.back().end_s; }
  [[nodiscard]] double remaining_s() const { return end_s() - elapsed_s_; }
  [[nodiscard]] bool finished() const { return elapsed_s_ >= end_s(); }
  /// When speeding up ends, and when slowing down begins.
  [[nodiscard]] double speeding_up_ends_s() const { return speeding_up_ends_s_; }
  [[nodiscard]] double slowing_down_begins_s() const { return slowing_down_begins_s_; }
  [[nodiscard]] double top_speed_m_s() const { return top_speed_m_s_; }
  [[nodiscard]] double vertical_acceleration_m_s2() const { return vertical_acceleration_m_s2_; }

  void advance(double dt_s);
  /// Measured from the leg's own beginning, at a time since it was begun.
  [[nodiscard]] Kinematics at(double time_s) const;
  [[nodiscard]] Kinematics now() const { return at(elapsed_s_); }

  /// A new speed while the leg is flown or before: what was flown stays, speeding up is cut short where it can be, and
  /// the change to the new speed follows where there is room; the end stays where it is.
  void change_speed(const LegLimits& limits);

 private:
  struct Piece {
    double begin_s, end_s;
    double jerk;   ///< at its highest
    double shape;  ///< +1: the jerk grows, −1: it falls, 0: it stays
    double a0, v0, p0;
  };
  struct SpeedChange {
    double ramp_s = 0.0, hold_s = 0.0, plateau_s = 0.0, jerk = 0.0;
    [[nodiscard]] double duration_s() const { return 4.0 * ramp_s + 2.0 * hold_s + plateau_s; }
  };
  struct Scalar {
    double a, v, p;
  };
  static Scalar in_piece(const Piece& piece, double time_s);
  [[nodiscard]] Scalar scalar_at(double time_s) const;
  [[nodiscard]] SpeedChange change_by(double from_m_s, double change_m_s) const;
  [[nodiscard]] double reachable(double from_m_s, double wanted_m_s, double room_m) const;
  void append(double duration_s, double jerk, double shape);
  void append_change(double from_m_s, double to_m_s);
  void append_cruise_and_stop();
  [[nodiscard]] Scalar end_state() const;

  Eigen::Vector3d way_m_ = Eigen::Vector3d::Zero();
  double length_m_ = 0.0;
  double top_speed_m_s_ = 0.0;
  double acceleration_m_s2_ = 0.0;
  double vertical_acceleration_m_s2_ = 0.0;
  double jerk_m_s3_ = 0.0;
  double snap_m_s4_ = 0.0;
  double elapsed_s_ = 0.0;
  double speeding_up_ends_s_ = 0.0;
  double slowing_down_begins_s_ = 0.0;
  std::vector<Piece> pieces_;
};

/// The greatest value along a direction whose horizontal and vertical shares have limits of their own.
[[nodiscard]] double limit_along(const Eigen::Vector3d& way, double across, double up, double down);

}  // namespace swiftlet::planner::autopilot
