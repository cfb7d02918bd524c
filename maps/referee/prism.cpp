#include "maps/referee/prism.hpp"

#include <algorithm>
#include <stdexcept>

namespace swiftlet::maps::referee {
namespace {

/// GEOS computes envelopes when first asked and stores them in the geometry: ask now, so that later readers in
/// several threads only read.
void settle_envelopes(const GeosContext& context, const GEOSGeometry* polygon) {
  double ignored = 0.0;
  GEOSGeom_getXMin_r(context.get(), polygon, &ignored);
  GEOSGeom_getXMin_r(context.get(), GEOSGetExteriorRing_r(context.get(), polygon), &ignored);
  const int holes = GEOSGetNumInteriorRings_r(context.get(), polygon);
  for (int i = 0; i < holes; ++i) {
    GEOSGeom_getXMin_r(context.get(), GEOSGetInteriorRingN_r(context.get(), polygon, i), &ignored);
  }
}

}  // namespace

PrismIndex::PrismIndex(std::vector<Prism> prisms) : prisms_(std::move(prisms)) {
  for (const Prism& prism : prisms_) {
    for (const Part& part : prism.parts) {
      parts_.push_back({.prism = &prism, .part = &part, .box = bounds(part), .geometry = to_geos(context_, part)});
    }
  }
  for (const IndexedPart& part : parts_) by_top_.push_back(&part);
  std::stable_sort(by_top_.begin(), by_top_.end(), [](const IndexedPart* a, const IndexedPart* b) {
    return a->prism->top_msl_m > b->prism->top_msl_m;
  });
  tree_ = GEOSSTRtree_create_r(context_.get(), 10);
  for (IndexedPart& part : parts_) {
    settle_envelopes(context_, part.geometry.get());
    GEOSSTRtree_insert_r(context_.get(), tree_, part.geometry.get(), &part);
  }
  // The tree is built by its first query.
  std::vector<const IndexedPart*> none;
  near(context_, {.min_x = 0, .min_y = 0, .max_x = 1, .max_y = 1}, 0.0, none);
}

PrismIndex::~PrismIndex() { GEOSSTRtree_destroy_r(context_.get(), tree_); }

void PrismIndex::near(const GeosContext& context, const Box& box, double margin_m,
                      std::vector<const IndexedPart*>& out) const {
  const GeosGeometry area =
      to_geos(context, {box.min_x - margin_m, box.min_y - margin_m}, {box.max_x + margin_m, box.max_y + margin_m});
  GEOSSTRtree_query_r(
      context.get(), tree_, area.get(),
      [](void* item, void* found) {
        static_cast<std::vector<const IndexedPart*>*>(found)->push_back(static_cast<const IndexedPart*>(item));
      },
      &out);
}

double distance_m(const GeosContext& context, Point2 a, Point2 b, const IndexedPart& part) {
  const GeosGeometry segment = to_geos(context, a, b);
  double distance = 0.0;
  if (GEOSDistance_r(context.get(), segment.get(), part.geometry.get(), &distance) != 1) {
    throw std::runtime_error("GEOS could not measure a distance between checked geometries");
  }
  return distance;
}

double nearest_fraction(const GeosContext& context, Point2 a, Point2 b, const IndexedPart& part) {
  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  const double square = dx * dx + dy * dy;
  if (square == 0.0) return 0.0;
  const GeosGeometry segment = to_geos(context, a, b);
  GEOSCoordSequence* pair = GEOSNearestPoints_r(context.get(), segment.get(), part.geometry.get());
  if (pair == nullptr) return 0.0;
  double x = a.x;
  double y = a.y;
  GEOSCoordSeq_getXY_r(context.get(), pair, 0, &x, &y);
  GEOSCoordSeq_destroy_r(context.get(), pair);
  return std::clamp(((x - a.x) * dx + (y - a.y) * dy) / square, 0.0, 1.0);
}

}  // namespace swiftlet::maps::referee
