#include "sim/motion/fleet_motion.hpp"

#include <algorithm>
#include <cmath>

#include "planner/gravity.hpp"
#include "sim/gusts.hpp"

namespace swiftlet::sim {
namespace {

constexpr double kDt = FleetMotion::kStep_s;

// Velocity loop 2 per second and position loop below it, as autopilots of this size are tuned; the integral takes out
// what of the wind the forecast did not say.
constexpr double kPosition_per_s2 = 1.5;
constexpr double kVelocity_per_s = 2.1;
constexpr double kIntegral_per_s3 = 0.4;
constexpr double kMostIntegral_m_s2 = 5.0;
constexpr double kMostUpward_m_s2 = 4.0;
constexpr double kMostDownward_m_s2 = 3.0;

// The path clock runs on time up to the first lag and stands still from the second.
constexpr double kLagOnTime_m = 1.0;
constexpr double kLagStandstill_m = 2.0;
constexpr double kHoldRamp_per_s = 0.15;

// 1 − exp(−dt/lag), written out so that no library call stands between two machines' results.
constexpr double kAttitudeShare = 0.39346934028736658;  // 0.1 s of 0.2 s
constexpr double kThrustShare = 0.63212055882855767;    // 0.1 s of 0.1 s

constexpr int kGustSteps = 10;  // strength and scale of gusts change slowly: renewed once a second
constexpr double kLeastAirspeed_m_s = 2.0;
constexpr double kTwentyFeet_m = 6.096;

/// Stands in until a vehicle is fitted.
planner::PowerModel unfitted() {
  planner::VehicleProfile profile;
  profile.empty_mass_kg = profile.rotor_disc_area_m2 = profile.hover_efficiency = 1.0;
  return {profile, 0.0};
}

}  // namespace

FleetMotion::FleetMotion(std::size_t n, const WindProfile& profile) : profile_(profile) {
  const auto zeros = [n](auto&... columns) { (columns.resize(n), ...); };
  zeros(type_, limits_, pack_, mass_kg_, payload_kg_, path_, segment_, clock_, rate_, phase_);
  zeros(px_, py_, pz_, vx_, vy_, vz_, rx_, ry_, rz_, cx_, cy_, cz_, tx_, ty_, tz_, ix_, iy_, iz_);
  zeros(wind_e_, wind_n_, gx_, gy_, gz_, keep_h_, keep_w_, kick_h_, kick_w_, gust_age_);
  zeros(left_wh_, used_wh_, agl_, cell_v_, hold_, cut_off_);
  thrust_share_.assign(n, 1.0);
  wake_mean_.assign(n, 1.0);
  wake_gust_.assign(n, 1.0);
  random_.assign(n, RandomStream(0));
  power_.assign(n, unfitted());
}

void FleetMotion::fit(std::size_t i, const planner::VehicleProfile& type, const BatteryPack& pack, std::uint64_t seed) {
  limits_[i] = VehicleLimits(type);
  type_[i] = &type;
  random_[i] = RandomStream(seed, 0x6a09e667f3bcc908ULL);
  thrust_share_[i] = 1.0;
  path_[i].reset();
  gx_[i] = gy_[i] = gz_[i] = 0.0;
  swap(i, pack);
}

void FleetMotion::swap(std::size_t i, const BatteryPack& pack) {
  pack_[i] = pack;
  left_wh_[i] = pack.capacity_wh;
  used_wh_[i] = 0.0;
  cut_off_[i] = 0;
  cell_v_[i] = BatteryPack::open_circuit_v(1.0);
}

void FleetMotion::set_wind(std::size_t i, double east_m_s, double north_m_s) {
  wind_e_[i] = east_m_s;
  wind_n_[i] = north_m_s;
}

void FleetMotion::set_wake(std::size_t i, double mean_factor, double gust_factor) {
  wake_mean_[i] = mean_factor;
  wake_gust_[i] = gust_factor;
}

void FleetMotion::set_thrust_share(std::size_t i, double share) { thrust_share_[i] = share; }

void FleetMotion::lose_charge(std::size_t i, double share) { left_wh_[i] *= 1.0 - share; }

void FleetMotion::place(std::size_t i, const geo::Enu3& p) {
  px_[i] = p.x();
  py_[i] = p.y();
  pz_[i] = p.z();
  vx_[i] = vy_[i] = vz_[i] = 0.0;
}

void FleetMotion::depart(std::size_t i, std::shared_ptr<const FlightPath> path, double payload_kg) {
  path_[i] = std::move(path);
  payload_kg_[i] = payload_kg;
  mass_kg_[i] = type_[i]->empty_mass_kg + payload_kg;
  power_[i] = planner::PowerModel(*type_[i], payload_kg);
  clock_[i] = 0.0;
  segment_[i] = 0;
  rate_[i] = 1.0;
  hold_[i] = 0;
  gust_age_[i] = 0;
  place(i, path_[i]->start());
  cx_[i] = cy_[i] = cz_[i] = tx_[i] = ty_[i] = tz_[i] = 0.0;
  ix_[i] = iy_[i] = iz_[i] = 0.0;
}

void FleetMotion::redirect(std::size_t i, std::shared_ptr<const FlightPath> path) {
  path_[i] = std::move(path);
  clock_[i] = 0.0;
  segment_[i] = 0;
  hold_[i] = 0;
}

void FleetMotion::renew_gusts(std::size_t i) {
  const double mean_m_s = std::sqrt(wind_e_[i] * wind_e_[i] + wind_n_[i] * wind_n_[i]);
  const double factor = wake_mean_[i] * profile_.factor(agl_[i]);
  const double ax = vx_[i] - factor * wind_e_[i];
  const double ay = vy_[i] - factor * wind_n_[i];
  const double airspeed_m_s = std::max(kLeastAirspeed_m_s, std::sqrt(ax * ax + ay * ay + vz_[i] * vz_[i]));
  const DrydenGusts::Intensity now = DrydenGusts::intensity(mean_m_s * profile_.factor(kTwentyFeet_m), agl_[i]);
  keep_h_[i] = std::exp(-kDt * airspeed_m_s / now.horizontal_scale_m);
  keep_w_[i] = std::exp(-kDt * airspeed_m_s / now.vertical_scale_m);
  kick_h_[i] = wake_gust_[i] * now.horizontal_m_s * std::sqrt(1.0 - keep_h_[i] * keep_h_[i]);
  kick_w_[i] = wake_gust_[i] * now.vertical_m_s * std::sqrt(1.0 - keep_w_[i] * keep_w_[i]);
}

void FleetMotion::step(std::size_t i) {
  const FlightPath::Reference r = path_[i]->at(clock_[i], segment_[i]);
  phase_[i] = r.phase;
  agl_[i] = r.height_agl_m;
  rx_[i] = r.p_enu.x();
  ry_[i] = r.p_enu.y();
  rz_[i] = r.p_enu.z();

  // The air here.
  if (--gust_age_[i] <= 0) {
    gust_age_[i] = kGustSteps;
    renew_gusts(i);
  }
  gx_[i] = keep_h_[i] * gx_[i] + kick_h_[i] * random_[i].rough_normal();
  gy_[i] = keep_h_[i] * gy_[i] + kick_h_[i] * random_[i].rough_normal();
  gz_[i] = keep_w_[i] * gz_[i] + kick_w_[i] * random_[i].rough_normal();
  const double factor = wake_mean_[i] * profile_.factor(r.height_agl_m);
  const double air_x = factor * wind_e_[i] + gx_[i];
  const double air_y = factor * wind_n_[i] + gy_[i];
  const double air_z = gz_[i];

  // What the controller asks. It leans into the mean wind that its own estimate knows.
  const VehicleLimits& most = limits_[i];
  const double drag = most.drag_per_s;
  const double rate = rate_[i];
  const double wx = rate * r.v_enu.x();
  const double wy = rate * r.v_enu.y();
  const double wz = rate * r.v_enu.z();
  const double ex = rx_[i] - px_[i];
  const double ey = ry_[i] - py_[i];
  const double ez = rz_[i] - pz_[i];
  // How much of its time the path clock may run on: late rather than cutting corners.
  const double speed = std::sqrt(r.v_enu.squaredNorm());
  const double behind = speed > 0.0 ? (ex * r.v_enu.x() + ey * r.v_enu.y() + ez * r.v_enu.z()) / speed
                                    : std::sqrt(ex * ex + ey * ey + ez * ez);
  const double room =
      std::clamp((kLagStandstill_m - std::max(behind, 0.0)) / (kLagStandstill_m - kLagOnTime_m), 0.0, 1.0);
  const auto integrate = [](double& sum, double error) {
    sum = std::clamp(sum + kIntegral_per_s3 * kDt * error, -kMostIntegral_m_s2, kMostIntegral_m_s2);
    return sum;
  };
  const auto ask = [&](double a, double v_wanted, double v, double error, double integral, double lean) {
    // Where the clock stands and waits for the vehicle, the trajectory neither speeds up nor slows down.
    return rate * rate * room * a + drag * v_wanted - lean + kPosition_per_s2 * error +
           kVelocity_per_s * (v_wanted - v) + integral;
  };
  double ax = ask(r.a_enu.x(), wx, vx_[i], ex, integrate(ix_[i], ex), drag * factor * wind_e_[i]);
  double ay = ask(r.a_enu.y(), wy, vy_[i], ey, integrate(iy_[i], ey), drag * factor * wind_n_[i]);
  double az = ask(r.a_enu.z(), wz, vz_[i], ez, integrate(iz_[i], ez), 0.0);

  // Jerk, then what thrust there is: upward first.
  const double jx = ax - cx_[i];
  const double jy = ay - cy_[i];
  const double jerk = std::sqrt(jx * jx + jy * jy);
  constexpr double kAcross = VehicleLimits::kJerkAcross_m_s3 * kDt;
  constexpr double kUp = VehicleLimits::kJerkUpward_m_s3 * kDt;
  if (jerk > kAcross) {
    ax = cx_[i] + jx * (kAcross / jerk);
    ay = cy_[i] + jy * (kAcross / jerk);
  }
  az = cz_[i] + std::clamp(az - cz_[i], -kUp, kUp);
  const double thrust = thrust_share_[i] * most.most_thrust_n / mass_kg_[i];
  az = std::min(std::clamp(az, -kMostDownward_m_s2, kMostUpward_m_s2), thrust - planner::kGravity_m_s2);
  const double lift = planner::kGravity_m_s2 + az;
  const double spare = std::sqrt(std::max(0.0, thrust * thrust - lift * lift));
  const double tilt = std::min(most.most_tilt_m_s2, spare);
  const double across = std::sqrt(ax * ax + ay * ay);
  if (across > tilt) {
    ax *= tilt / across;
    ay *= tilt / across;
  }
  cx_[i] = ax;
  cy_[i] = ay;
  cz_[i] = az;

  // Attitude and thrust follow; then Newton.
  tx_[i] += kAttitudeShare * (ax - tx_[i]);
  ty_[i] += kAttitudeShare * (ay - ty_[i]);
  tz_[i] += kThrustShare * (az - tz_[i]);
  const double lag_x = vx_[i] - air_x;
  const double lag_y = vy_[i] - air_y;
  const double lag_z = vz_[i] - air_z;
  vx_[i] += kDt * (tx_[i] - drag * lag_x);
  vy_[i] += kDt * (ty_[i] - drag * lag_y);
  vz_[i] += kDt * (tz_[i] - drag * lag_z);
  px_[i] += kDt * vx_[i];
  py_[i] += kDt * vy_[i];
  pz_[i] += kDt * vz_[i];

  draw(i, power_[i].power_w(std::sqrt(lag_x * lag_x + lag_y * lag_y), lag_z), kDt);

  // The path clock: late rather than cutting corners.
  const double wanted = hold_[i] != 0 ? 0.0 : 1.0;
  rate_[i] += std::clamp(wanted - rate, -kHoldRamp_per_s * kDt, kHoldRamp_per_s * kDt);
  clock_[i] += kDt * rate_[i] * room;
  if (clock_[i] >= path_[i]->duration_s()) touch_down(i);
}

void FleetMotion::touch_down(std::size_t i) {
  const geo::Enu3& end = path_[i]->end();
  const double dx = px_[i] - end.x();
  const double dy = py_[i] - end.y();
  if (pz_[i] - end.z() >= 0.1 || dx * dx + dy * dy >= 1.5 * 1.5) return;
  pz_[i] = end.z();
  vx_[i] = vy_[i] = vz_[i] = 0.0;
  path_[i].reset();
}

void FleetMotion::rest(std::size_t i, double seconds) { draw(i, type_[i]->avionics_power_w, seconds); }

void FleetMotion::draw(std::size_t i, double power_w, double seconds) {
  const BatteryPack::Load load = pack_[i].under(power_w, left_wh_[i] / pack_[i].capacity_wh);
  const double hours = seconds / 3600.0;
  used_wh_[i] += power_w * hours;
  left_wh_[i] = std::max(0.0, left_wh_[i] - load.drain_w * hours);
  cell_v_[i] = load.cell_v;
  if (load.cell_v < BatteryPack::kCutOff_v || left_wh_[i] <= 0.0) cut_off_[i] = 1;
}

}  // namespace swiftlet::sim
