// Compiler and referee read the same random sources, each by its own code, and must see the same world.
#include <fmt/core.h>
#include <ogr_spatialref.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "geo/airspace_view.hpp"
#include "geo/obstacle_index.hpp"
#include "maps/compile.hpp"
#include "maps/referee/referee.hpp"
#include "maps/referee/sources.hpp"
#include "tests/maps/random_world.hpp"
#include "tests/seed.hpp"

using namespace swiftlet;
using maps::referee::Point2;

namespace {

constexpr double kNear_m = 0.02;  ///< what two readings of a footprint may differ by
constexpr double kSame_m = 0.005;

/// One region, read twice.
class TwoReadings {
 public:
  TwoReadings(const std::filesystem::path& dir, const std::string& entries) {
    test::write_text(dir / "region.toml",
                     "[region]\nname = \"twice\"\nvertical_datum = \"test\"\n[policy]\ncell_m = 4\n" + entries);
    const auto manifest = maps::read_region_manifest(dir / "region.toml");
    BOOST_REQUIRE_MESSAGE(manifest, test::why_not(manifest));
    auto region = maps::compile(*manifest);
    BOOST_REQUIRE_MESSAGE(region, test::why_not(region));
    airspace = std::make_shared<geo::Airspace>(std::move(region->airspace));
    auto sources = maps::referee::read_sources(*manifest);
    BOOST_REQUIRE_MESSAGE(sources, test::why_not(sources));
    theirs = std::make_unique<maps::referee::Sources>(std::move(*sources));
    for (const auto& source : theirs->terrain->sources()) {
      ways.push_back(maps::referee::Reprojection::between(*maps::referee::wgs84_lonlat(), *source.crs, "").value());
    }
    auto opened = maps::open_referee(*manifest);
    BOOST_REQUIRE_MESSAGE(opened, test::why_not(opened));
    referee = std::move(*opened);
  }

  [[nodiscard]] std::optional<double> their_ground(const geo::Enu2& p) const {
    const LonLat at = airspace->frame.to_lonlat(p);
    std::vector<Point2> pixels;
    for (std::size_t k = 0; k < ways.size(); ++k) {
      std::vector<Point2> one{{at.lon_deg, at.lat_deg}};
      BOOST_REQUIRE(ways[k].apply(one));
      pixels.push_back(theirs->terrain->sources()[k].dem.pixel(one[0]));
    }
    return theirs->terrain->height_m(pixels);
  }

  /// Whether any of our prisms nearer than the radius holds the altitude, all of them grown by so much.
  [[nodiscard]] bool ours_bind(const geo::ObstacleIndex& index, const geo::Enu2& p, double z, double radius,
                               double grown) const {
    const geo::Box2 box{p - geo::Enu2::Constant(radius + 1), p + geo::Enu2::Constant(radius + 1)};
    const auto near = index.meeting(airspace->obstacles, box);
    return std::any_of(near.begin(), near.end(), [&](std::size_t k) {
      const geo::Obstacle& o = airspace->obstacles[k];
      return z < o.top_msl_m + grown && (!o.base_msl_m || z > *o.base_msl_m - grown) &&
             geo::distance_m(o.footprint, p) < radius;
    });
  }

  [[nodiscard]] bool theirs_bind(const geo::Enu2& p, double z, double radius) const {
    maps::referee::PrismLoan loan;
    std::vector<const maps::referee::IndexedPart*> near;
    const Point2 q{p.x(), p.y()};
    theirs->near(geos, {.min_x = q.x, .min_y = q.y, .max_x = q.x, .max_y = q.y}, radius + 1, loan, near);
    return std::any_of(near.begin(), near.end(), [&](const maps::referee::IndexedPart* part) {
      const auto& prism = *part->prism;
      return z < prism.top_msl_m && (!prism.base_msl_m || z > *prism.base_msl_m) &&
             maps::referee::distance_m(geos, q, q, *part) < radius;
    });
  }

