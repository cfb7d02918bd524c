#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "geo/airspace.hpp"
#include "geo/error.hpp"

namespace swiftlet::maps {

struct PadReading {
  std::vector<geo::Pad> pads;
  std::vector<Error> problems;          ///< with file, feature and id; the pads without one are in `pads`
  std::vector<std::string> on_the_rim;  ///< ids of pads over whose cells not all terrain is known: nothing flies there
};

/// Reads pads from GeoJSON points and puts every slot on its deck: on the ground, on deck_height_agl_m above it, or,
/// where it lies in a footprint, on the top of the highest part that contains it. `slots` is a number; `slot_positions`
/// gives each slot its own [lon, lat], the first at the pad's point. Where it is left out the further slots stand round
/// the pad's point in a square spiral, twice the terminal radius apart. Problems, each pad's first: file_not_found,
/// bad_json, pad_invalid (naming the pad, the field and what would be right; a deck height more than 1 m off the roof
/// it stands on; the same id twice), outside_terrain. Precondition: `airspace` has its frame, terrain and obstacles.
[[nodiscard]] PadReading read_pads(const std::filesystem::path& file, const geo::Airspace& airspace);

}  // namespace swiftlet::maps
