#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace swiftlet::tools {

/// One line of `swiftlet bench`: what was measured and, where a bar was asked for, whether it holds.
struct Figure {
  std::string name;  ///< dotted, ends in its unit: "plan.lyon.p50_us"
  double value = 0.0;
  std::string unit;
  std::optional<double> bar = {};
  bool lower_is_better = true;
  /// Where the value rests on a stored reference: the commit and date that the reference was made at.
  std::string reference_commit = {};
  std::string reference_date = {};
  bool stored = false;  ///< the value itself is stored, not measured in this run

  [[nodiscard]] bool holds() const { return !bar || (lower_is_better ? value <= *bar : value >= *bar); }
};

/// The figures of one run: swiftlet.bench/1.
class FigureSheet {
 public:
  /// Values that are not finite (no sample was drawn) are left out, and said so on standard error.
  void add(Figure figure);
  [[nodiscard]] nlohmann::ordered_json to_json(std::uint64_t seed) const;
  [[nodiscard]] std::string table() const;

 private:
  std::vector<Figure> figures_;
};

/// The p-quantile (nearest rank, p in [0, 1]); NaN of nothing.
[[nodiscard]] double quantile(std::vector<double> values, double p);
[[nodiscard]] double mean(const std::vector<double>& values);

}  // namespace swiftlet::tools
