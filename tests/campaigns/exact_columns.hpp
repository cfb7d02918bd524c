#pragma once

#include <cstdint>
#include <vector>

#include "geo/airspace.hpp"

namespace swiftlet::campaign {

/// The exact geometry of a city at the points of a fine lattice, straight from the contract's words: the terrain under
/// each point, and the highest top of all footprints nearer than the lateral clearance. It uses distances from points
/// to polygons, and none of the cells, masks, tiles and quarters that views are made of.
class ExactColumns {
 public:
  ExactColumns(const geo::Airspace& airspace, const geo::Policy& policy, const geo::Box2& area, double step_m);

  [[nodiscard]] std::size_t nx() const { return nx_; }
  [[nodiscard]] std::size_t ny() const { return ny_; }
  [[nodiscard]] double step_m() const { return step_m_; }
  [[nodiscard]] geo::Enu2 point(std::size_t i, std::size_t j) const {
    return origin_ + step_m_ * geo::Enu2(static_cast<double>(i) + 0.5, static_cast<double>(j) + 0.5);
  }
  [[nodiscard]] bool is_free(std::size_t i, std::size_t j, double max_height_agl_m) const {
    const std::size_t n = j * nx_ + i;
    return floor_[n] <= terrain_[n] + static_cast<float>(max_height_agl_m);
  }

  struct Components {
    std::vector<std::uint32_t> of_point;  ///< kClosed where the column is closed
    std::vector<double> areas_m2;         ///< by number, the largest first
  };
  static constexpr std::uint32_t kClosed = 0xFFFFFFFFU;
  /// Neighbouring points whose bands overlap belong together.
  [[nodiscard]] Components components(double max_height_agl_m) const;

 private:
  geo::Enu2 origin_;
  double step_m_;
  std::size_t nx_;
  std::size_t ny_;
  std::vector<float> terrain_;  ///< NaN beyond the hull
  std::vector<float> floor_;
};

}  // namespace swiftlet::campaign
