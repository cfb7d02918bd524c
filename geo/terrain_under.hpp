#pragma once

#include <vector>

#include "geo/terrain.hpp"

namespace swiftlet::geo {

/// Finds the extremes of the terrain under one footprint: see TerrainModel::ground_under.
class TerrainUnder {
 public:
  TerrainUnder(const std::vector<TerrainGrid>& sources, const MultiPolygon& footprint);
  [[nodiscard]] GroundUnder find();

 private:
  /// A source that the footprint may touch, and the footprint in its pixel coordinates.
  struct Candidate {
    const TerrainGrid* grid;
    MultiPolygon pixels;
    Box2 box;
  };

  void along_footprint_edge(const Enu2& a, const Enu2& b);
  void inside_nodes(std::size_t k);
  void along_rim(std::size_t k);
  void along_rim_edge(std::size_t k, const Eigen::Vector2d& from, const Eigen::Vector2d& to);

  void include(double height_msl_m);
  void include_quadratic(double f0, double fm, double f1);
  void include_along(const Candidate& candidate, const Enu2& a, const Enu2& b, double t0, double t1);
  /// Includes what can be seen of the sources on a stretch of a straight line on which none of them changes.
  /// `but` is not asked. False where no source knows the stretch.
  bool include_visible(const Enu2& a, const Enu2& b, double t0, double t1, const Candidate* but);
  bool include_extended(const Enu2& a, const Enu2& b, double t0, double t1);
  [[nodiscard]] bool hidden(const Enu2& p_enu, std::size_t k) const;
  [[nodiscard]] bool covered(const Enu2& p_enu) const;

  const MultiPolygon& footprint_;
  std::vector<Candidate> candidates_;  ///< the last one wins
  std::vector<double> cuts_;
  GroundUnder ground_;
};

}  // namespace swiftlet::geo
