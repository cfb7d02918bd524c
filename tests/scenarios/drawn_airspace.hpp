#pragma once

#include <memory>
#include <string_view>

#include "geo/airspace.hpp"

namespace swiftlet::test {

/// A small world drawn as text, north up, one character a tile of 20 m; flat ground at 100 m.
///   .     free ground
///   1-9   building of 10-90 m, one a tile; id "house-" and its row and column
///   #     building of 300 m, above every ceiling; id "wall-" and its row and column
///   Z     corner or tile of the rectangular zone "Z": PROHIBITED from the ground up, unlimited, permanent
///   O     the same for the zone "O": PROHIBITED from 60 m AGL up
///   A-M   pad of that name on the ground
///   a-m   pad of that name on the roof of a 30 m building of one tile
struct Drawing {
  std::shared_ptr<geo::Airspace> airspace;
  [[nodiscard]] geo::Geozone& zone(std::string_view id) const;
};

[[nodiscard]] Drawing draw(std::string_view map);

}  // namespace swiftlet::test
