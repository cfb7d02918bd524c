#pragma once

#include "geo/airspace.hpp"
#include "geo/referee.hpp"

namespace swiftlet::test {

/// Judges routes through worlds that have no source files, by asking the contract's rules of every 20 cm of the path,
/// from its words and with no surfaces, cells or margins in between. Sampling misses what is thinner than its step, and
/// that is fine: it has to be independent, and the real referee (which needs files) is exact.
class DenseReferee : public geo::Referee {
 public:
  explicit DenseReferee(geo::AirspacePtr airspace) : airspace_(std::move(airspace)) {}
  [[nodiscard]] geo::RefereeReport judge(const geo::RouteUnderTest& route) const override;

 private:
  geo::AirspacePtr airspace_;
};

}  // namespace swiftlet::test
