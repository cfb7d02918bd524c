#include "tests/bench/point_sampler.hpp"

#include <cmath>

#include "geo/composed_tiles.hpp"
#include "geo/terrain_patch.hpp"

namespace swiftlet::bench {
namespace {

constexpr double kStep_m = 2.0;

}  // namespace

PointSampler::PointSampler(const geo::AirspaceView& view)
    : view_(view),
      grid_(view.grid()),
      per_cell_(1.0 / grid_.cell_m),
      floor_agl_m_(view.options().policy.min_height_agl_m + geo::AirspaceView::kProofMargin_m),
      ceiling_agl_m_(view.options().policy.max_height_agl_m - geo::AirspaceView::kProofMargin_m) {
  for (int j = 0; j < grid_.ny; ++j) {
    for (int i = 0; i < grid_.nx; ++i) {
      bands_.push_back(view.safe_band(i, j));
      const auto floor = view.tiles().at_cell(i, j).layers->safe_floor[geo::ViewTile::cell(i % 64, j % 64)];
      obstacle_floor_msl_m_.push_back(floor.is_refined() ? std::numeric_limits<float>::infinity() : floor.msl_m());
    }
  }
}

bool PointSampler::point_is_free(double x, double y, double z) const {
  const int i = std::min(static_cast<int>(x), grid_.nx - 1);
  const int j = std::min(static_cast<int>(y), grid_.ny - 1);
  const std::size_t n = grid_.index(i, j);
  const geo::AirspaceView::Band& band = bands_[n];
  if (z >= band.floor_msl_m && z <= band.ceiling_msl_m) return true;
  if (z < obstacle_floor_msl_m_[n]) return false;
  const geo::TerrainBounds& t = view_.airspace().bounds;
  const geo::TerrainPatch hi{t.hi_msl_m(i, j), t.hi_msl_m(i + 1, j), t.hi_msl_m(i, j + 1), t.hi_msl_m(i + 1, j + 1)};
  if (z < hi.at(x - i, y - j) + floor_agl_m_) return false;
  const geo::TerrainPatch lo{t.lo_msl_m(i, j), t.lo_msl_m(i + 1, j), t.lo_msl_m(i, j + 1), t.lo_msl_m(i + 1, j + 1)};
  return z <= lo.at(x - i, y - j) + ceiling_agl_m_;
}

bool PointSampler::is_free(const geo::Enu3& a_enu, const geo::Enu3& b_enu) const {
  const int steps = std::max(1, static_cast<int>(std::ceil((b_enu - a_enu).norm() / kStep_m)));
  const double ax = (a_enu.x() - grid_.origin.x()) * per_cell_;
  const double ay = (a_enu.y() - grid_.origin.y()) * per_cell_;
  const double dx = (b_enu.x() - a_enu.x()) * per_cell_ / steps;
  const double dy = (b_enu.y() - a_enu.y()) * per_cell_ / steps;
  const double dz = (b_enu.z() - a_enu.z()) / steps;
  for (int k = 0; k <= steps; ++k) {
    if (!point_is_free(ax + k * dx, ay + k * dy, a_enu.z() + k * dz)) return false;
  }
  return true;
}

}  // namespace swiftlet::bench