  /// What either of them has there, for people.
  [[nodiscard]] std::string who_is_near(const geo::ObstacleIndex& index, const geo::Enu2& p, double radius) const {
    std::string text;
    const auto tell = [&](const char* whose, const std::string& id, double distance, double top,
                          const std::optional<double>& base) {
      if (distance < radius + 1) {
        text += fmt::format("{} {} at {} up to {} from {}; ", whose, id, distance, top, base.value_or(-HUGE_VAL));
      }
    };
    for (const std::size_t k : index.meeting(airspace->obstacles, geo::Box2{p, p}.grown(radius + 1))) {
      const geo::Obstacle& o = airspace->obstacles[k];
      tell("ours", o.id, geo::distance_m(o.footprint, p), o.top_msl_m, o.base_msl_m);
    }
    maps::referee::PrismLoan loan;
    std::vector<const maps::referee::IndexedPart*> near;
    const Point2 q{p.x(), p.y()};
    theirs->near(geos, {.min_x = q.x, .min_y = q.y, .max_x = q.x, .max_y = q.y}, radius + 1, loan, near);
    for (const auto* part : near) {
      tell("theirs", part->prism->cause.id, maps::referee::distance_m(geos, q, q, *part), part->prism->top_msl_m,
           part->prism->base_msl_m);
    }
    return text;
  }

