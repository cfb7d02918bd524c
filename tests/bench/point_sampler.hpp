#pragma once

#include <vector>

#include "geo/airspace_view.hpp"
#include "geo/height_band.hpp"

namespace swiftlet::bench {

/// What most planners do instead of an exact test: a point every 2 m, each looked up in the compiled surfaces. It is
/// the peer that the exact test is compared with, so it is made as fast as scalar code goes: plain arrays, row by row,
/// one multiplication a step and no call. It judges a point as AirspaceView::band_at does: floor and ceiling there, the
/// terrain's patches included.
class PointSampler {
 public:
  explicit PointSampler(const geo::AirspaceView& view);
  [[nodiscard]] bool is_free(const geo::Enu3& a_enu, const geo::Enu3& b_enu) const;
  /// The same with a constant band a cell looked up first, a trick of the exact test's own: the fastest that could be
  /// made of sampling.
  [[nodiscard]] bool is_free_by_cells(const geo::Enu3& a_enu, const geo::Enu3& b_enu) const;
  /// A point every 2 m asked of the view's public query: what a planner does that brings its own sampling.
  [[nodiscard]] bool is_free_by_query(const geo::Enu3& a_enu, const geo::Enu3& b_enu) const;

 private:
  template <class PointTest>
  [[nodiscard]] bool every_point(const geo::Enu3& a_enu, const geo::Enu3& b_enu, PointTest&& test) const;
  [[nodiscard]] bool point_is_free(int i, int j, double x, double y, double z) const;

  const geo::AirspaceView& view_;
  geo::GridFrame grid_;
  double per_cell_;
  double floor_agl_m_;
  double ceiling_agl_m_;
  const float* hi_;
  const float* lo_;
  std::vector<geo::HeightBand> bands_;
  std::vector<float> obstacle_floor_msl_m_;
};

}  // namespace swiftlet::bench
