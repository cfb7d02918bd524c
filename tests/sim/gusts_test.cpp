#include "sim/gusts.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

namespace swiftlet::sim {

BOOST_AUTO_TEST_SUITE(gusts)

BOOST_AUTO_TEST_CASE(intensities_are_those_of_the_standard) {
  // MIL-F-8785C at 200 ft with 10 m/s at 20 ft: h/(0.177+0.000823·200)^1.2 = 725 ft, σ_u = 0.1·W20/0.3416^0.4.
  const DrydenGusts::Intensity at = DrydenGusts::intensity(10.0, 200.0 * 0.3048);
  BOOST_TEST(at.vertical_m_s == 1.0, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(at.horizontal_m_s == 1.537, boost::test_tools::tolerance(2e-3));
  BOOST_TEST(at.horizontal_scale_m / 0.3048 == 726.0, boost::test_tools::tolerance(5e-3));
  BOOST_TEST(at.vertical_scale_m / 0.3048 == 200.0, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(heights_outside_the_model_are_held_at_its_ends) {
  BOOST_TEST(DrydenGusts::intensity(5.0, -3.0).vertical_scale_m == DrydenGusts::intensity(5.0, 3.048).vertical_scale_m);
  BOOST_TEST(DrydenGusts::intensity(5.0, 2000.0).horizontal_m_s == DrydenGusts::intensity(5.0, 304.8).horizontal_m_s);
}

BOOST_AUTO_TEST_CASE(a_long_run_has_the_intensity_and_correlation_asked_for) {
  constexpr double kDt_s = 0.1;
  constexpr double kSpeed_m_s = 15.0;
  const DrydenGusts::Intensity asked = DrydenGusts::intensity(10.0, 60.0);
  for (const std::uint64_t seed : {1, 2, 3}) {
    DrydenGusts gusts(seed);
    constexpr int kSteps = 400'000;
    geo::Enu3 squares = geo::Enu3::Zero();
    double vertical_product = 0.0;
    geo::Enu3 before = geo::Enu3::Zero();
    for (int i = 0; i < kSteps; ++i) {
      const geo::Enu3 now = gusts.advance(kDt_s, 10.0, 60.0, kSpeed_m_s);
      squares += now.cwiseProduct(now);
      vertical_product += now.z() * before.z();
      before = now;
    }
    const geo::Enu3 sd = (squares / kSteps).cwiseSqrt();
    BOOST_TEST_CONTEXT("seed " << seed) {
      BOOST_TEST(sd.x() == asked.horizontal_m_s, boost::test_tools::tolerance(0.06));
      BOOST_TEST(sd.y() == asked.horizontal_m_s, boost::test_tools::tolerance(0.06));
      BOOST_TEST(sd.z() == asked.vertical_m_s, boost::test_tools::tolerance(0.06));
      const double correlation = vertical_product / kSteps / (sd.z() * sd.z());
      BOOST_TEST(correlation == std::exp(-kDt_s * kSpeed_m_s / asked.vertical_scale_m),
                 boost::test_tools::tolerance(2e-3));
    }
  }
}

BOOST_AUTO_TEST_CASE(no_wind_no_gusts) {
  DrydenGusts gusts(1);
  for (int i = 0; i < 100; ++i) BOOST_TEST(gusts.advance(0.02, 0.0, 60.0, 15.0).norm() == 0.0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::sim
