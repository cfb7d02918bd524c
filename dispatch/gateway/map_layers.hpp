#pragma once

#include <string>

#include "geo/airspace.hpp"

namespace swiftlet::dispatch {

// What of an airspace never changes while the service runs, for the console's map. For the eye, not for proofs.

/// {"name","hash","vertical_datum","bounds":[w,s,e,n],"policy":{…},"relief":{"corners":[…]},"obstacles":FeatureCollection}
/// Obstacles carry kind, id, top_msl_m, height_m and base_m: above the terrain at the footprint's first corner.
[[nodiscard]] std::string map_json(const geo::Airspace& airspace);

/// The terrain's shade under a light from the north-west as a PNG: black where it is darker than level ground, white
/// where it is lighter, each as transparent as it differs little. So it lies over any colour, dark or light.
[[nodiscard]] std::string relief_png(const geo::Airspace& airspace);

}  // namespace swiftlet::dispatch
