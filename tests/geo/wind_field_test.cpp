#include "geo/wind_field.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "tests/geo/hilly_terrain.hpp"
#include "tests/seed.hpp"

namespace {

using namespace swiftlet;
using namespace std::chrono_literals;
using geo::Enu2;
using geo::Enu3;

const UtcTime kNoon{std::chrono::sys_days{std::chrono::year(2026) / 11 / 21} + 12h};

double between(std::mt19937_64& rng, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(rng);
}

geo::WindProfile profile_of(geo::WindProfileKind kind) {
  return {.kind = kind, .at_height_m = 10.0, .z0_m = 0.5, .displacement_m = 2.0, .exponent = 0.25};
}

/// A forecast of four instants on 5 x 4 nodes, 90 m apart, about the origin.
geo::WindField random_forecast(std::mt19937_64& rng, const geo::WindProfile& profile) {
  std::vector<double> velocity;
  for (int n = 0; n < 2 * 4 * 5 * 4; ++n) velocity.push_back(between(rng, -9.0, 9.0));
  return {profile,
          {.origin = {-180.0, -140.0}, .spacing_m = 90.0, .nx = 5, .ny = 4},
          {kNoon, kNoon + 60s, kNoon + 90s, kNoon + 300s},
          std::move(velocity)};
}

struct Leg {
  Enu3 a, b;
  UtcTime from, to;
};

/// The mean by brute force, at heights above the terrain itself.
Enu2 sampled_mean(const geo::WindField& field, const geo::TerrainModel& terrain, const Leg& leg, int steps) {
  Enu2 sum = Enu2::Zero();
  const double lasts_s = seconds_between(leg.from, leg.to);
  for (int k = 0; k < steps; ++k) {
    const double s = (k + 0.5) / steps;
    const Enu3 p = leg.a + s * (leg.b - leg.a);
    const double agl_m = p.z() - terrain.height_msl_m(p.head<2>()).value();
    sum += field.velocity_m_s(p.head<2>(), agl_m, after(leg.from, s * lasts_s));
  }
  return sum / steps;
}

Leg random_leg(std::mt19937_64& rng, const geo::TerrainModel& terrain, int n) {
  const auto place = [&](double low_agl_m, double high_agl_m) {
    const Enu2 p(between(rng, -110.0, 110.0), between(rng, -110.0, 110.0));
    return Enu3(p.x(), p.y(), terrain.height_msl_m(p).value() + between(rng, low_agl_m, high_agl_m));
  };
  Leg leg{place(30.0, 120.0), place(30.0, 120.0), kNoon + std::chrono::seconds(n % 200 - 30), {}};
  leg.to = leg.from + std::chrono::milliseconds(1 + 400 * (n % 350));
  if (n % 6 == 1) {  // straight up from a deck
    leg.b = leg.a;
    leg.a.z() = terrain.height_msl_m(leg.a.head<2>()).value() + between(rng, 0.0, 6.0);
  }
  if (n % 6 == 2) leg.to = leg.from;  // at one instant
  if (n % 6 == 3) leg.b.x() = leg.a.x();
  return leg;
}

double least_agl_m(const geo::TerrainModel& terrain, const Leg& leg) {
  double least_m = std::numeric_limits<double>::infinity();
  for (int k = 0; k <= 400; ++k) {
    const Enu3 p = leg.a + (leg.b - leg.a) * (k / 400.0);
    least_m = std::min(least_m, p.z() - terrain.height_msl_m(p.head<2>()).value());
  }
  return least_m;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(wind_field)

BOOST_AUTO_TEST_CASE(profiles_are_one_at_their_height_and_rise_with_a_falling_slope) {
  for (const auto kind : {geo::WindProfileKind::constant, geo::WindProfileKind::log, geo::WindProfileKind::power}) {
    const geo::WindProfile profile = profile_of(kind);
    BOOST_TEST(profile.factor(10.0) == 1.0, boost::test_tools::tolerance(1e-12));
    for (double h = 3.0; h < 150.0; h += 0.5) {
      constexpr double kStep = 1e-3;
      BOOST_TEST(profile.factor(h + kStep) >= profile.factor(h));
      const double slope = (profile.factor(h + kStep) - profile.factor(h)) / kStep;
      BOOST_TEST(std::abs(profile.slope_per_m(h) - slope) <= kStep * profile.curvature_per_m2(h) + 1e-9);
      BOOST_TEST(profile.slope_per_m(h + 1.0) <= profile.slope_per_m(h));
      BOOST_TEST(profile.curvature_per_m2(h + 1.0) <= profile.curvature_per_m2(h));
    }
  }
  // 4 m/s at 10 m over roughness 0.5 m: at 100 m ln(200) / ln(20) times that.
  const geo::WindProfile log{.kind = geo::WindProfileKind::log, .at_height_m = 10.0, .z0_m = 0.5};
  BOOST_TEST(4.0 * log.factor(100.0) == 4.0 * std::log(200.0) / std::log(20.0), boost::test_tools::tolerance(1e-12));
  BOOST_TEST(log.factor(0.3) == 0.0);
  BOOST_TEST(
      !geo::WindProfile({.kind = geo::WindProfileKind::log, .at_height_m = 10.0, .displacement_m = 9.8}).sound());
}

BOOST_AUTO_TEST_CASE(wind_from_the_south_west_blows_to_the_north_east) {
  const geo::WindField field({.speed_m_s = std::sqrt(8.0), .from_deg = 225.0}, {});
  const Enu2 v = field.velocity_m_s({3.0, 4.0}, 50.0, kNoon);
  BOOST_TEST(v.x() == 2.0, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(v.y() == 2.0, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(field.covers(kNoon - 9000h, kNoon));
}

BOOST_AUTO_TEST_CASE(a_forecast_meets_its_nodes_and_holds_beyond_its_rims) {
  std::mt19937_64 rng(test::seed());
  const geo::WindField field = random_forecast(rng, {});
  const auto values = field.velocities_m_s();
  for (std::size_t k = 0; k < 4; ++k) {
    for (int j = 0; j < 4; ++j) {
      for (int i = 0; i < 5; ++i) {
        const Enu2 v = field.velocity_m_s(Enu2(-180.0 + 90.0 * i, -140.0 + 90.0 * j), 20.0, field.instants()[k]);
        const std::size_t n = 2 * (k * 20 + static_cast<std::size_t>(5 * j + i));
        BOOST_TEST((v - Enu2(values[n], values[n + 1])).norm() < 1e-9);
      }
    }
  }
  BOOST_TEST(
      (field.velocity_m_s({900.0, 900.0}, 20.0, kNoon + 3h) - Enu2(values[values.size() - 2], values.back())).norm() <
      1e-9);
  BOOST_TEST(field.covers(kNoon, kNoon + 300s));
  BOOST_TEST(!field.covers(kNoon, kNoon + 301s));
}

BOOST_AUTO_TEST_CASE(the_mean_along_a_leg_is_within_its_error_of_a_fine_quadrature) {
  std::mt19937_64 rng(test::seed());
  double widest_m_s = 0.0;
  std::vector<double> errors_m_s;
  for (const auto kind : {geo::WindProfileKind::constant, geo::WindProfileKind::log, geo::WindProfileKind::power}) {
    const geo::TerrainModel terrain = test::hilly_terrain(rng, 40, 0.4, 2.0);
    const auto bounds = geo::TerrainBounds::enclose(terrain, 2.0);
    const geo::WindField forecast = random_forecast(rng, profile_of(kind));
    const geo::WindField even({.speed_m_s = 7.0, .from_deg = 250.0}, profile_of(kind));
    for (int n = 0; n < 240; ++n) {
      const geo::WindField& field = n % 4 == 0 ? even : forecast;
      const Leg leg = random_leg(rng, terrain, n);
      const geo::MeanWind mean = field.mean_along(bounds, leg.a, leg.b, leg.from, leg.to);
      const Enu2 sampled = sampled_mean(field, terrain, leg, 20'000);
      // Times are cut to the millisecond in the samples: in the worst place that is 18 m/s in 30 s.
      BOOST_TEST((mean.velocity_m_s - sampled).norm() <= mean.error_m_s + 1e-3,
                 "leg " << n << ": " << (mean.velocity_m_s - sampled).norm() << " > " << mean.error_m_s);
      BOOST_TEST(mean.beyond_forecast == !field.covers(leg.from, leg.to));
      if (kind == geo::WindProfileKind::constant) BOOST_TEST(mean.error_m_s == 0.0);
      errors_m_s.push_back(mean.error_m_s);
      if (least_agl_m(terrain, leg) >= 20.0) widest_m_s = std::max(widest_m_s, mean.error_m_s);
      const geo::Box2 all{{-200.0, -200.0}, {200.0, 200.0}};
      BOOST_TEST(mean.velocity_m_s.norm() - mean.error_m_s <= field.fastest_m_s(all, 250.0, leg.from, leg.to) + 1e-9);
    }
  }
  // Of winds up to 12 m/s: the bound must be one that is of use. It is wide only on legs that scrape along the ground,
  // where a profile is steep.
  std::sort(errors_m_s.begin(), errors_m_s.end());
  BOOST_TEST(widest_m_s < 0.1);
  BOOST_TEST(errors_m_s[errors_m_s.size() / 2] < 0.03);
  BOOST_TEST(errors_m_s[errors_m_s.size() * 8 / 10] < 0.1);
}

BOOST_AUTO_TEST_CASE(no_wind_in_a_box_is_faster_than_its_bound) {
  std::mt19937_64 rng(test::seed());
  const geo::WindField field = random_forecast(rng, profile_of(geo::WindProfileKind::log));
  for (int n = 0; n < 500; ++n) {
    const Enu2 a(between(rng, -300.0, 300.0), between(rng, -300.0, 300.0));
    geo::Box2 box{a, a + Enu2(between(rng, 0.0, 200.0), between(rng, 0.0, 200.0))};
    const double highest_m = between(rng, 5.0, 120.0);
    const UtcTime from = kNoon + std::chrono::milliseconds(n * 700 - 20'000);
    const UtcTime to = from + std::chrono::milliseconds(n * 100);
    const double fastest = field.fastest_m_s(box, highest_m, from, to);
    for (int k = 0; k < 50; ++k) {
      const Enu2 p(between(rng, box.min.x(), box.max.x()), between(rng, box.min.y(), box.max.y()));
      const UtcTime t = after(from, between(rng, 0.0, seconds_between(from, to)));
      BOOST_TEST(field.velocity_m_s(p, between(rng, 0.0, highest_m), t).norm() <= fastest + 1e-9);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_leg_over_unknown_ground_has_no_bound) {
  std::mt19937_64 rng(test::seed());
  const geo::TerrainModel terrain = test::hilly_terrain(rng, 12, 0.0, 1.0);
  const auto bounds = geo::TerrainBounds::enclose(terrain, 2.0);
  const geo::WindField field({.speed_m_s = 5.0, .from_deg = 0.0}, profile_of(geo::WindProfileKind::log));
  BOOST_TEST(std::isinf(field.mean_along(bounds, {0, 0, 180}, {900, 0, 180}, kNoon, kNoon + 60s).error_m_s));
}

BOOST_AUTO_TEST_CASE(a_field_of_values_that_do_not_fit_is_the_callers_bug) {
  const geo::WindField::Lattice two{.origin = {0, 0}, .spacing_m = 10.0, .nx = 2, .ny = 1};
  BOOST_CHECK_THROW(geo::WindField({}, two, {kNoon}, std::vector<double>{1, 2, 3}), std::invalid_argument);
  BOOST_CHECK_THROW(geo::WindField({}, two, {}, std::vector<double>{}), std::invalid_argument);
  BOOST_CHECK_THROW(geo::WindField({}, two, {kNoon}, std::vector<double>{1, 2, 3, NAN}), std::invalid_argument);
  BOOST_CHECK_THROW(geo::WindField({}, two, {kNoon, kNoon}, std::vector<double>(8, 1.0)), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
