#include "geo/local_frame.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "geo/lonlat_shapes.hpp"
#include "tests/seed.hpp"

namespace geo = swiftlet::geo;

BOOST_AUTO_TEST_SUITE(local_frame)

BOOST_AUTO_TEST_CASE(there_and_back_is_within_a_micrometre) {
  std::mt19937_64 rng(swiftlet::test::seed());
  std::uniform_real_distribution<double> lon(-180, 180);
  std::uniform_real_distribution<double> lat(-80, 80);
  std::uniform_real_distribution<double> offset(-30000, 30000);
  for (int round = 0; round < 1000; ++round) {
    const geo::LocalFrame frame({.lon_deg = lon(rng), .lat_deg = lat(rng)});
    const geo::Enu2 p(offset(rng), offset(rng));
    BOOST_TEST((frame.to_local(frame.to_lonlat(p)) - p).norm() < 1e-6);
  }
}

BOOST_AUTO_TEST_CASE(a_metre_is_a_metre) {
  // One minute of arc along the meridian at 45 degrees north is 1852.2 m (WGS84 meridian radius 6 367 381.8 m).
  const geo::LocalFrame frame({.lon_deg = 4.83, .lat_deg = 45.0});
  const geo::Enu2 north = frame.to_local(swiftlet::LonLat{.lon_deg = 4.83, .lat_deg = 45.0 + 1.0 / 60.0});
  BOOST_TEST(std::abs(north.x()) < 1e-6);
  BOOST_TEST(std::abs(north.y() - 6367381.8 * M_PI / 180.0 / 60.0) < 0.1);
}

BOOST_AUTO_TEST_CASE(centre_that_is_no_place_throws) {
  BOOST_CHECK_THROW(geo::LocalFrame({.lon_deg = std::nan(""), .lat_deg = 0}), std::invalid_argument);
  BOOST_CHECK_THROW(geo::LocalFrame({.lon_deg = 0, .lat_deg = 89}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(circle_encloses_and_hardly_more) {
  const geo::LocalFrame frame({.lon_deg = 114.2, .lat_deg = 22.5});
  for (const double radius : {5.0, 300.0, 5000.0}) {
    const geo::MultiPolygon circle{
        {geo::enclosing_geodesic_circle(frame, {.lon_deg = 114.21, .lat_deg = 22.51}, radius), {}}};
    const geo::Enu2 centre = frame.to_local(swiftlet::LonLat{.lon_deg = 114.21, .lat_deg = 22.51});
    for (int k = 0; k < 720; ++k) {
      const geo::Enu2 out(std::cos(k * M_PI / 360), std::sin(k * M_PI / 360));
      BOOST_TEST(geo::contains(circle, centre + out * (radius - 0.002)));
      BOOST_TEST(!geo::contains(circle, centre + out * (radius + 0.2)));
    }
  }
}

BOOST_AUTO_TEST_CASE(edges_straight_in_lonlat_are_followed) {
  const geo::LocalFrame frame({.lon_deg = 4.83, .lat_deg = 45.76});
  const swiftlet::LonLat a{.lon_deg = 4.80, .lat_deg = 45.75};
  const swiftlet::LonLat b{.lon_deg = 4.90, .lat_deg = 45.75};
  const geo::Ring ring = geo::ring_from_lonlat(frame, {a, b, {.lon_deg = 4.85, .lat_deg = 45.80}});
  BOOST_TEST(ring.size() > 10u);
  for (int k = 0; k <= 1000; ++k) {
    const geo::Enu2 p =
        frame.to_local(swiftlet::LonLat{.lon_deg = a.lon_deg + (b.lon_deg - a.lon_deg) * k / 1000.0, .lat_deg = 45.75});
    double d = 1e9;
    for (std::size_t i = 0; i < ring.size(); ++i) {
      d = std::min(d, geo::point_segment_distance_m(p, ring[i], ring[(i + 1) % ring.size()]));
    }
    BOOST_TEST(d < 0.002);
  }
}

BOOST_AUTO_TEST_SUITE_END()
