#pragma once

#include <cmath>
#include <random>
#include <vector>

#include "geo/terrain.hpp"

namespace swiftlet::test {

/// A terrain of n x n cells of 10 m whose grid is turned against the local frame, with kinks and twists at every node.
inline geo::TerrainModel hilly_terrain(std::mt19937_64& rng, int n, double turn_rad, double roughness_m) {
  geo::PixelLattice lattice;
  lattice.origin = {-20.0 * n, -20.0 * n};
  lattice.nx = lattice.ny = static_cast<int>(40.0 * n / lattice.spacing_m) + 2;
  const double c = std::cos(turn_rad);
  const double s = std::sin(turn_rad);
  for (int j = 0; j < lattice.ny; ++j) {
    for (int i = 0; i < lattice.nx; ++i) {
      const geo::Enu2 p = lattice.origin + lattice.spacing_m * geo::Enu2(i, j);
      lattice.pixel.emplace_back((c * p.x() + s * p.y()) / 10.0 + n / 2.0, (s * p.x() - c * p.y()) / 10.0 + n / 2.0);
    }
  }
  std::normal_distribution<double> rough(0.0, roughness_m);
  std::vector<float> heights;
  for (int k = 0; k < n * n; ++k) heights.push_back(static_cast<float>(100.0 + 3.0 * (k % n) + rough(rng)));
  return {std::move(lattice), n, n, std::move(heights)};
}

}  // namespace swiftlet::test
