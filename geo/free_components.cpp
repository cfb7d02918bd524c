#include "geo/free_components.hpp"

#include <algorithm>
#include <cmath>

#include "geo/cell_refinement.hpp"
#include "geo/height_band.hpp"

namespace swiftlet::geo {
namespace {

using Band = AirspaceView::Band;

/// A possible band at the edge of the extent has no terrain bounds of its own, and would otherwise be open to the sky
/// over any wall.
Band held_by_policy(const AirspaceView& view) {
  const TerrainModel& terrain = view.airspace().terrain;
  const Band held{
      .floor_msl_m = terrain.lowest_msl_m() + view.options().policy.min_height_agl_m - AirspaceView::kProofMargin_m,
      .ceiling_msl_m = terrain.highest_msl_m() + view.options().policy.max_height_agl_m + AirspaceView::kProofMargin_m};
  return held;
}

}  // namespace

FreeComponents::FreeComponents(const AirspaceView& view, Kind kind)
    : grid_(view.grid()),
      kind_(kind),
      quarters_(1 << refinement_depth(grid_.cell_m)),
      held_(held_by_policy(view)),
      of_cell_(grid_.cell_count(), kClosed),
      is_split_(grid_.cell_count(), false) {
  for (int j = 0; j < grid_.ny; ++j) {
    for (int i = 0; i < grid_.nx; ++i) add_cell(view, i, j);
  }
  joined_ = DisjointSets(squares_.size());
  join_neighbours();
  number();
}

std::uint32_t FreeComponents::add_square(const Band& band, double area_m2) {
  const Square square{static_cast<float>(std::max(band.floor_msl_m, held_.floor_msl_m)),
                      static_cast<float>(std::min(band.ceiling_msl_m, held_.ceiling_msl_m))};
  if (!(square.floor_msl_m <= square.ceiling_msl_m)) return kClosed;
  squares_.push_back(square);
  square_area_m2_.push_back(static_cast<float>(area_m2));
  return static_cast<std::uint32_t>(squares_.size() - 1);
}

void FreeComponents::add_cell(const AirspaceView& view, int i, int j) {
  const double cell_area_m2 = grid_.cell_m * grid_.cell_m;
  const std::size_t n = grid_.index(i, j);
  if (view.is_refined(i, j)) return split(view, i, j, grid_.cell_m);
  const Band safe = view.safe_band(i, j);
  const Band possible = view.optimistic_band(i, j);
  if (!possible.open()) return;
  // A steep cell may be open everywhere, though no one altitude is.
  if (!safe.open() && kind_ == Kind::proven && view.airspace().bounds.flyable(i, j)) {
    return split(view, i, j, grid_.cell_m / quarters_);
  }
  const bool whole = view.airspace().bounds.flyable(i, j);
  of_cell_[n] = add_square(kind_ == Kind::proven ? safe : possible,
                           whole ? cell_area_m2 : part_in_extent(view.airspace(), i, j) * cell_area_m2);
}

/// Of a cell that the edge of the extent runs through, the part that lies inside: no less than it is, to a quarter.
double FreeComponents::part_in_extent(const Airspace& airspace, int i, int j) const {
  const double finest_m = grid_.cell_m / quarters_;
  const auto known = [&](int u, int v) {
    return airspace.terrain.height_msl_m(grid_.node(i, j) + finest_m * Enu2(u, v)).has_value();
  };
  int inside = 0;
  for (int v = 0; v < quarters_; ++v) {
    for (int u = 0; u < quarters_; ++u) {
      inside += known(u, v) || known(u + 1, v) || known(u, v + 1) || known(u + 1, v + 1) ? 1 : 0;
    }
  }
  return static_cast<double>(inside) / (quarters_ * quarters_);
}

void FreeComponents::split(const AirspaceView& view, int i, int j, double widest_m) {
  const std::size_t n = grid_.index(i, j);
  const auto first = places_.size();
  places_.resize(first + static_cast<std::size_t>(quarters_ * quarters_), kClosed);
  const Enu2 corner = grid_.node(i, j);
  const double finest_m = grid_.cell_m / quarters_;
  bool any = false;
  view.for_each_quarter(i, j, widest_m, [&](const AirspaceView::Quarter& quarter) {
    const Band& band = kind_ == Kind::proven ? quarter.safe : quarter.optimistic;
    const std::uint32_t square = band.open() ? add_square(band, quarter.side_m * quarter.side_m) : kClosed;
    if (square == kClosed) return;
    any = true;
    const auto u0 = static_cast<int>(std::lround((quarter.corner_enu.x() - corner.x()) / finest_m));
    const auto v0 = static_cast<int>(std::lround((quarter.corner_enu.y() - corner.y()) / finest_m));
    const auto side = static_cast<int>(std::lround(quarter.side_m / finest_m));
    for (int v = v0; v < v0 + side; ++v) {
      std::fill_n(
          places_.begin() + static_cast<std::ptrdiff_t>(first) + static_cast<std::ptrdiff_t>(v) * quarters_ + u0, side,
          square);
    }
  });
  if (!any) return places_.resize(first);
  of_cell_[n] = static_cast<std::uint32_t>(first);
  is_split_[n] = true;
}

std::uint32_t FreeComponents::square(int i, int j, int u, int v) const {
  const std::size_t n = grid_.index(i, j);
  if (!is_split_[n]) return of_cell_[n];
  return places_[of_cell_[n] + static_cast<std::size_t>(v * quarters_ + u)];
}

void FreeComponents::join(std::uint32_t a, std::uint32_t b) {
  if (a == kClosed || b == kClosed || a == b || !squares_[a].meets(squares_[b])) return;
  joined_.join(a, b);
}

/// Joins a cell with the next one to the east (di = 1), north (dj = 1) or, by their corner, north-east or north-west.
void FreeComponents::join_beside(int i, int j, int di, int dj) {
  if (i + di < 0 || i + di >= grid_.nx || j + dj >= grid_.ny) return;
  const int last = quarters_ - 1;
  if (di != 0 && dj != 0) {
    return join(square(i, j, di > 0 ? last : 0, last), square(i + di, j + dj, di > 0 ? 0 : last, 0));
  }
  const bool whole = !is_split_[grid_.index(i, j)] && !is_split_[grid_.index(i + di, j + dj)];
  for (int k = 0; k < (whole ? 1 : quarters_); ++k) {
    const auto here = di != 0 ? square(i, j, last, k) : square(i, j, k, last);
    join(here, di != 0 ? square(i + 1, j, 0, k) : square(i, j + 1, k, 0));
    if (whole || kind_ == Kind::proven) continue;
    for (const int beside : {k - 1, k + 1}) {
      if (beside < 0 || beside > last) continue;
      join(here, di != 0 ? square(i + 1, j, 0, beside) : square(i, j + 1, beside, 0));
    }
  }
}

void FreeComponents::join_neighbours() {
  const bool corners = kind_ == Kind::possible;
  for (int j = 0; j < grid_.ny; ++j) {
    for (int i = 0; i < grid_.nx; ++i) {
      join_beside(i, j, 1, 0);
      join_beside(i, j, 0, 1);
      if (corners) {
        join_beside(i, j, 1, 1);
        join_beside(i, j, -1, 1);
      }
      if (!is_split_[grid_.index(i, j)]) continue;
      for (int v = 0; v < quarters_; ++v) {
        for (int u = 0; u < quarters_; ++u) {
          const auto here = square(i, j, u, v);
          if (here == kClosed) continue;
          if (u + 1 < quarters_) join(here, square(i, j, u + 1, v));
          if (v + 1 < quarters_) join(here, square(i, j, u, v + 1));
          if (corners && u + 1 < quarters_ && v + 1 < quarters_) join(here, square(i, j, u + 1, v + 1));
          if (corners && u > 0 && v + 1 < quarters_) join(here, square(i, j, u - 1, v + 1));
        }
      }
    }
  }
}

/// Gives components their numbers by area.
void FreeComponents::number() {
  std::vector<double> area(squares_.size(), 0.0);
  std::vector<std::uint32_t> roots;
  component_of_ = std::move(joined_).roots();
  for (std::uint32_t n = 0; n < squares_.size(); ++n) {
    const std::uint32_t r = component_of_[n];
    if (r == n) roots.push_back(n);
    area[r] += square_area_m2_[n];
    area_m2_ += square_area_m2_[n];
  }
  std::stable_sort(roots.begin(), roots.end(), [&](auto a, auto b) { return area[a] > area[b]; });
  std::vector<std::uint32_t> place(squares_.size(), 0);
  for (std::uint32_t k = 0; k < roots.size(); ++k) {
    place[roots[k]] = k;
    areas_m2_.push_back(area[roots[k]]);
  }
  for (std::uint32_t& component : component_of_) component = place[component];
}

std::optional<std::uint32_t> FreeComponents::at(const Enu2& p_enu) const {
  const Enu2 g = (p_enu - grid_.origin) / grid_.cell_m;
  if (!(g.x() >= 0.0 && g.y() >= 0.0 && g.x() <= grid_.nx && g.y() <= grid_.ny)) return std::nullopt;
  const int i = std::min(static_cast<int>(g.x()), grid_.nx - 1);
  const int j = std::min(static_cast<int>(g.y()), grid_.ny - 1);
  const auto place = [&](double part) { return std::min(static_cast<int>(part * quarters_), quarters_ - 1); };
  const std::uint32_t found = square(i, j, place(g.x() - i), place(g.y() - j));
  if (found == kClosed) return std::nullopt;
  return component_of_[found];
}

}  // namespace swiftlet::geo
