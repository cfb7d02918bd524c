#pragma once

#include <Eigen/Geometry>
#include <memory>
#include <string>

#include "geo/airspace.hpp"
#include "tests/geo/hilly_terrain.hpp"

namespace swiftlet::test {

inline geo::MultiPolygon box_at(const geo::Enu2& centre, double half_x, double half_y, double turn_rad) {
  using geo::Enu2;
  const Eigen::Rotation2Dd turn(turn_rad);
  geo::Ring ring;
  for (const Enu2& c : {Enu2(-half_x, -half_y), Enu2(half_x, -half_y), Enu2(half_x, half_y), Enu2(-half_x, half_y)}) {
    ring.push_back(centre + turn * c);
  }
  return {{ring, {}}};
}

/// Some 480 x 480 m of hills round the origin with turned boxes on them, 5 to 120 m high.
inline std::shared_ptr<geo::Airspace> hilly_town(std::mt19937_64& rng, int buildings) {
  auto a = std::make_shared<geo::Airspace>();
  a->terrain = hilly_terrain(rng, 50, 0.2, 1.0);
  a->bounds = geo::TerrainBounds::enclose(a->terrain, 2.0);
  std::uniform_real_distribution<double> place(-180, 180);
  std::uniform_real_distribution<double> half(3, 15);
  std::uniform_real_distribution<double> height(5, 120);
  for (int k = 0; k < buildings; ++k) {
    geo::Obstacle o;
    o.id = std::to_string(k);
    o.kind = "building";
    o.footprint = box_at({place(rng), place(rng)}, half(rng), half(rng), place(rng));
    o.box = geo::bounds(o.footprint);
    o.top_msl_m = a->terrain.highest_msl_m(o.footprint).value() + height(rng);
    a->obstacles.push_back(std::move(o));
  }
  return a;
}

}  // namespace swiftlet::test
