#include "geo/cover_mask.hpp"

#include <algorithm>
#include <cmath>

#include "geo/capsule.hpp"

namespace swiftlet::geo {
namespace {

/// What double arithmetic on kilometres may be wrong by, with much to spare; in cells of at least a quarter metre.
constexpr double kSlack_cells = 1e-6;

/// Every edge of the footprint, in the window's own coordinates: cells from its corner.
template <class Visit>
void for_each_edge_in(const CellWindow& window, const MultiPolygon& footprint, Visit&& visit) {
  for_each_edge(footprint, [&](const Enu2& a, const Enu2& b) {
    visit(Enu2((a - window.origin) / window.cell_m), Enu2((b - window.origin) / window.cell_m));
  });
}

/// The rows of a window that a range of y reaches into; empty (first > last) where none.
struct Rows {
  int first;
  int last;
};
Rows rows_of(const CellWindow& window, double from, double to) {
  if (to < 0.0 || from > window.ny) return {0, -1};
  return {std::max(0, static_cast<int>(std::floor(from))), std::min(window.ny - 1, static_cast<int>(std::floor(to)))};
}

bool beside(const CellWindow& window, const Enu2& a, const Enu2& b, double reach) {
  return std::max(a.x(), b.x()) + reach < 0.0 || std::min(a.x(), b.x()) - reach > window.nx ||
         std::max(a.y(), b.y()) + reach < 0.0 || std::min(a.y(), b.y()) - reach > window.ny;
}

}  // namespace

void CoverMask::reset(const CellWindow& window) {
  const std::size_t words = (static_cast<std::size_t>(window.nx) + 63) / 64;
  const std::size_t needed = words * static_cast<std::size_t>(window.ny);
  if (words != words_ || bits_.size() < needed) {
    bits_.assign(needed, 0);
  } else {
    for (int j = row0_; j <= row1_; ++j) {
      const auto row = bits_.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(j) * words_);
      std::fill(row, row + static_cast<std::ptrdiff_t>(words_), 0);
    }
  }
  words_ = words;
  window_ = window;
  row0_ = window.ny;
  row1_ = -1;
}

/// Sets the cells of row j that the range from … to (in cells) touches.
void CoverMask::set(int j, double from, double to) {
  if (!(from <= to) || to < 0.0 || from >= window_.nx) return;
  const auto i0 = static_cast<std::size_t>(std::max(0.0, std::floor(from)));
  const auto i1 = static_cast<std::size_t>(std::min(window_.nx - 1.0, std::floor(to)));
  std::uint64_t* row = bits_.data() + static_cast<std::size_t>(j) * words_;
  const std::uint64_t head = ~std::uint64_t{0} << (i0 % 64);
  const std::uint64_t tail = ~std::uint64_t{0} >> (63 - i1 % 64);
  if (i0 / 64 == i1 / 64) {
    row[i0 / 64] |= head & tail;
  } else {
    row[i0 / 64] |= head;
    for (std::size_t w = i0 / 64 + 1; w < i1 / 64; ++w) row[w] = ~std::uint64_t{0};
    row[i1 / 64] |= tail;
  }
  row0_ = std::min(row0_, j);
  row1_ = std::max(row1_, j);
}

void CoverMask::clear(int j, int i0, int i1) {
  std::uint64_t* row = bits_.data() + static_cast<std::size_t>(j) * words_;
  for (int i = i0; i <= i1; ++i) row[static_cast<std::size_t>(i) / 64] &= ~(std::uint64_t{1} << (i % 64));
}

/// Whether every edge lies farther than reach (in cells) beside the window.
bool CoverMask::no_edge_near(const MultiPolygon& footprint, double reach) const {
  bool none = true;
  for_each_edge_in(window_, footprint,
                   [&](const Enu2& a, const Enu2& b) { none = none && beside(window_, a, b, reach); });
  return none;
}

/// For a window that no edge crosses: it is inside as a whole, or not at all.
void CoverMask::add_all_if_inside(const MultiPolygon& footprint) {
  if (!contains(footprint, window_.origin + 0.5 * window_.cell_m * Enu2(window_.nx, window_.ny))) return;
  for (int j = 0; j < window_.ny; ++j) set(j, 0.0, window_.nx - 1.0);
}

