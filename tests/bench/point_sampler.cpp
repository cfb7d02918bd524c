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
      ceiling_agl_m_(view.options().policy.max_height_agl_m - geo::AirspaceView::kProofMargin_m),
      hi_(view.airspace().bounds.hi_nodes_msl_m().data()),
      lo_(view.airspace().bounds.lo_nodes_msl_m().data()) {
  for (int j = 0; j < grid_.ny; ++j) {
    for (int i = 0; i < grid_.nx; ++i) {
      bands_.push_back(view.tiles().band(0, i, j));
      const auto floor = view.tiles().at_cell(i, j).layers->safe_floor[geo::ViewTile::cell(i % 64, j % 64)];
      obstacle_floor_msl_m_.push_back(floor.is_refined() ? std::numeric_limits<float>::infinity() : floor.msl_m());
    }
  }
}

bool PointSampler::point_is_free(int i, int j, double x, double y, double z) const {
  if (z < obstacle_floor_msl_m_[grid_.index(i, j)]) return false;
  const std::size_t south = grid_.node_index(i, j);
  const std::size_t north = grid_.node_index(i, j + 1);
  const geo::TerrainPatch hi{hi_[south], hi_[south + 1], hi_[north], hi_[north + 1]};
  if (z < hi.at(x - i, y - j) + floor_agl_m_) return false;
  const geo::TerrainPatch lo{lo_[south], lo_[south + 1], lo_[north], lo_[north + 1]};
  return z <= lo.at(x - i, y - j) + ceiling_agl_m_;
}

template <class PointTest>
bool PointSampler::every_point(const geo::Enu3& a_enu, const geo::Enu3& b_enu, PointTest&& test) const {
  const int steps = std::max(1, static_cast<int>(std::ceil((b_enu - a_enu).norm() / kStep_m)));
  const double ax = (a_enu.x() - grid_.origin.x()) * per_cell_;
  const double ay = (a_enu.y() - grid_.origin.y()) * per_cell_;
  const double dx = (b_enu.x() - a_enu.x()) * per_cell_ / steps;
  const double dy = (b_enu.y() - a_enu.y()) * per_cell_ / steps;
  const double dz = (b_enu.z() - a_enu.z()) / steps;
  for (int k = 0; k <= steps; ++k) {
    const double x = ax + k * dx;
    const double y = ay + k * dy;
    const int i = std::min(static_cast<int>(x), grid_.nx - 1);
    const int j = std::min(static_cast<int>(y), grid_.ny - 1);
    if (!test(i, j, x, y, a_enu.z() + k * dz)) return false;
  }
  return true;
}

bool PointSampler::is_free(const geo::Enu3& a_enu, const geo::Enu3& b_enu) const {
  return every_point(a_enu, b_enu,
                     [&](int i, int j, double x, double y, double z) { return point_is_free(i, j, x, y, z); });
}

bool PointSampler::is_free_by_cells(const geo::Enu3& a_enu, const geo::Enu3& b_enu) const {
  return every_point(a_enu, b_enu, [&](int i, int j, double x, double y, double z) {
    return bands_[grid_.index(i, j)].holds(z, z) || point_is_free(i, j, x, y, z);
  });
}

bool PointSampler::is_free_by_query(const geo::Enu3& a_enu, const geo::Enu3& b_enu) const {
  const int steps = std::max(1, static_cast<int>(std::ceil((b_enu - a_enu).norm() / kStep_m)));
  const geo::Enu3 step = (b_enu - a_enu) / steps;
  for (int k = 0; k <= steps; ++k) {
    const geo::Enu3 p = a_enu + k * step;
    const auto band = view_.band_at(p.head<2>());
    if (!band || p.z() < band->floor_msl_m || p.z() > band->ceiling_msl_m) return false;
  }
  return true;
}

}  // namespace swiftlet::bench
