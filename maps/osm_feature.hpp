#pragma once

#include <map>
#include <optional>
#include <string>

#include "maps/obstacle_height.hpp"
#include "maps/osm_measure.hpp"
#include "maps/region_manifest.hpp"

// Private to maps: what the tags of an OpenStreetMap feature mean.
namespace swiftlet::maps {

using OsmTags = std::map<std::string, std::string>;

/// How the heights of an extract were come by: what a report of guesses is made of.
struct OsmReport {
  std::map<std::string, std::size_t> taken;       ///< features a "key=value" that became obstacles
  std::map<std::string, std::size_t> left;        ///< features a "key=value" that are no obstacles
  std::map<std::string, std::size_t> by_class;    ///< obstacles a class
  std::size_t by_height = 0;                      ///< obstacles whose top a height tag gives
  std::size_t by_levels = 0;                      ///< … a number of levels
  std::map<std::string, std::size_t> by_default;  ///< … the default of a class
  std::size_t with_levels = 0;                    ///< features that state building:levels at all
  std::size_t guessed = 0;                        ///< tags read with good will
  std::map<std::string, std::size_t> unreadable;  ///< "key=value" that is no measure, passed over
  std::size_t underground = 0;
  std::size_t repaired = 0;      ///< outlines that were not closed or crossed themselves, taken by their convex hull
  std::size_t without_base = 0;  ///< bases not below the top, passed over

  /// Lines for people: counts first, then what was guessed.
  [[nodiscard]] std::vector<std::string> lines(const ObstacleSource& source) const;
};

/// The class of a feature; nothing for what is no obstacle. Counts its tags.
[[nodiscard]] std::optional<OsmClass> class_of(const OsmTags& tags, OsmReport& report);

/// What the tags say of heights, with the default of the class where they say nothing. Heights and levels side by side:
/// the higher holds. No top where there is no default either.
[[nodiscard]] StatedHeights heights_of(const OsmTags& tags, OsmClass c, const ObstacleSource& source,
                                       OsmReport& report);

}  // namespace swiftlet::maps