void CoverMask::add_near(const MultiPolygon& footprint, double reach_m) {
  const double reach = reach_m / window_.cell_m + kSlack_cells;
  if (no_edge_near(footprint, reach)) return add_all_if_inside(footprint);
  for_each_edge_in(window_, footprint, [&](const Enu2& a, const Enu2& b) {
    if (beside(window_, a, b, reach)) return;
    const Capsule capsule(a, b, reach);
    const Rows rows = rows_of(window_, capsule.min_y(), capsule.max_y());
    for (int j = rows.first; j <= rows.last; ++j) {
      const Capsule::Chord chord = capsule.between(j, j + 1.0);
      set(j, chord.from - kSlack_cells, chord.to + kSlack_cells);
    }
  });
  // A cell that no edge touches lies inside as a whole or not at all: its centre knows.
  add_centres_inside(footprint);
}

void CoverMask::add_within(const MultiPolygon& footprint, double reach_m) {
  const double reach = reach_m / window_.cell_m - kSlack_cells;
  if (reach <= 0.0) return;
  for_each_edge_in(window_, footprint, [&](const Enu2& a, const Enu2& b) {
    if (beside(window_, a, b, reach)) return;
    const Capsule capsule(a, b, reach);
    const Rows rows = rows_of(window_, capsule.min_y(), capsule.max_y());
    for (int j = rows.first; j <= rows.last; ++j) {
      // A convex shape holds a cell if it holds its corners.
      const Capsule::Chord south = capsule.at(j);
      const Capsule::Chord north = capsule.at(j + 1.0);
      const double from = std::ceil(std::max(south.from, north.from) + kSlack_cells);
      const double to = std::floor(std::min(south.to, north.to) - kSlack_cells) - 1.0;
      if (from <= to) set(j, from, to);
    }
  });
  // Of a cell with its centre inside no point is farther from the footprint than half a diagonal.
  if (reach > std::sqrt(0.5) + kSlack_cells) add_centres_inside(footprint);
}

void CoverMask::add_inside(const MultiPolygon& footprint, double rim_m) {
  const double rim = rim_m / window_.cell_m + kSlack_cells;
  if (no_edge_near(footprint, rim)) return add_all_if_inside(footprint);
  add_centres_inside(footprint);
  for_each_edge_in(window_, footprint, [&](const Enu2& a, const Enu2& b) {
    if (beside(window_, a, b, rim)) return;
    const Capsule capsule(a, b, rim);
    const Rows rows = rows_of(window_, capsule.min_y(), capsule.max_y());
    for (int j = rows.first; j <= rows.last; ++j) {
      const Capsule::Chord chord = capsule.between(j, j + 1.0);
      if (!(chord.from <= chord.to) || chord.to < 0.0 || chord.from >= window_.nx) continue;
      clear(j, static_cast<int>(std::max(0.0, std::floor(chord.from - kSlack_cells))),
            static_cast<int>(std::min(window_.nx - 1.0, std::floor(chord.to + kSlack_cells))));
    }
  });
}

void CoverMask::add_centres_inside(const MultiPolygon& footprint) {
  for (const Polygon& polygon : footprint) {
    double south = std::numeric_limits<double>::infinity();
    double north = -std::numeric_limits<double>::infinity();
    for (const Enu2& p : polygon.outer) {
      south = std::min(south, (p.y() - window_.origin.y()) / window_.cell_m);
      north = std::max(north, (p.y() - window_.origin.y()) / window_.cell_m);
    }
    const Rows rows = rows_of(window_, south, north);
    for (int j = rows.first; j <= rows.last; ++j) {
      const double y = window_.origin.y() + (j + 0.5) * window_.cell_m;
      crossings_.clear();
      const auto cross_ring = [&](const Ring& ring) {
        for (std::size_t i = 0, n = ring.size(); i < n; ++i) {
          const Enu2& a = ring[i];
          const Enu2& b = ring[i + 1 == n ? 0 : i + 1];
          if ((a.y() > y) == (b.y() > y)) continue;
          const double x = a.x() + (y - a.y()) / (b.y() - a.y()) * (b.x() - a.x());
          crossings_.push_back((x - window_.origin.x()) / window_.cell_m);
        }
      };
      cross_ring(polygon.outer);
      for (const Ring& hole : polygon.holes) cross_ring(hole);
      std::sort(crossings_.begin(), crossings_.end());
      for (std::size_t k = 0; k + 1 < crossings_.size(); k += 2) {
        // Cells whose centre lies between the two crossings.
        const double from = std::ceil(crossings_[k] - 0.5);
        const double to = std::floor(crossings_[k + 1] - 0.5);
        if (from <= to) set(j, from, to);
      }
    }
  }
}

}  // namespace swiftlet::geo
