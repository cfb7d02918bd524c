#include "planner/column_mesh.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

namespace swiftlet::planner {

class MeshBuilder {
 public:
  MeshBuilder(const ColumnGrid& grid, ColumnMesh& mesh)
      : mesh_(mesh), grid_(grid), rectangle_of_(grid.columns().size(), ColumnMesh::kNone) {}

  geo::HugePageVector<std::uint32_t> build() {
    merge_columns();
    add_portals();
    number_islands();
    return std::move(rectangle_of_);
  }

 private:
  using Rectangle = ColumnMesh::Rectangle;
  using Column = ColumnGrid::Column;

  /// Columns of one size that stand in rows without a gap become one rectangle. Every pair of neighbours in it
  /// connects.
  void merge_columns() {
    const auto& all = grid_.columns();
    const auto free = [&](std::uint32_t c, const Column& like, int x, int y) {
      return c != ColumnMesh::kNone && rectangle_of_[c] == ColumnMesh::kNone && all[c].side == like.side &&
             all[c].x == x && all[c].y == y;
    };
    std::vector<std::uint32_t> row;
    std::vector<std::uint32_t> next;
    for (std::uint32_t first = 0; first < all.size(); ++first) {
      if (rectangle_of_[first] != ColumnMesh::kNone) continue;
      const Column& corner = all[first];
      const int side = corner.side;
      row.assign(1, first);
      int x1 = corner.x + side;
      for (; x1 < grid_.width(); x1 += side) {
        const std::uint32_t east = grid_.at(x1, corner.y);
        if (!free(east, corner, x1, corner.y) || !grid_.passable(row.back(), east)) break;
        row.push_back(east);
      }
      const auto id = static_cast<std::uint32_t>(mesh_.rectangles_.size());
      for (const std::uint32_t c : row) rectangle_of_[c] = id;
      int y1 = corner.y + side;
      for (; y1 < grid_.height(); y1 += side) {
        next.clear();
        for (std::size_t k = 0; k < row.size(); ++k) {
          const int x = corner.x + static_cast<int>(k) * side;
          const std::uint32_t north = grid_.at(x, y1);
          if (!free(north, corner, x, y1) || !grid_.passable(row[k], north)) break;
          if (k > 0 && !grid_.passable(next.back(), north)) break;
          next.push_back(north);
        }
        if (next.size() < row.size()) break;
        std::swap(row, next);
        for (const std::uint32_t c : row) rectangle_of_[c] = id;
      }
      mesh_.rectangles_.push_back({.x0 = corner.x, .y0 = corner.y, .x1 = x1, .y1 = y1, .island = id});
    }
  }

  void add_portals() {
    for (Rectangle& r : mesh_.rectangles_) {
      r.portals[0] = static_cast<std::uint32_t>(mesh_.portals_.size());
      add_side(r.x0, r.x1, r.y1, true, r.y1 - 1, r.y1);
      r.portals[1] = static_cast<std::uint32_t>(mesh_.portals_.size());
      add_side(r.y0, r.y1, r.x1, false, r.x1 - 1, r.x1);
      r.portals[2] = static_cast<std::uint32_t>(mesh_.portals_.size());
      add_side(r.x0, r.x1, r.y0, true, r.y0, r.y0 - 1);
      r.portals[3] = static_cast<std::uint32_t>(mesh_.portals_.size());
      add_side(r.y0, r.y1, r.x0, false, r.x0, r.x0 - 1);
      r.portals[4] = static_cast<std::uint32_t>(mesh_.portals_.size());
    }
  }

  /// Portals of a side on `line`, from lo to hi along x or y; `inside` and `beyond` are the unit squares' coordinates
  /// across it on either hand.
  void add_side(int lo, int hi, int line, bool along_x, int inside, int beyond) {
    std::uint32_t open_to = ColumnMesh::kNone;
    int began = lo;
    const auto close = [&](int end) {
      if (open_to == ColumnMesh::kNone) return;
      mesh_.portals_.push_back({.to = open_to,
                                .lo = began,
                                .hi = end,
                                .corner_lo = along_x ? corner_at(began, line) : corner_at(line, began),
                                .corner_hi = along_x ? corner_at(end, line) : corner_at(line, end)});
    };
    int at = lo;
    while (at < hi) {
      const auto column = [&](int across) { return along_x ? grid_.at(at, across) : grid_.at(across, at); };
      const auto end = [&](int across) {
        return along_x ? grid_.end_along_x(at, across) : grid_.end_along_y(across, at);
      };
      const std::uint32_t there = column(beyond);
      const bool passes = there != ColumnMesh::kNone && grid_.passable(column(inside), there);
      const std::uint32_t to = passes ? rectangle_of_[there] : ColumnMesh::kNone;
      if (to != open_to) {
        close(at);
        open_to = to;
        began = at;
      }
      at = std::min(end(inside), end(beyond));
    }
    close(hi);
  }

