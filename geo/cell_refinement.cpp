#include "geo/cell_refinement.hpp"

#include <algorithm>

namespace swiftlet::geo {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr int kDeepest = 5;  ///< more quads a tile than RefinableFloor can number are not made

struct Refinement {
  const ObstacleFloors& fine;
  float least_safe;
  float least_optimistic;
  const HeightBand& matters;
  std::vector<FloorQuad>& quads;

  [[nodiscard]] float levelled(float floor) const {
    if (floor <= matters.floor_msl_m) return -kInfinity;
    if (floor > matters.ceiling_msl_m) return kInfinity;
    return floor;
  }

  [[nodiscard]] RefinedCell square(int i, int j, int side) {
    if (side == 1) {
      const std::size_t n = fine.index(i, j);
      const float safe = levelled(std::max(fine.safe_msl_m[n], least_safe));
      return {RefinableFloor(safe), safe, levelled(std::max(fine.optimistic_msl_m[n], least_optimistic))};
    }
    const int half = side / 2;
    // Its number is that of the place it is given before its quarters take theirs.
    const std::size_t number = quads.size();
    quads.emplace_back();
    FloorQuad quad;
    RefinedCell whole{RefinableFloor(), -kInfinity, kInfinity};
    bool equal = true;
    for (int k = 0; k < 4; ++k) {
      const RefinedCell quarter = square(i + (k % 2) * half, j + (k / 2) * half, half);
      quad.safe[static_cast<std::size_t>(k)] = quarter.safe;
      quad.optimistic_msl_m[static_cast<std::size_t>(k)] = quarter.lowest_optimistic_msl_m;
      whole.highest_safe_msl_m = std::max(whole.highest_safe_msl_m, quarter.highest_safe_msl_m);
      whole.lowest_optimistic_msl_m = std::min(whole.lowest_optimistic_msl_m, quarter.lowest_optimistic_msl_m);
      equal = equal && !quarter.safe.is_refined() && quarter.highest_safe_msl_m == quad.safe[0].msl_m() &&
              quarter.lowest_optimistic_msl_m == quad.optimistic_msl_m[0];
    }
    if (equal) {
      quads.resize(number);
      whole.safe = RefinableFloor(whole.highest_safe_msl_m);
    } else {
      quads[number] = quad;
      whole.safe = RefinableFloor::refined_by(static_cast<std::uint32_t>(number));
    }
    return whole;
  }
};

}  // namespace

void ObstacleFloors::reset(int columns, int rows) {
  nx = columns;
  const std::size_t cells = static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows);
  safe_msl_m.assign(cells, -kInfinity);
  optimistic_msl_m.assign(cells, -kInfinity);
}

int refinement_depth(double cell_m) {
  int depth = 0;
  while (cell_m > kFinestCell_m && depth < kDeepest) {
    cell_m /= 2.0;
    ++depth;
  }
  return depth;
}

RefinedCell refine_cell(const ObstacleFloors& fine, int i, int j, int side, float least_safe_msl_m,
                        float least_optimistic_msl_m, const HeightBand& matters, std::vector<FloorQuad>& quads) {
  Refinement refinement{fine, least_safe_msl_m, least_optimistic_msl_m, matters, quads};
  return refinement.square(i, j, side);
}

}  // namespace swiftlet::geo
