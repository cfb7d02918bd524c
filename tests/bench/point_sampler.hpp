#pragma once

#include <vector>

#include "geo/airspace_view.hpp"

namespace swiftlet::bench {

/// What most planners do instead of an exact test: a point every 2 m, each looked up in the compiled surfaces. It is
/// the peer that the exact test is compared with, so it is made as fast as scalar code goes: plain arrays, row by row,
/// one multiplication a step, the terrain's patch only where the cell's constant band does not answer.
class PointSampler {
 public:
  explicit PointSampler(const geo::AirspaceView& view);
  [[nodiscard]] bool is_free(const geo::Enu3& a_enu, const geo::Enu3& b_enu) const;

 private:
  [[nodiscard]] bool point_is_free(double x, double y, double z) const;

  const geo::AirspaceView& view_;
  geo::GridFrame grid_;
  double per_cell_;
  double floor_agl_m_;
  double ceiling_agl_m_;
  std::vector<geo::AirspaceView::Band> bands_;
  std::vector<float> obstacle_floor_msl_m_;
};

}  // namespace swiftlet::bench
