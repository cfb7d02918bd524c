#pragma once

#include <optional>
#include <string_view>

namespace swiftlet::maps {

/// A measure as people write it into OpenStreetMap tags.
struct OsmMeasure {
  double value = 0.0;    ///< metres, or a count
  bool guessed = false;  ///< read with good will: several values, a range, "about", a comma for the point

  friend bool operator==(const OsmMeasure&, const OsmMeasure&) = default;
};

/// The length in a tag, in metres: "12", "12.5 m", "40 ft", "12'6\"", "12 ft 6 in", "3;4", "10-12", "~10", "12,5". Of
/// several values the greatest counts. Nothing where the text is no length.
[[nodiscard]] std::optional<OsmMeasure> parse_osm_length(std::string_view text);

/// The number in a tag, such as of levels: "5", "1.5", "3;4". Of several values the greatest counts. Nothing where the
/// text is no number.
[[nodiscard]] std::optional<OsmMeasure> parse_osm_count(std::string_view text);

}  // namespace swiftlet::maps
