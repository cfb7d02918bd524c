#pragma once

#include <cstdint>
#include <vector>

namespace swiftlet::dispatch {

/// Costs of pairing each row with each column, row by row.
struct CostMatrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<std::int64_t> costs = {};

  CostMatrix(std::size_t row_count, std::size_t column_count, std::int64_t filled_with = 0)
      : rows(row_count), columns(column_count), costs(row_count * column_count, filled_with) {}
  [[nodiscard]] std::int64_t& at(std::size_t row, std::size_t column) { return costs[row * columns + column]; }
  [[nodiscard]] std::int64_t at(std::size_t row, std::size_t column) const { return costs[row * columns + column]; }
};

/// The column of each row in a pairing of least total cost that pairs as many as there can be; -1 for rows left over.
/// Ties go to lower indices, so that the answer depends on the costs alone. Precondition: costs within ±10^15.
///
/// What the sparse search is compared with: every pair is looked at.
/// Shortest augmenting paths with potentials (Jonker and Volgenant's scheme), O(min² · max). Exact in integers.
[[nodiscard]] std::vector<int> dense_matching(const CostMatrix& matrix);

}  // namespace swiftlet::dispatch
