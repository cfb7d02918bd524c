#pragma once

#include <string>
#include <vector>

#include "geo/error.hpp"
#include "maps/referee/sources.hpp"

namespace swiftlet::maps::referee {

/// The zones that hold, and the hash that routes must name.
struct ZonesInForce {
  std::string hash;
  std::vector<const Zone*> zones;  ///< of the sources, and of `live`
  std::vector<Zone> live;

  /// As the sources have them.
  explicit ZonesInForce(const Sources& sources);
  ZonesInForce(ZonesInForce&&) = default;
  ZonesInForce(const ZonesInForce&) = delete;
};

/// Reads a document of live zones ("swiftlet.live_zones/1"): compiled zones whose id is in `removed`, or is that of one
/// of its `zones`, hold no longer. The hash is SHA-256 over "swiftlet.live_zones/1", the base hash, the number of ids
/// removed, these in ascending order, and the live zones in the order of their ids as JSON without white space and with
/// sorted members, each text as its length, a colon, the text and a comma; the base's own where nothing has changed.
/// Errors: bad_json, value_invalid (another base), and those of reading zones.
[[nodiscard]] Expected<ZonesInForce> zones_in_force(const Sources& sources, const std::string& document,
                                                    const std::string& where);

}  // namespace swiftlet::maps::referee
