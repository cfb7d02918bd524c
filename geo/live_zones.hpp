#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "geo/error.hpp"
#include "geo/geozone.hpp"

namespace swiftlet::geo {

struct Airspace;
using AirspacePtr = std::shared_ptr<const Airspace>;

/// A zone put up at run time.
struct LiveZone {
  std::string id;
  std::string published;         ///< the zone as published: canonical JSON, which the version's hash covers
  std::vector<Geozone> volumes;  ///< in the frame of the airspace that it is for
};

/// What holds of an airspace version besides what was compiled. Live zones take the place of compiled ones of their id.
struct LiveZones {
  AirspacePtr base;               ///< as compiled
  std::set<std::string> removed;  ///< ids of compiled zones that hold no longer
  std::map<std::string, std::shared_ptr<const LiveZone>> zones;
};

// New versions of an airspace. The version given stays as it is, for those who still read it, and shares terrain and
// obstacles with the new one; nothing is compiled again. A version is a function of the compiled airspace and its live
// zones, whatever the way that led to them, and so is its hash: without any it is the compiled airspace itself, else
// "sha256:…" over the texts "swiftlet.live_zones/1", the compiled airspace's hash, the number of removed ids, each of
// these in ascending order, and each live zone's `published` in the order of ids; every text as its length in bytes, a
// colon, the text and a comma.

/// Errors: conflict where a zone of that id holds already.
[[nodiscard]] Expected<AirspacePtr> insert_zone(const AirspacePtr& airspace, LiveZone zone);
/// Puts the zone in the place of those of its id. Errors: not_found where none holds.
[[nodiscard]] Expected<AirspacePtr> change_zone(const AirspacePtr& airspace, LiveZone zone);
/// Errors: not_found where no zone of that id holds.
[[nodiscard]] Expected<AirspacePtr> remove_zone(const AirspacePtr& airspace, const std::string& id);

/// The version of a compiled airspace in which these changes hold. Precondition: `live.base` is one without live zones
/// (throws std::invalid_argument). Errors: not_found where an id removed is of no compiled zone.
[[nodiscard]] Expected<AirspacePtr> version_with(LiveZones live);

}  // namespace swiftlet::geo
