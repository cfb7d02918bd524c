#include "tests/dispatch/dense_matching.hpp"

#include <limits>

namespace swiftlet::dispatch {
namespace {

/// For at most as many rows as columns: the row of each column, 0 for none; both counted from 1.
std::vector<std::size_t> rows_of_columns(const CostMatrix& m) {
  constexpr std::int64_t kFar = std::numeric_limits<std::int64_t>::max() / 4;
  std::vector<std::int64_t> row_potential(m.rows + 1, 0);
  std::vector<std::int64_t> column_potential(m.columns + 1, 0);
  std::vector<std::size_t> row_of(m.columns + 1, 0);
  std::vector<std::size_t> came_from(m.columns + 1, 0);
  for (std::size_t row = 1; row <= m.rows; ++row) {
    row_of[0] = row;
    std::size_t column = 0;
    std::vector<std::int64_t> distance(m.columns + 1, kFar);
    std::vector<bool> reached(m.columns + 1, false);
    do {
      reached[column] = true;
      const std::size_t from = row_of[column];
      std::int64_t step = kFar;
      std::size_t next = 0;
      for (std::size_t c = 1; c <= m.columns; ++c) {
        if (reached[c]) continue;
        const std::int64_t reduced = m.at(from - 1, c - 1) - row_potential[from] - column_potential[c];
        if (reduced < distance[c]) {
          distance[c] = reduced;
          came_from[c] = column;
        }
        if (distance[c] < step) {
          step = distance[c];
          next = c;
        }
      }
      for (std::size_t c = 0; c <= m.columns; ++c) {
        if (reached[c]) {
          row_potential[row_of[c]] += step;
          column_potential[c] -= step;
        } else {
          distance[c] -= step;
        }
      }
      column = next;
    } while (row_of[column] != 0);
    while (column != 0) {
      const std::size_t before = came_from[column];
      row_of[column] = row_of[before];
      column = before;
    }
  }
  return row_of;
}

}  // namespace

std::vector<int> dense_matching(const CostMatrix& matrix) {
  std::vector<int> column_of(matrix.rows, -1);
  if (matrix.rows == 0 || matrix.columns == 0) return column_of;
  if (matrix.rows <= matrix.columns) {
    const auto row_of = rows_of_columns(matrix);
    for (std::size_t c = 1; c <= matrix.columns; ++c) {
      if (row_of[c] != 0) column_of[row_of[c] - 1] = static_cast<int>(c) - 1;
    }
    return column_of;
  }
  CostMatrix turned(matrix.columns, matrix.rows);
  for (std::size_t r = 0; r < matrix.rows; ++r) {
    for (std::size_t c = 0; c < matrix.columns; ++c) turned.at(c, r) = matrix.at(r, c);
  }
  const auto column_of_row = rows_of_columns(turned);
  for (std::size_t r = 1; r <= matrix.rows; ++r) {
    if (column_of_row[r] != 0) column_of[r - 1] = static_cast<int>(column_of_row[r]) - 1;
  }
  return column_of;
}

}  // namespace swiftlet::dispatch
