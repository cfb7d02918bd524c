#pragma once

#include <random>
#include <vector>

#include "geo/airspace_view.hpp"

namespace swiftlet::bench {

struct Segment {
  geo::Enu3 a_enu;
  geo::Enu3 b_enu;
};

/// Free segments of that ground length, anywhere in the band. Fewer than asked for where few are to be found.
[[nodiscard]] std::vector<Segment> free_segments(const geo::AirspaceView& view, double length_m, std::size_t count,
                                                 std::mt19937_64& rng);

/// Free segments that would not be free 5 cm lower: they graze a floor.
[[nodiscard]] std::vector<Segment> grazing_segments(const geo::AirspaceView& view, double length_m, std::size_t count,
                                                    std::mt19937_64& rng);

}  // namespace swiftlet::bench
