#include "dispatch/core/sparse_matching.hpp"

#include <algorithm>
#include <queue>
#include <tuple>

namespace swiftlet::dispatch {
namespace {

/// What being left over costs: more than any pairing of all others could save.
constexpr std::int64_t kLeftOver = 1'000'000'000'000'000;

class Matcher {
 public:
  Matcher(std::size_t rows, std::size_t columns, const NextCandidate& next)
      : rows_(rows), columns_(columns), next_(next), row_potential_(rows), exhausted_(rows, false) {
    // Behind the true columns each row has one of its own, in which it is left over.
    column_potential_.resize(columns + rows);
    row_of_.resize(columns + rows);
    reached_.resize(columns + rows, 0);
    known_.resize(columns + rows);
    result_.column_of.resize(rows);
    result_.looked_at.resize(rows);
  }

  SparseMatching run() {
    for (std::size_t row = 0; row < rows_; ++row) {
      row_potential_[row] = candidate(row, 0).cost;
      augment(row);
    }
    for (std::size_t c = 0; c < columns_; ++c) {
      if (row_of_[c]) result_.column_of[*row_of_[c]] = c;
    }
    return std::move(result_);
  }

 private:
  /// A step of the search, by how far it is: to a column, or to the point where a row's next candidate matters.
  struct Step {
    std::int64_t distance;
    bool more;
    std::size_t index;  ///< the column, or which of the row's candidates
    std::size_t from;   ///< a place in scanned_
    friend bool operator>(const Step& a, const Step& b) {
      return std::tie(a.distance, a.more, a.index, a.from) > std::tie(b.distance, b.more, b.index, b.from);
    }
  };
  struct Scanned {
    std::size_t row;
    std::int64_t distance;
    std::size_t by;  ///< the column that led here; none for the first
  };
  struct Known {
    std::uint64_t search = 0;
    std::int64_t distance = 0;
  };
  struct Arrival {
    std::size_t column;
    std::int64_t distance;
    std::size_t from;
  };

  MatchCandidate candidate(std::size_t row, std::size_t k) {
    auto& known = result_.looked_at[row];
    while (k >= known.size() && !exhausted_[row]) {
      const auto found = next_(row);
      exhausted_[row] = !found;
      if (found) known.push_back(*found);
    }
    return k < known.size() ? known[k] : MatchCandidate{.column = columns_ + row, .cost = kLeftOver};
  }

  void look_at(std::size_t from, std::size_t k) {
    const Scanned& s = scanned_[from];
    // Column potentials are never above 0, so no candidate from here on is nearer than this.
    const std::int64_t least = s.distance + candidate(s.row, k).cost - row_potential_[s.row];
    open_.push({.distance = least, .more = true, .index = k, .from = from});
  }

  /// Whether no way to the column that is as short is known in this search; if so, this one is now.
  bool is_shorter(std::size_t column, std::int64_t distance) {
    Known& known = known_[column];
    if (known.search == search_ && known.distance <= distance) return false;
    known = {.search = search_, .distance = distance};
    return true;
  }

  void augment(std::size_t row) {
    scanned_.assign(1, {.row = row, .distance = 0, .by = 0});
    arrivals_.clear();
    open_ = {};
    ++search_;
    look_at(0, 0);
    for (;;) {
      const Step step = open_.top();
      open_.pop();
      if (step.more) {
        const std::size_t r = scanned_[step.from].row;
        const MatchCandidate edge = candidate(r, step.index);
        const std::int64_t distance = step.distance - column_potential_[edge.column];
        // Of ways to a column that are as long the first counts, so later ones need not wait in the queue.
        if (is_shorter(edge.column, distance)) {
          open_.push({.distance = distance, .more = false, .index = edge.column, .from = step.from});
        }
        if (edge.column < columns_) look_at(step.from, step.index + 1);
        continue;
      }
      if (reached_[step.index] == search_) continue;
      reached_[step.index] = search_;
      arrivals_.push_back({.column = step.index, .distance = step.distance, .from = step.from});
      if (!row_of_[step.index]) return finish(step.distance);
      scanned_.push_back({.row = *row_of_[step.index], .distance = step.distance, .by = arrivals_.size() - 1});
      look_at(scanned_.size() - 1, 0);
    }
  }

  void finish(std::int64_t distance) {
    for (const Scanned& s : scanned_) row_potential_[s.row] += distance - s.distance;
    for (const Arrival& a : arrivals_) column_potential_[a.column] -= distance - a.distance;
    for (std::size_t at = arrivals_.size() - 1;;) {
      const Scanned& from = scanned_[arrivals_[at].from];
      row_of_[arrivals_[at].column] = from.row;
      if (arrivals_[at].from == 0) return;
      at = from.by;
    }
  }

  std::size_t rows_;
  std::size_t columns_;
  const NextCandidate& next_;
  std::vector<std::int64_t> row_potential_;
  std::vector<bool> exhausted_;
  std::vector<std::int64_t> column_potential_;
  std::vector<std::optional<std::size_t>> row_of_;
  SparseMatching result_;

  std::uint64_t search_ = 0;
  std::vector<std::uint64_t> reached_;  ///< in which search, by column
  std::vector<Known> known_;            ///< the shortest way that waits, by column
  std::vector<Scanned> scanned_;
  std::vector<Arrival> arrivals_;
  std::priority_queue<Step, std::vector<Step>, std::greater<>> open_;
};

}  // namespace

SparseMatching sparse_matching(std::size_t rows, std::size_t columns, const NextCandidate& next) {
  return Matcher(rows, columns, next).run();
}

}  // namespace swiftlet::dispatch
