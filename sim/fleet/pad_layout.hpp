#pragma once

#include <string>
#include <vector>

#include "geo/airspace.hpp"

namespace swiftlet::sim {

/// Free ground of a region, for pads that it does not have: places on a lattice, that far apart, where no obstacle
/// stands within the terminal's radius, no zone that may bind at some time lies, and from where a proven vertical leads
/// up to the air that most of the region shares. A place is given once.
class FreeGround {
 public:
  FreeGround(geo::AirspacePtr airspace, double apart_m);

  /// So many pads of that kind with so many slots each, spread over the region; ids are the prefix and 001, 002 …. What
  /// is laid out is only a proposal: every route from it is proven like any other. Errors: value_invalid where there is
  /// no room for so many.
  [[nodiscard]] Expected<std::vector<geo::Pad>> lay_out(geo::PadKind kind, const std::string& prefix, int pads,
                                                        int slots_each);

 private:
  [[nodiscard]] geo::Enu2 at(int i, int j) const;
  [[nodiscard]] LonLat place_of(const geo::Enu2& p_enu) const;
  /// The first `wanted` free places of the block with that corner, as numbers; fewer if it has no more.
  [[nodiscard]] std::vector<std::size_t> places(int i0, int j0, int across, int wanted) const;
  [[nodiscard]] geo::Pad pad_of(geo::PadKind kind, std::string id, const std::vector<std::size_t>& places) const;

  geo::AirspacePtr airspace_;
  double apart_m_;
  geo::Enu2 corner_enu_;
  int nx_;
  int ny_;
  std::vector<char> free_;
};

}  // namespace swiftlet::sim
