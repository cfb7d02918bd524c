#include "planner/column_mesh.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

namespace swiftlet::planner {
namespace {

/// Twice the profile's margin on both sides, and some for floats: what is connected here must leave taut_profile an
/// opening.
constexpr float kOpening_m = 0.02F;

struct Band {
  float floor;
  float ceiling;
  [[nodiscard]] bool open() const { return floor <= ceiling; }
};

bool overlap(const Band& a, const Band& b) { return std::max(a.floor, b.floor) <= std::min(a.ceiling, b.ceiling); }

}  // namespace

class MeshBuilder {
 public:
  MeshBuilder(const geo::AirspaceView& view, ColumnMesh::Trust trust, double least_band_m, ColumnMesh& mesh)
      : mesh_(mesh), nx_(mesh.nx_), ny_(mesh.ny_), proven_(trust == ColumnMesh::Trust::proven) {
    const std::size_t cells = static_cast<std::size_t>(nx_) * static_cast<std::size_t>(ny_);
    open_.assign(cells, 0);
    if (proven_) bands_.resize(cells);
    for (int j = 0; j < ny_; ++j) {
      for (int i = 0; i < nx_; ++i) {
        if (proven_) {
          const auto b = view.safe_band(i, j);
          bands_[cell(i, j)] = {static_cast<float>(b.floor_msl_m) + kOpening_m,
                                static_cast<float>(b.ceiling_msl_m) - kOpening_m};
          const bool roomy = b.floor_msl_m + least_band_m <= b.ceiling_msl_m;
          open_[cell(i, j)] = bands_[cell(i, j)].open() && roomy ? 1 : 0;
        } else {
          open_[cell(i, j)] = view.optimistic_band(i, j).open() ? 1 : 0;
        }
      }
    }
    if (!proven_) open_touching_corners();
  }

  void build() {
    merge_cells();
    add_portals();
    number_islands();
  }

 private:
  static constexpr int kUnits = ColumnMesh::kUnitsPerCell;
  using Rectangle = ColumnMesh::Rectangle;

  [[nodiscard]] std::size_t cell(int i, int j) const {
    return static_cast<std::size_t>(j) * static_cast<std::size_t>(nx_) + static_cast<std::size_t>(i);
  }
  [[nodiscard]] bool is_open(int i, int j) const {
    return i >= 0 && j >= 0 && i < nx_ && j < ny_ && open_[cell(i, j)] != 0;
  }
  /// Between two open cells that share a side.
  [[nodiscard]] bool passable(std::size_t a, std::size_t b) const { return !proven_ || overlap(bands_[a], bands_[b]); }

  /// What could be free may touch in a single point, and a way might lead through it: such points are opened.
  void open_touching_corners() {
    bool again = true;
    while (again) {
      again = false;
      for (int j = 0; j + 1 < ny_; ++j) {
        for (int i = 0; i + 1 < nx_; ++i) {
          const bool sw = open_[cell(i, j)] != 0;
          const bool se = open_[cell(i + 1, j)] != 0;
          const bool nw = open_[cell(i, j + 1)] != 0;
          const bool ne = open_[cell(i + 1, j + 1)] != 0;
          if (sw == ne && se == nw && sw != se) {
            open_[cell(i, j)] = open_[cell(i + 1, j)] = open_[cell(i, j + 1)] = open_[cell(i + 1, j + 1)] = 1;
            again = true;
          }
        }
      }
    }
  }

  void merge_cells() {
    auto& of_cell = mesh_.rectangle_of_cell_;
    of_cell.assign(open_.size(), ColumnMesh::kNone);
    const auto joins = [&](int i, int j) { return open_[cell(i, j)] != 0 && of_cell[cell(i, j)] == ColumnMesh::kNone; };
    for (int j = 0; j < ny_; ++j) {
      for (int i = 0; i < nx_; ++i) {
        if (!joins(i, j)) continue;
        int i1 = i + 1;
        while (i1 < nx_ && joins(i1, j) && passable(cell(i1 - 1, j), cell(i1, j))) ++i1;
        int j1 = j + 1;
        while (j1 < ny_ && row_joins(i, i1, j1, joins)) ++j1;
        const auto id = static_cast<std::uint32_t>(mesh_.rectangles_.size());
        for (int y = j; y < j1; ++y) {
          std::fill_n(of_cell.begin() + static_cast<std::ptrdiff_t>(cell(i, y)), i1 - i, id);
        }
        mesh_.rectangles_.push_back(
            {.x0 = i * kUnits, .y0 = j * kUnits, .x1 = i1 * kUnits, .y1 = j1 * kUnits, .island = id});
      }
    }
  }

  template <class Joins>
  [[nodiscard]] bool row_joins(int i0, int i1, int j, const Joins& joins) const {
    for (int i = i0; i < i1; ++i) {
      if (!joins(i, j) || !passable(cell(i, j - 1), cell(i, j))) return false;
      if (i > i0 && !passable(cell(i - 1, j), cell(i, j))) return false;
    }
    return true;
  }