  std::shared_ptr<geo::Airspace> airspace;
  std::unique_ptr<maps::referee::Sources> theirs;
  std::vector<maps::referee::Reprojection> ways;
  std::unique_ptr<const geo::Referee> referee;
  maps::referee::GeosContext geos;
};

struct Place {
  geo::Enu2 p;
  double z;
};

Place draw(test::RandomWorld& world, const geo::Airspace& airspace) {
  const geo::Box2 extent = airspace.bounds.grid().extent();
  const geo::Enu2 p(world.between(extent.min.x(), extent.max.x()), world.between(extent.min.y(), extent.max.y()));
  return {p, world.between(0, 130)};
}

void same_ground(const TwoReadings& both, test::RandomWorld& world, int places) {
  int known = 0;
  for (int n = 0; n < places; ++n) {
    const geo::Enu2 p = draw(world, *both.airspace).p;
    const auto same_at = [&](const geo::Enu2& q) {
      const auto ours = both.airspace->terrain.height_msl_m(q);
      const auto theirs = both.their_ground(q);
      known += ours ? 1 : 0;
      return ours.has_value() == theirs.has_value() && (!ours || std::abs(*ours - *theirs) < kSame_m);
    };
    // On a rim the two may fall on different sides; a few centimetres off it they may not.
    const bool same = same_at(p) || same_at(p + geo::Enu2(0.05, 0.02)) || same_at(p - geo::Enu2(0.05, 0.02));
    if (!same) BOOST_ERROR(fmt::format("place {} ({}, {})", n, p.x(), p.y()));
    // And our bounds enclose what they see.
    const geo::GridFrame& grid = both.airspace->bounds.grid();
    const geo::Enu2 cell = (p - grid.origin) / grid.cell_m;
    const int i = static_cast<int>(cell.x());
    const int j = static_cast<int>(cell.y());
    if (i >= grid.nx || j >= grid.ny || !both.airspace->bounds.flyable(i, j)) continue;
    const double u = cell.x() - i;
    const double v = cell.y() - j;
    const auto surface = [&](auto at) {
      return (1 - v) * ((1 - u) * at(i, j) + u * at(i + 1, j)) + v * ((1 - u) * at(i, j + 1) + u * at(i + 1, j + 1));
    };
    const auto theirs = both.their_ground(p);
    BOOST_REQUIRE(theirs.has_value());
    BOOST_TEST(*theirs <= surface([&](int a, int b) { return double{both.airspace->bounds.hi_msl_m(a, b)}; }));
    BOOST_TEST(*theirs >= surface([&](int a, int b) { return double{both.airspace->bounds.lo_msl_m(a, b)}; }));
  }
  BOOST_TEST(known > places / 3);
}

void same_prisms(const TwoReadings& both, test::RandomWorld& world, int places) {
  const geo::ObstacleIndex index(both.airspace->bounds.grid(), both.airspace->obstacles);
  int bound = 0;
  for (int n = 0; n < places; ++n) {
    const auto [p, z] = draw(world, *both.airspace);
    const double radius = world.between(0.1, 20);
    const bool theirs = both.theirs_bind(p, z, radius);
    bound += theirs ? 1 : 0;
    BOOST_TEST_CONTEXT(fmt::format("place {} ({}, {}, {}) within {}", n, p.x(), p.y(), z, radius)) {
      const bool ours =
          both.ours_bind(index, p, z, theirs ? radius + kNear_m : radius - kNear_m, theirs ? kSame_m : -kSame_m);
      BOOST_TEST(ours == theirs, both.who_is_near(index, p, radius));
    }
  }
  BOOST_TEST(bound > places / 50);
}

void what_we_prove_they_pass(const TwoReadings& both, test::RandomWorld& world, int segments) {
  geo::ViewOptions options;
  options.policy.cell_m = 4.0;
  options.policy.min_height_agl_m = 10.0;
  const geo::AirspaceView view(both.airspace, options);
  int free = 0;
  for (int n = 0; n < segments; ++n) {
    const Place a = draw(world, *both.airspace);
    const Place b = draw(world, *both.airspace);
    const geo::Enu2 short_b = a.p + (b.p - a.p) * world.between(0.02, 0.5);
    const geo::Enu3 from(a.p.x(), a.p.y(), a.z + 15);
    const geo::Enu3 to(short_b.x(), short_b.y(), world.between(a.z, a.z + 30));
    if (!view.is_free(from, to)) continue;
    ++free;
    geo::RouteUnderTest route;
    route.airspace_hash = both.airspace->hash;
    route.policy = options.policy;
    route.path = {both.airspace->frame.to_geo(from), both.airspace->frame.to_geo(to)};
    route.t_s = {0.0, 10.0};
    const auto report = both.referee->judge(route);
    for (const geo::Violation& violation : report.violations) {
      BOOST_ERROR(fmt::format("segment {}: {} with {}, {} for {}", n, violation.rule,
                              violation.cause.value_or(ErrorCause{}).id, violation.actual_m.value_or(0.0),
                              violation.required_m.value_or(0.0)));
    }
  }
  BOOST_TEST(free > segments / 100);
}

void compare(const std::string& what, const std::function<std::string(test::RandomWorld&)>& draw_entries, int worlds,
             bool with_obstacles) {
  const auto seed = test::seed();
  for (int k = 0; k < worlds; ++k) {
    BOOST_TEST_CONTEXT(fmt::format("{}, seed {}, world {}", what, seed, k)) {
      const test::TemporaryDirectory directory;
      test::RandomWorld world(directory.path(), seed * 1000 + static_cast<std::uint64_t>(k));
      const TwoReadings both(directory.path(), draw_entries(world));
      same_ground(both, world, 1500);
      if (with_obstacles) same_prisms(both, world, 1500);
      what_we_prove_they_pass(both, world, 600);
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(same_world)

BOOST_AUTO_TEST_CASE(terrains_that_overlap) {
  compare(
      "patched", [](auto& world) { return world.patched_terrain() + world.features(); }, 4, true);
}
BOOST_AUTO_TEST_CASE(surface_model_alone) {
  compare(
      "surface", [](auto& world) { return world.surface_alone(); }, 3, true);
}
BOOST_AUTO_TEST_CASE(surface_models_on_a_terrain_model) {
  compare(
      "surfaces", [](auto& world) { return world.surfaces_on_ground(); }, 3, true);
}
BOOST_AUTO_TEST_CASE(heights_as_a_raster) {
  compare(
      "heights", [](auto& world) { return world.patched_terrain() + world.heights_raster(); }, 3, true);
}
BOOST_AUTO_TEST_CASE(features_with_every_way_to_state_heights) {
  compare(
      "features", [](auto& world) { return world.base_terrain() + world.features(); }, 4, true);
}
BOOST_AUTO_TEST_CASE(openstreetmap) {
  compare(
      "osm", [](auto& world) { return world.base_terrain() + world.osm(); }, 4, true);
}

BOOST_AUTO_TEST_SUITE_END()
