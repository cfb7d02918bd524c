#include "planner/autopilot/leg_profile.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "tests/seed.hpp"

namespace autopilot = swiftlet::planner::autopilot;
using autopilot::LegLimits;
using autopilot::LegProfile;
using Eigen::Vector3d;

namespace {

LegLimits ardupilot_defaults() {
  return {.speed_m_s = 10.0,
          .speed_up_m_s = 2.5,
          .speed_down_m_s = 1.5,
          .acceleration_m_s2 = 2.5,
          .vertical_acceleration_m_s2 = 1.0,
          .jerk_m_s3 = 1.0,
          .snap_m_s4 = 5.24};
}

/// What is wrong with a profile: limits, continuity, its end. Empty where nothing is.
std::string broken(const LegProfile& leg, const LegLimits& limits, double begin_s = 0.0) {
  constexpr double kStep_s = 0.005;
  constexpr double kSlack = 1e-6;
  const Vector3d along = leg.way_m().normalized();
  const double top = autopilot::limit_along(leg.way_m(), limits.speed_m_s, limits.speed_up_m_s, limits.speed_down_m_s);
  const double most = autopilot::limit_along(leg.way_m(), limits.acceleration_m_s2, limits.vertical_acceleration_m_s2,
                                             limits.vertical_acceleration_m_s2);
  auto last = leg.at(begin_s);
  for (double t = begin_s + kStep_s; t <= leg.end_s(); t += kStep_s) {
    const auto now = leg.at(t);
    const double v = now.velocity_m_s.dot(along), a = now.acceleration_m_s2.dot(along);
    if (begin_s == 0.0 && v > top + kSlack) return "too fast";
    if (v < -kSlack) return "backwards";
    if (std::abs(a) > most + kSlack) return "accelerates too much";
    const double jerk = (a - last.acceleration_m_s2.dot(along)) / kStep_s;
    if (std::abs(jerk) > limits.jerk_m_s3 * 1.001 + kSlack) return "jerks";
    const Vector3d step = now.position_m - last.position_m - 0.5 * kStep_s * (now.velocity_m_s + last.velocity_m_s);
    if (step.norm() > 1e-5) return "jumps";
    last = now;
  }
  const auto end = leg.at(leg.end_s());
  if ((end.position_m - leg.way_m()).norm() > 1e-6) return "does not get there";
  if (end.velocity_m_s.norm() > 1e-6) return "does not stop";
  return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(leg_profile)

BOOST_AUTO_TEST_CASE(any_leg_keeps_its_limits_and_ends_at_rest_at_its_end) {
  std::mt19937 random(swiftlet::test::seed());
  std::uniform_real_distribution<double> exponent(-2.0, 3.5), angle(-1.5707, 1.5707), share(0.3, 3.0);
  for (int k = 0; k < 400; ++k) {
    LegLimits limits = ardupilot_defaults();
    for (double* v : {&limits.speed_m_s, &limits.speed_up_m_s, &limits.speed_down_m_s, &limits.acceleration_m_s2,
                      &limits.vertical_acceleration_m_s2, &limits.jerk_m_s3, &limits.snap_m_s4}) {
      *v *= share(random);
    }
    const double slope = angle(random);
    const LegProfile leg(std::pow(10.0, exponent(random)) * Vector3d(std::cos(slope), 0.0, std::sin(slope)), limits);
    BOOST_TEST(broken(leg, limits) == "", "length " << leg.way_m().norm() << ": " << broken(leg, limits));
  }
}

BOOST_AUTO_TEST_CASE(a_new_speed_under_way_keeps_the_end_and_never_jumps) {
  std::mt19937 random(swiftlet::test::seed());
  std::uniform_real_distribution<double> length(1.0, 400.0), share(0.0, 1.0), speed(1.0, 20.0);
  for (int k = 0; k < 400; ++k) {
    LegLimits limits = ardupilot_defaults();
    LegProfile leg(Vector3d(length(random), 0.0, 0.0), limits);
    leg.advance(share(random) * leg.end_s());
    const auto before = leg.now();
    const double at_s = leg.elapsed_s();
    limits.speed_m_s = speed(random);
    leg.change_speed(limits);
    BOOST_TEST((leg.now().position_m - before.position_m).norm() < 1e-6);
    BOOST_TEST((leg.now().velocity_m_s - before.velocity_m_s).norm() < 1e-6);
    BOOST_TEST(broken(leg, limits, at_s) == "", "to " << limits.speed_m_s << ": " << broken(leg, limits, at_s));
  }
}

BOOST_AUTO_TEST_CASE(a_long_leg_cruises_at_its_speed_and_takes_the_time_of_the_textbook) {
  const LegProfile leg(Vector3d(1000.0, 0.0, 0.0), ardupilot_defaults());
  // Changes of speed are symmetric: each costs v/a + a/jerk + ramp, at half the speed.
  const double ramp_s = 1.0 * 3.14159265358979 / (2.0 * 5.24);
  const double change_s = 10.0 / 2.5 + 2.5 / 1.0 + ramp_s;
  BOOST_TEST(leg.end_s() == 100.0 + change_s, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(leg.at(50.0).velocity_m_s.x() == 10.0, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(a_leg_of_no_length_is_over_at_once) {
  BOOST_TEST(LegProfile().finished());
  BOOST_TEST(LegProfile(Vector3d::Zero(), ardupilot_defaults()).finished());
}

BOOST_AUTO_TEST_SUITE_END()