  void add_portals() {
    for (Rectangle& r : mesh_.rectangles_) {
      const int i0 = r.x0 / kUnits;
      const int i1 = r.x1 / kUnits;
      const int j0 = r.y0 / kUnits;
      const int j1 = r.y1 / kUnits;
      r.portals[0] = static_cast<std::uint32_t>(mesh_.portals_.size());
      add_side(
          i0, i1, [&](int i) { return std::pair(std::pair(i, j1 - 1), std::pair(i, j1)); }, true, j1);
      r.portals[1] = static_cast<std::uint32_t>(mesh_.portals_.size());
      add_side(
          j0, j1, [&](int j) { return std::pair(std::pair(i1 - 1, j), std::pair(i1, j)); }, false, i1);
      r.portals[2] = static_cast<std::uint32_t>(mesh_.portals_.size());
      add_side(
          i0, i1, [&](int i) { return std::pair(std::pair(i, j0), std::pair(i, j0 - 1)); }, true, j0);
      r.portals[3] = static_cast<std::uint32_t>(mesh_.portals_.size());
      add_side(
          j0, j1, [&](int j) { return std::pair(std::pair(i0, j), std::pair(i0 - 1, j)); }, false, i0);
      r.portals[4] = static_cast<std::uint32_t>(mesh_.portals_.size());
    }
  }

  /// Portals along cells lo … hi of a side on the grid line `line`; pair_at gives the cells inside and beyond.
  template <class PairAt>
  void add_side(int lo, int hi, const PairAt& pair_at, bool along_x, int line) {
    std::uint32_t open_to = ColumnMesh::kNone;
    int began = lo;
    const auto close = [&](int end) {
      if (open_to == ColumnMesh::kNone) return;
      mesh_.portals_.push_back({.to = open_to,
                                .lo = began * kUnits,
                                .hi = end * kUnits,
                                .corner_lo = along_x ? corner_at(began, line) : corner_at(line, began),
                                .corner_hi = along_x ? corner_at(end, line) : corner_at(line, end)});
    };
    for (int at = lo; at < hi; ++at) {
      const auto [inside, beyond] = pair_at(at);
      std::uint32_t to = ColumnMesh::kNone;
      if (is_open(beyond.first, beyond.second) &&
          passable(cell(inside.first, inside.second), cell(beyond.first, beyond.second))) {
        to = mesh_.rectangle_of_cell_[cell(beyond.first, beyond.second)];
      }
      if (to != open_to) {
        close(at);
        open_to = to;
        began = at;
      }
    }
    close(hi);
  }

  /// The corner at a node of the cells' grid, numbered when first asked for; kNoCorner if no way bends there.
  std::int32_t corner_at(int i, int j) {
    const auto key =
        static_cast<std::uint64_t>(j) * static_cast<std::uint64_t>(nx_ + 1) + static_cast<std::uint64_t>(i);
    const auto known = corner_ids_.find(key);
    if (known != corner_ids_.end()) return known->second;
    const std::int32_t id = make_corner(i, j);
    corner_ids_.emplace(key, id);
    return id;
  }

  std::int32_t make_corner(int i, int j) {
    geo::Enu2 out = geo::Enu2::Zero();
    std::array<bool, 4> open{};
    // Counter-clockwise from the south-west.
    constexpr std::array<std::array<int, 2>, 4> kAround{{{-1, -1}, {0, -1}, {0, 0}, {-1, 0}}};
    int closed = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      open[k] = is_open(i + kAround[k][0], j + kAround[k][1]);
      if (open[k]) continue;
      ++closed;
      out -= geo::Enu2(kAround[k][0] + 0.5, kAround[k][1] + 0.5);
    }
    int walls = 0;
    if (proven_) {
      for (std::size_t k = 0; k < 4; ++k) {
        const std::size_t next = (k + 1) % 4;
        if (!open[k] || !open[next]) continue;
        if (passable(cell(i + kAround[k][0], j + kAround[k][1]), cell(i + kAround[next][0], j + kAround[next][1])))
          continue;
        ++walls;
        out -= 0.5 * geo::Enu2(kAround[k][0] + kAround[next][0] + 1.0, kAround[k][1] + kAround[next][1] + 1.0);
      }
    }
    const bool diagonal = closed == 2 && open[0] == open[2];
    if (walls == 0 && closed != 1 && !diagonal) return ColumnMesh::kNoCorner;
    if (out.norm() > 0.0) out.normalize();
    mesh_.corners_.push_back(
        {.x = i * kUnits, .y = j * kUnits, .out_x = static_cast<float>(out.x()), .out_y = static_cast<float>(out.y())});
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
  int nx_;
  int ny_;
  bool proven_;
  std::vector<char> open_;
  std::vector<Band> bands_;
  std::unordered_map<std::uint64_t, std::int32_t> corner_ids_;
};

ColumnMesh::ColumnMesh(const geo::AirspaceView& view, Trust trust, double least_band_m)
    : origin_(view.grid().origin),
      unit_m_(view.grid().cell_m / kUnitsPerCell),
      nx_(view.grid().nx),
      ny_(view.grid().ny) {
  MeshBuilder(view, trust, least_band_m, *this).build();
}

std::uint32_t ColumnMesh::rectangle_at(const geo::Enu2& p_enu) const {
  const geo::Enu2 g = to_units(p_enu) / kUnitsPerCell;
  if (!(g.x() >= 0.0 && g.y() >= 0.0 && g.x() <= nx_ && g.y() <= ny_)) return kNone;
  const int i = std::min(static_cast<int>(g.x()), nx_ - 1);
  const int j = std::min(static_cast<int>(g.y()), ny_ - 1);
  return rectangle_of_cell_[static_cast<std::size_t>(j) * static_cast<std::size_t>(nx_) + static_cast<std::size_t>(i)];
}

}  // namespace swiftlet::planner
