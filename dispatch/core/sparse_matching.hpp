#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <vector>

namespace swiftlet::dispatch {

/// A column that a row may be paired with, and what that costs.
struct MatchCandidate {
  std::size_t column = 0;
  std::int64_t cost = 0;
};

/// The next candidate of a row: cheapest first, each column once, and in the end nothing. Asked only as far as it
/// matters.
using NextCandidate = std::function<std::optional<MatchCandidate>(std::size_t row)>;

/// A pairing, and what it has looked at on the way.
struct SparseMatching {
  std::vector<std::optional<std::size_t>> column_of = {};   ///< by row; nothing for rows left over
  std::vector<std::vector<MatchCandidate>> looked_at = {};  ///< by row, cheapest first
};

/// Pairs as many rows as can be, and of all such pairings takes one of least total cost. Exact, in integers: shortest
/// augmenting paths with potentials, over candidates that are drawn one by one only while a cheaper path may lead
/// through the next. Few orders want the same drone, so that most paths are one step long. Equal costs are told apart
/// by index, so the answer is the same everywhere. Precondition: costs within ±10^11, at most 4000 rows.
[[nodiscard]] SparseMatching sparse_matching(std::size_t rows, std::size_t columns, const NextCandidate& next);

}  // namespace swiftlet::dispatch
