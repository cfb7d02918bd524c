#pragma once

#include <deque>
#include <string>
#include <vector>

#include "maps/referee/pixel_net.hpp"
#include "maps/referee/prism.hpp"

namespace swiftlet::maps::referee {

/// Prisms made while a route is judged, and kept to the end of it.
struct PrismLoan {
  std::deque<Prism> prisms;
  std::deque<IndexedPart> parts;
};

/// The prisms over the squares of a raster's pixels. Only their tops are kept; a prism is made when it is asked for.
/// Safe to read from any number of threads, each with a context and a loan of its own.
class PixelPrisms {
 public:
  /// tops: row by row, NaN where nothing stands.
  PixelPrisms(std::string kind, int columns, int rows, std::vector<double> tops_msl_m, PixelNet local);

  /// A block of neighbouring pixels.
  struct Block {
    int c0, c1, r0, r1;
    double top_msl_m;  ///< of the highest pixel
    Box box;
  };
  /// Blocks in which anything stands, the highest first.
  [[nodiscard]] const std::vector<Block>& blocks() const { return blocks_; }

  /// Adds the prisms of a block whose bounds come within margin of the box.
  void make(const GeosContext& context, const Block& block, const Box& box, double margin_m, PrismLoan& loan,
            std::vector<const IndexedPart*>& out) const;
  /// Adds all prisms whose bounds come within margin of the box.
  void near(const GeosContext& context, const Box& box, double margin_m, PrismLoan& loan,
            std::vector<const IndexedPart*>& out) const;

  /// The square of a pixel in the local frame.
  [[nodiscard]] static Part square(const PixelNet& net, int column, int row);
  [[nodiscard]] double top_msl_m(int column, int row) const {
    return tops_msl_m_[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) +
                       static_cast<std::size_t>(column)];
  }

 private:
  std::string kind_;
  int columns_;
  std::vector<double> tops_msl_m_;
  PixelNet local_;
  std::vector<Block> blocks_;
  /// Bounds of runs of blocks in the order of the raster, so that a search passes over most of it.
  struct Run {
    Box box;
    std::vector<std::size_t> blocks;
  };
  std::vector<Run> runs_;
};

}  // namespace swiftlet::maps::referee
