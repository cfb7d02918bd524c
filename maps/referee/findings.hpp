#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "geo/referee.hpp"

namespace swiftlet::maps::referee {

/// Gathers violations: of each rule, segment and cause only the worst point is kept.
class Findings {
 public:
  /// `shortfall_m`: by how much the rule is broken there; the largest one stays.
  void add(geo::Violation violation, double shortfall_m);

  /// By segment, then by rule.
  [[nodiscard]] std::vector<geo::Violation> take();

 private:
  using Key = std::tuple<int, std::string, std::string, std::string>;
  std::map<Key, std::pair<double, geo::Violation>> worst_;
};

}  // namespace swiftlet::maps::referee
