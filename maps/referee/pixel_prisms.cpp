#include "maps/referee/pixel_prisms.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace swiftlet::maps::referee {
namespace {

constexpr int kBlock = 16;
constexpr std::size_t kBlocksInRun = 32;

}  // namespace

PixelPrisms::PixelPrisms(std::string kind, int columns, int rows, std::vector<double> tops_msl_m, PixelNet local)
    : kind_(std::move(kind)), columns_(columns), tops_msl_m_(std::move(tops_msl_m)), local_(std::move(local)) {
  for (int r0 = 0; r0 < rows; r0 += kBlock) {
    for (int c0 = 0; c0 < columns; c0 += kBlock) {
      Block block{c0,
                  std::min(columns, c0 + kBlock) - 1,
                  r0,
                  std::min(rows, r0 + kBlock) - 1,
                  -std::numeric_limits<double>::infinity(),
                  {}};
      for (int r = block.r0; r <= block.r1; ++r) {
        for (int c = block.c0; c <= block.c1; ++c) {
          if (std::isnan(top_msl_m(c, r))) continue;
          block.top_msl_m = std::max(block.top_msl_m, top_msl_m(c, r));
          const Part pixel = square(local_, c, r);
          for (const Point2& corner : pixel.rings[0]) block.box.include(corner);
        }
      }
      if (std::isfinite(block.top_msl_m)) blocks_.push_back(block);
    }
  }
  // Blocks of a run lie side by side before they are sorted by height.
  std::vector<std::size_t> order(blocks_.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return blocks_[a].top_msl_m > blocks_[b].top_msl_m; });
  std::vector<Block> sorted;
  runs_.resize((blocks_.size() + kBlocksInRun - 1) / kBlocksInRun);
  for (const std::size_t k : order) {
    Run& run = runs_[k / kBlocksInRun];
    run.blocks.push_back(sorted.size());
    run.box.include({blocks_[k].box.min_x, blocks_[k].box.min_y});
    run.box.include({blocks_[k].box.max_x, blocks_[k].box.max_y});
    sorted.push_back(blocks_[k]);
  }
  blocks_ = std::move(sorted);
}

Part PixelPrisms::square(const PixelNet& net, int column, int row) {
  const double c = column;
  const double r = row;
  // Large pixels have edges that bend: a corner every quarter follows them.
  const int pieces = net.step() == 1 ? 4 : 1;
  Ring ring;
  for (int k = 0; k < pieces; ++k) ring.push_back(net.at(c + static_cast<double>(k) / pieces, r));
  for (int k = 0; k < pieces; ++k) ring.push_back(net.at(c + 1.0, r + static_cast<double>(k) / pieces));
  for (int k = 0; k < pieces; ++k) ring.push_back(net.at(c + 1.0 - static_cast<double>(k) / pieces, r + 1.0));
  for (int k = 0; k < pieces; ++k) ring.push_back(net.at(c, r + 1.0 - static_cast<double>(k) / pieces));
  ring.push_back(ring.front());
  return {.rings = {std::move(ring)}};
}

void PixelPrisms::make(const GeosContext& context, const Block& block, const Box& box, double margin_m, PrismLoan& loan,
                       std::vector<const IndexedPart*>& out) const {
  for (int r = block.r0; r <= block.r1; ++r) {
    for (int c = block.c0; c <= block.c1; ++c) {
      const double top = top_msl_m(c, r);
      if (std::isnan(top)) continue;
      Part part = square(local_, c, r);
      const Box around = bounds(part);
      if (!around.meets(box, margin_m)) continue;
      Prism& prism = loan.prisms.emplace_back(Prism{
          .cause = {.kind = kind_, .id = fmt::format("{},{}", c, r)}, .top_msl_m = top, .base_msl_m = {}, .parts = {}});
      prism.parts.push_back(std::move(part));
      IndexedPart& indexed = loan.parts.emplace_back();
      indexed.prism = &prism;
      indexed.part = &prism.parts.front();
      indexed.box = around;
      indexed.geometry = to_geos(context, *indexed.part);
      out.push_back(&indexed);
    }
  }
}

void PixelPrisms::near(const GeosContext& context, const Box& box, double margin_m, PrismLoan& loan,
                       std::vector<const IndexedPart*>& out) const {
  for (const Run& run : runs_) {
    if (!run.box.meets(box, margin_m)) continue;
    for (const std::size_t k : run.blocks) {
      if (blocks_[k].box.meets(box, margin_m)) make(context, blocks_[k], box, margin_m, loan, out);
    }
  }
}

}  // namespace swiftlet::maps::referee
