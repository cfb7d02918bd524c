#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace swiftlet::geo {

/// The numbers from 0 to below a count in sets of their own, joined two by two. A set's least number stands for it.
class DisjointSets {
 public:
  DisjointSets() = default;
  explicit DisjointSets(std::size_t count) : joined_to_(count) { std::iota(joined_to_.begin(), joined_to_.end(), 0U); }

  [[nodiscard]] std::size_t size() const { return joined_to_.size(); }
  /// The number that stands for the set of n.
  [[nodiscard]] std::uint32_t root(std::uint32_t n) {
    while (joined_to_[n] != n) {
      joined_to_[n] = joined_to_[joined_to_[n]];
      n = joined_to_[n];
    }
    return n;
  }
  void join(std::uint32_t a, std::uint32_t b) {
    a = root(a);
    b = root(b);
    joined_to_[std::max(a, b)] = std::min(a, b);
  }
  /// Of every number its root.
  [[nodiscard]] std::vector<std::uint32_t> roots() && {
    for (std::uint32_t n = 0; n < joined_to_.size(); ++n) joined_to_[n] = joined_to_[joined_to_[n]];
    return std::move(joined_to_);
  }

 private:
  std::vector<std::uint32_t> joined_to_;  ///< a forest, its roots joined to themselves, no number to a greater one
};

}  // namespace swiftlet::geo
