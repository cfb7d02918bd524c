#include "planner/column_grid.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "geo/cell_refinement.hpp"
#include "geo/terrain_patch.hpp"

namespace swiftlet::planner {
namespace {

using geo::AirspaceView;
using Band = AirspaceView::Band;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// Twice the profile's margin on both sides, and some for floats: what is connected here must leave taut_profile an
/// opening.
constexpr double kOpening_m = 0.02;

double finest_m(const AirspaceView& view) {
  return view.grid().cell_m / (1 << geo::refinement_depth(view.grid().cell_m));
}

/// At the edge of the extent the view has no terrain bounds, and leaves a cell open to the sky over any wall. What the
/// policy allows over the part that is known terrain; closed where there is none.
Band held_at_edge(const AirspaceView& view, int i, int j) {
  constexpr double kAround_m = 0.01;
  const geo::Box2 box = view.grid().cell(i, j).grown(kAround_m);
  const geo::MultiPolygon square{
      {.outer = {box.min, {box.max.x(), box.min.y()}, box.max, {box.min.x(), box.max.y()}}, .holes = {}}};
  const geo::GroundUnder ground = view.airspace().terrain.ground_under(square);
  if (!ground.on_terrain) return {kInfinity, -kInfinity};
  const geo::Policy& policy = view.options().policy;
  return {ground.lowest_msl_m + policy.min_height_agl_m - AirspaceView::kProofMargin_m,
          ground.highest_msl_m + policy.max_height_agl_m + AirspaceView::kProofMargin_m};
}

bool closed_by_slope(const AirspaceView& view, int i, int j) {
  return view.airspace().bounds.flyable(i, j) && !view.safe_band(i, j).open() && view.optimistic_band(i, j).open();
}

}  // namespace

bool is_divided(const AirspaceView& view, int i, int j) { return view.is_refined(i, j) || closed_by_slope(view, i, j); }

void for_each_column(const AirspaceView& view, int i, int j,
                     const std::function<void(const AirspaceView::Quarter&)>& visit) {
  if (!view.is_refined(i, j) && closed_by_slope(view, i, j)) {
    view.for_each_quarter(i, j, finest_m(view), visit);
  } else {
    view.for_each_quarter(i, j, visit);
  }
}

ColumnGrid::ColumnGrid(const AirspaceView& view, Trust trust, const Options& options)
    : trust_(trust),
      options_(options),
      origin_(view.grid().origin),
      unit_m_(view.grid().cell_m / kUnitsPerCell),
      nx_(view.grid().nx),
      ny_(view.grid().ny),
      finest_(kUnitsPerCell),
      of_cell_(view.grid().cell_count(), kNone) {
  const double least_m = std::max(finest_m(view), options.finest_m);
  while (unit_m_ * finest_ > least_m && finest_ > 1) finest_ /= 2;
  columns_.reserve(of_cell_.size());
  for (int j = 0; j < ny_; ++j) {
    for (int i = 0; i < nx_; ++i) add_cell(view, i, j);
  }
  options_.divided = nullptr;  // it need not outlive the construction
}

std::uint32_t ColumnGrid::column_at(const geo::Enu2& p_enu) const {
  const geo::Enu2 p = (p_enu - origin_) / unit_m_;
  if (!(p.x() >= 0.0 && p.y() >= 0.0 && p.x() <= width() && p.y() <= height())) return kNone;
  return at(std::min(static_cast<int>(p.x()), width() - 1), std::min(static_cast<int>(p.y()), height() - 1));
}

int ColumnGrid::end_along(int x, int y, std::uint32_t column, bool along_x) const {
  if (column != kNone) {
    const Column& c = columns_[column];
    return (along_x ? c.x : c.y) + c.side;
  }
  const int at = along_x ? x : y;
  if (x < 0 || y < 0 || x >= width() || y >= height()) return at + finest_;
  const std::uint32_t found = of_cell_[cell(x / kUnitsPerCell, y / kUnitsPerCell)];
  const int step = found == kNone ? kUnitsPerCell : finest_;
  return (at / step + 1) * step;
}

Band ColumnGrid::band_of(const AirspaceView& view, int i, int j, const AirspaceView::Quarter& quarter) const {
  if (trust_ == Trust::proven) {
    return {quarter.safe.floor_msl_m + kOpening_m, quarter.safe.ceiling_msl_m - kOpening_m};
  }
  Band band = quarter.optimistic;
  if (!band.open()) return band;
  const geo::TerrainBounds& bounds = view.airspace().bounds;
  if (!bounds.flyable(i, j)) {
    const Band held = held_at_edge(view, i, j);
    return {std::max(band.floor_msl_m, held.floor_msl_m), std::min(band.ceiling_msl_m, held.ceiling_msl_m)};
  }
  if (quarter.side_m >= view.grid().cell_m) return band;
  // The view's bound is that of the whole cell's terrain; over a part of it a patch is extreme at the part's corners.
  const auto over = [&](const std::span<const float>& nodes, double u, double v) {
    const geo::GridFrame& grid = view.grid();
    return geo::TerrainPatch{nodes[grid.node_index(i, j)], nodes[grid.node_index(i + 1, j)],
                             nodes[grid.node_index(i, j + 1)], nodes[grid.node_index(i + 1, j + 1)]}
        .at(u, v);
  };
  const geo::Enu2 at = (quarter.corner_enu - view.grid().node(i, j)) / view.grid().cell_m;
  const double side = quarter.side_m / view.grid().cell_m;
  double highest = -kInfinity;
  double lowest = kInfinity;
  for (const double u : {at.x(), at.x() + side}) {
    for (const double v : {at.y(), at.y() + side}) {
      highest = std::max(highest, over(bounds.hi_nodes_msl_m(), u, v));
      lowest = std::min(lowest, over(bounds.lo_nodes_msl_m(), u, v));
    }
  }
  const geo::Policy& policy = view.options().policy;
  band.floor_msl_m = std::max(band.floor_msl_m, lowest + policy.min_height_agl_m - AirspaceView::kProofMargin_m);
  band.ceiling_msl_m = std::min(band.ceiling_msl_m, highest + policy.max_height_agl_m + AirspaceView::kProofMargin_m);
  return band;
}

bool ColumnGrid::counts(const Band& band) const {
  return band.open() && (trust_ == Trust::possible ||
                         band.floor_msl_m + options_.least_band_m <= band.ceiling_msl_m + 2.0 * kOpening_m);
}

std::uint32_t ColumnGrid::add(int x, int y, int side, const Band& band) {
  if (!counts(band)) return kNone;
  // Floats are rounded so that what is possible grows and what is proven has room to spare (kOpening_m).
  auto floor = static_cast<float>(band.floor_msl_m);
  auto ceiling = static_cast<float>(band.ceiling_msl_m);
  if (trust_ == Trust::possible) {
    floor = std::nextafter(floor, -std::numeric_limits<float>::infinity());
    ceiling = std::nextafter(ceiling, std::numeric_limits<float>::infinity());
  }
  columns_.push_back({x, y, side, floor, ceiling});
  return static_cast<std::uint32_t>(columns_.size() - 1);
}

void ColumnGrid::add_cell(const AirspaceView& view, int i, int j) {
  const bool may = finest_ < kUnitsPerCell && (options_.divided == nullptr || (*options_.divided)[cell(i, j)]);
  if (may && is_divided(view, i, j)) return divide(view, i, j);
  const bool proven = trust_ == Trust::proven;  // the other band is not asked for: it takes as long
  const AirspaceView::Quarter whole{view.grid().node(i, j), view.grid().cell_m,
                                    proven ? view.safe_band(i, j) : Band{}, proven ? Band{} : view.optimistic_band(i, j)};
  of_cell_[cell(i, j)] = add(i * kUnitsPerCell, j * kUnitsPerCell, kUnitsPerCell, band_of(view, i, j, whole));
}

void ColumnGrid::divide(const AirspaceView& view, int i, int j) {
  const int squares = kUnitsPerCell / finest_;
  const std::size_t first = places_.size();
  places_.resize(first + static_cast<std::size_t>(squares * squares), kNone);
  // What is finer than the finest squares here is gathered in them.
  std::vector<Band> gathered(static_cast<std::size_t>(squares * squares), {kInfinity, kInfinity});
  const geo::Enu2 corner = view.grid().node(i, j);
  const double unit_m = view.grid().cell_m / kUnitsPerCell;
  bool any = false;
  for_each_column(view, i, j, [&](const AirspaceView::Quarter& quarter) {
    const auto u = static_cast<int>(std::lround((quarter.corner_enu.x() - corner.x()) / unit_m));
    const auto v = static_cast<int>(std::lround((quarter.corner_enu.y() - corner.y()) / unit_m));
    const auto side = static_cast<int>(std::lround(quarter.side_m / unit_m));
    const Band band = band_of(view, i, j, quarter);
    const std::size_t at = place(u, v);
    if (side < finest_) {
      Band& together = gathered[at];
      const bool fresh = together.floor_msl_m == kInfinity && together.ceiling_msl_m == kInfinity;
      if (trust_ == Trust::possible) {
        if (!band.open()) return;
        together = fresh ? band
                         : Band{std::min(together.floor_msl_m, band.floor_msl_m),
                                std::max(together.ceiling_msl_m, band.ceiling_msl_m)};
      } else {
        // Closed ones close the square: their floor is above their ceiling, and stays so.
        together = fresh ? band
                         : Band{std::max(together.floor_msl_m, band.floor_msl_m),
                                std::min(together.ceiling_msl_m, band.ceiling_msl_m)};
      }
      return;
    }
    const std::uint32_t column = add(i * kUnitsPerCell + u, j * kUnitsPerCell + v, side, band);
    if (column == kNone) return;
    any = true;
    for (int dv = 0; dv < side; dv += finest_) {
      for (int du = 0; du < side; du += finest_) places_[first + place(u + du, v + dv)] = column;
    }
  });
  for (int v = 0; v < squares; ++v) {
    for (int u = 0; u < squares; ++u) {
      const std::size_t n = place(u * finest_, v * finest_);
      if (gathered[n].floor_msl_m == kInfinity) continue;
      const std::uint32_t column =
          add(i * kUnitsPerCell + u * finest_, j * kUnitsPerCell + v * finest_, finest_, gathered[n]);
      places_[first + n] = column;
      any = any || column != kNone;
    }
  }
  if (any) {
    of_cell_[cell(i, j)] = kDivided | static_cast<std::uint32_t>(first);
  } else {
    places_.resize(first);
  }
}

/// What could be free may touch in a single point, and a way might lead through it: one of the columns beside such a
/// point is widened, so that the way leads through it.
void ColumnGrid::join_touching_corners() {
  bool again = true;
  while (again) {
    again = false;
    for (int j = 0; j <= ny_; ++j) {
      for (int i = 0; i <= nx_; ++i) {
        again = join_at(i * kUnitsPerCell, j * kUnitsPerCell) || again;
        if (i == nx_ || j == ny_) continue;
        const std::uint32_t found = of_cell_[cell(i, j)];
        if (found == kNone || (found & kDivided) == 0) continue;
        // All nodes on the divided cell's edge and inside it: those on the far edges too, as the neighbour may be
        // whole.
        for (int v = 0; v <= kUnitsPerCell; v += finest_) {
          for (int u = 0; u <= kUnitsPerCell; u += finest_)
            again = join_at(i * kUnitsPerCell + u, j * kUnitsPerCell + v) || again;
        }
      }
    }
  }
}

bool ColumnGrid::join_at(int x, int y) {
  const std::uint32_t sw = at(x - 1, y - 1);
  const std::uint32_t se = at(x, y - 1);
  const std::uint32_t nw = at(x - 1, y);
  const std::uint32_t ne = at(x, y);
  const auto joins = [&](std::uint32_t a, std::uint32_t b) { return a != kNone && b != kNone && passable(a, b); };
  const auto join = [&](std::uint32_t a, std::uint32_t c, std::uint32_t b, std::uint32_t d, int bx, int by) {
    if (a == c || !joins(a, c)) return false;
    if ((joins(a, b) && joins(b, c)) || (joins(a, d) && joins(d, c))) return false;
    widen(bx, by, std::max(columns_[a].floor_msl_m, columns_[c].floor_msl_m),
          std::min(columns_[a].ceiling_msl_m, columns_[c].ceiling_msl_m));
    return true;
  };
  // Inside the grid there is a column on either side of the point, or room for one.
  return join(sw, ne, se, nw, x, y - 1) || join(se, nw, ne, sw, x, y);
}

void ColumnGrid::widen(int x, int y, float floor_msl_m, float ceiling_msl_m) {
  const std::uint32_t column = at(x, y);
  if (column != kNone) {
    Column& c = columns_[column];
    c.floor_msl_m = std::min(c.floor_msl_m, floor_msl_m);
    c.ceiling_msl_m = std::max(c.ceiling_msl_m, ceiling_msl_m);
    return;
  }
  std::uint32_t& found = of_cell_[cell(x / kUnitsPerCell, y / kUnitsPerCell)];
  const int side = found == kNone ? kUnitsPerCell : finest_;
  columns_.push_back({x / side * side, y / side * side, side, floor_msl_m, ceiling_msl_m});
  const auto id = static_cast<std::uint32_t>(columns_.size() - 1);
  if (found == kNone) {
    found = id;
  } else {
    places_[(found & ~kDivided) + place(x, y)] = id;
  }
}

}  // namespace swiftlet::planner
