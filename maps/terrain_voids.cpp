#include "maps/terrain_voids.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace swiftlet::maps {
namespace {

/// Finds voids one by one, and the cells round them.
class VoidFinder {
 public:
  explicit VoidFinder(const TerrainRaster& raster) : raster_(raster), seen_(raster.heights_msl_m.size(), false) {}

  /// The void that holds the cell; empty where it was found before or holds data.
  const std::vector<std::size_t>& void_at(std::size_t cell) {
    cells_.clear();
    rim_.clear();
    if (seen_[cell] || std::isfinite(raster_.heights_msl_m[cell])) return cells_;
    seen_[cell] = true;
    cells_.push_back(cell);
    for (std::size_t k = 0; k < cells_.size(); ++k) visit_neighbours(cells_[k]);
    return cells_;
  }

  /// The mean of the cells with data round the void found last. Precondition: the raster holds some data.
  float mean_of_rim() {
    std::sort(rim_.begin(), rim_.end());
    rim_.erase(std::unique(rim_.begin(), rim_.end()), rim_.end());
    double sum = 0.0;
    for (const std::size_t cell : rim_) sum += raster_.heights_msl_m[cell];
    return static_cast<float>(sum / static_cast<double>(rim_.size()));
  }

 private:
  void visit_neighbours(std::size_t cell) {
    const int column = static_cast<int>(cell % static_cast<std::size_t>(raster_.columns));
    const int row = static_cast<int>(cell / static_cast<std::size_t>(raster_.columns));
    for (int r = std::max(0, row - 1); r <= std::min(raster_.rows - 1, row + 1); ++r) {
      for (int c = std::max(0, column - 1); c <= std::min(raster_.columns - 1, column + 1); ++c) {
        const std::size_t near =
            static_cast<std::size_t>(r) * static_cast<std::size_t>(raster_.columns) + static_cast<std::size_t>(c);
        if (std::isfinite(raster_.heights_msl_m[near])) {
          rim_.push_back(near);
        } else if (!seen_[near]) {
          seen_[near] = true;
          cells_.push_back(near);
        }
      }
    }
  }

  const TerrainRaster& raster_;
  std::vector<bool> seen_;
  std::vector<std::size_t> cells_;
  std::vector<std::size_t> rim_;
};

}  // namespace

VoidReport treat_voids(TerrainRaster& raster, const TerrainSource& source) {
  VoidReport report;
  VoidFinder finder(raster);
  std::vector<std::pair<std::size_t, float>> fill;  // once all are found: what is filled is no data for its neighbour
  for (std::size_t cell = 0; cell < raster.heights_msl_m.size(); ++cell) {
    const auto& cells = finder.void_at(cell);
    if (cells.empty()) continue;
    if (cells.size() <= static_cast<std::size_t>(source.max_void_cells)) {
      report.filled += cells.size();
      const float mean = finder.mean_of_rim();
      for (const std::size_t k : cells) fill.emplace_back(k, mean);
    } else if (source.sea_level_m) {
      report.sea += cells.size();
      for (const std::size_t k : cells) fill.emplace_back(k, static_cast<float>(*source.sea_level_m));
    } else {
      report.left += cells.size();
    }
  }
  for (const auto& [cell, height] : fill) raster.heights_msl_m[cell] = height;
  return report;
}

}  // namespace swiftlet::maps
