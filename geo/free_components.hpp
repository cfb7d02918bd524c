#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "geo/airspace_view.hpp"
#include "geo/disjoint_sets.hpp"

namespace swiftlet::geo {

/// The connected components of a view's free space, columns taken as a whole: squares (cells, or the quarters of
/// refined ones) belong together where they share an edge and their bands overlap.
///
/// *proven*: of the safe bands. Two columns of one component are joined by a path that is free, if it is drawn through
/// the squares' common edges. *possible*: of the optimistic bands, squares that meet at a corner counted as well; two
/// columns of different components are joined by no path in the exact geometry.
class FreeComponents {
 public:
  enum class Kind { proven, possible };
  FreeComponents(const AirspaceView& view, Kind kind);

  /// Components by area, the largest first.
  [[nodiscard]] const std::vector<double>& areas_m2() const { return areas_m2_; }
  /// The ground area that is free at some altitude.
  [[nodiscard]] double area_m2() const { return area_m2_; }
  /// The component of a column, by its place in areas_m2; nothing where it is closed or outside the extent.
  [[nodiscard]] std::optional<std::uint32_t> at(const Enu2& p_enu) const;

 private:
  struct Square {
    float floor_msl_m;
    float ceiling_msl_m;
    [[nodiscard]] bool meets(const Square& other) const {
      return std::max(floor_msl_m, other.floor_msl_m) <= std::min(ceiling_msl_m, other.ceiling_msl_m);
    }
  };
  static constexpr std::uint32_t kClosed = 0xFFFFFFFFU;

  void add_cell(const AirspaceView& view, int i, int j);
  [[nodiscard]] std::uint32_t add_square(const AirspaceView::Band& band, double area_m2);
  void split(const AirspaceView& view, int i, int j, double widest_m);
  [[nodiscard]] double part_in_extent(const Airspace& airspace, int i, int j) const;
  void join(std::uint32_t a, std::uint32_t b);
  void join_neighbours();
  void join_beside(int i, int j, int di, int dj);
  /// The square at place (u, v) of a cell, counted in finest quarters.
  [[nodiscard]] std::uint32_t square(int i, int j, int u, int v) const;
  void number();

  GridFrame grid_;
  Kind kind_;
  int quarters_;                        ///< finest quarters along a cell
  AirspaceView::Band held_;             ///< the lowest and highest that the policy allows anywhere
  std::vector<std::uint32_t> of_cell_;  ///< its square, or where its places begin, or kClosed
  std::vector<bool> is_split_;
  std::vector<std::uint32_t> places_;
  std::vector<Square> squares_;
  std::vector<float> square_area_m2_;
  DisjointSets joined_;                      ///< squares, until they are numbered
  std::vector<std::uint32_t> component_of_;  ///< by square
  std::vector<double> areas_m2_;
  double area_m2_ = 0.0;
};

}  // namespace swiftlet::geo
