#include "maps/referee/findings.hpp"

namespace swiftlet::maps::referee {

void Findings::add(geo::Violation violation, double shortfall_m) {
  const ErrorCause cause = violation.cause.value_or(ErrorCause{});
  Key key{violation.segment, violation.rule, cause.kind, cause.id};
  const auto it = worst_.find(key);
  if (it == worst_.end()) {
    worst_.emplace(std::move(key), std::pair(shortfall_m, std::move(violation)));
  } else if (shortfall_m > it->second.first) {
    it->second = {shortfall_m, std::move(violation)};
  }
}

std::vector<geo::Violation> Findings::take() {
  std::vector<geo::Violation> all;
  all.reserve(worst_.size());
  for (auto& [key, found] : worst_) all.push_back(std::move(found.second));
  worst_.clear();
  return all;
}

}  // namespace swiftlet::maps::referee