  /// The corner at a node of the grid, numbered when first asked for; kNoCorner if no way bends there.
  std::int32_t corner_at(int x, int y) {
    const auto key =
        static_cast<std::uint64_t>(y) * static_cast<std::uint64_t>(grid_.width() + 1) + static_cast<std::uint64_t>(x);
    const auto [known, fresh] = corner_ids_.try_emplace(key, ColumnMesh::kNoCorner);
    if (fresh) known->second = make_corner(x, y);
    return known->second;
  }

  std::int32_t make_corner(int x, int y) {
    geo::Enu2 out = geo::Enu2::Zero();
    std::array<std::uint32_t, 4> columns{};
    // Counter-clockwise from the south-west.
    constexpr std::array<std::array<int, 2>, 4> kAround{{{-1, -1}, {0, -1}, {0, 0}, {-1, 0}}};
    int closed = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      columns[k] = grid_.at(x + kAround[k][0], y + kAround[k][1]);
      if (columns[k] != ColumnMesh::kNone) continue;
      ++closed;
      out -= geo::Enu2(kAround[k][0] + 0.5, kAround[k][1] + 0.5);
    }
    int walls = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const std::size_t next = (k + 1) % 4;
      if (columns[k] == ColumnMesh::kNone || columns[next] == ColumnMesh::kNone) continue;
      if (grid_.passable(columns[k], columns[next])) continue;
      ++walls;
      out -= 0.5 * geo::Enu2(kAround[k][0] + kAround[next][0] + 1.0, kAround[k][1] + kAround[next][1] + 1.0);
    }
    const bool diagonal = closed == 2 && (columns[0] == ColumnMesh::kNone) == (columns[2] == ColumnMesh::kNone);
    if (walls == 0 && closed != 1 && !diagonal) return ColumnMesh::kNoCorner;
    if (out.norm() > 0.0) out.normalize();
    mesh_.corners_.push_back(
        {.x = x, .y = y, .out_x = static_cast<float>(out.x()), .out_y = static_cast<float>(out.y())});
    return static_cast<std::int32_t>(mesh_.corners_.size() - 1);
  }

  void number_islands() {
    auto& all = mesh_.rectangles_;
    std::vector<std::uint32_t> waiting;
    std::vector<char> seen(all.size(), 0);
    std::uint32_t islands = 0;
    for (std::uint32_t first = 0; first < all.size(); ++first) {
      if (seen[first] != 0) continue;
      seen[first] = 1;
      waiting.assign(1, first);
      std::size_t size = 0;
      while (!waiting.empty()) {
        const std::uint32_t r = waiting.back();
        waiting.pop_back();
        all[r].island = islands;
        ++size;
        for (std::uint32_t k = all[r].portals[0]; k < all[r].portals[4]; ++k) {
          const std::uint32_t to = mesh_.portals_[k].to;
          if (seen[to] != 0) continue;
          seen[to] = 1;
          waiting.push_back(to);
        }
      }
      mesh_.island_sizes_.push_back(size);
      ++islands;
    }
  }

  ColumnMesh& mesh_;
  const ColumnGrid& grid_;
  geo::HugePageVector<std::uint32_t> rectangle_of_;  ///< by column
  std::unordered_map<std::uint64_t, std::int32_t> corner_ids_;
};

ColumnMesh::ColumnMesh(ColumnGrid grid, Trust trust)
    : origin_(grid.origin_),
      unit_m_(grid.unit_m()),
      least_band_m_(grid.options_.least_band_m),
      nx_(grid.nx_),
      ny_(grid.ny_),
      finest_(grid.finest_) {
  if (trust == Trust::possible) grid.join_touching_corners();
  const geo::HugePageVector<std::uint32_t> rectangle_of = MeshBuilder(grid, *this).build();
  of_cell_ = std::move(grid.of_cell_);
  places_ = std::move(grid.places_);
  for (std::uint32_t& c : of_cell_) {
    if (c != kNone && (c & ColumnGrid::kDivided) == 0) c = rectangle_of[c];
  }
  for (std::uint32_t& c : places_) {
    if (c != kNone) c = rectangle_of[c];
  }
}

std::uint32_t ColumnMesh::rectangle_at(const geo::Enu2& p_enu) const {
  const geo::Enu2 g = to_units(p_enu) / kUnitsPerCell;
  if (!(g.x() >= 0.0 && g.y() >= 0.0 && g.x() <= nx_ && g.y() <= ny_)) return kNone;
  const int i = std::min(static_cast<int>(g.x()), nx_ - 1);
  const int j = std::min(static_cast<int>(g.y()), ny_ - 1);
  const std::uint32_t found =
      of_cell_[static_cast<std::size_t>(j) * static_cast<std::size_t>(nx_) + static_cast<std::size_t>(i)];
  if (found == kNone || (found & ColumnGrid::kDivided) == 0) return found;
  const int squares = kUnitsPerCell / finest_;
  const auto place = [&](double part) { return std::min(static_cast<int>(part * squares), squares - 1); };
  return places_[(found & ~ColumnGrid::kDivided) +
                 static_cast<std::size_t>(place(g.y() - j) * squares + place(g.x() - i))];
}

}  // namespace swiftlet::planner
