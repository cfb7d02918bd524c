#include "maps/osm_feature.hpp"

#include <fmt/core.h>

#include <array>
#include <string_view>

namespace swiftlet::maps {
namespace {

const std::string* find(const OsmTags& tags, const char* key) {
  const auto it = tags.find(key);
  return it == tags.end() ? nullptr : &it->second;
}

std::optional<OsmClass> man_made_class(std::string_view value) {
  if (value == "tower" || value == "communications_tower") return OsmClass::tower;
  if (value == "mast") return OsmClass::mast;
  if (value == "chimney") return OsmClass::chimney;
  if (value == "crane") return OsmClass::crane;
  return std::nullopt;
}

std::optional<OsmClass> power_class(std::string_view value) {
  if (value == "line" || value == "minor_line") return OsmClass::power_line;
  if (value == "tower" || value == "pole" || value == "portal") return OsmClass::power_tower;
  return std::nullopt;
}

std::optional<OsmClass> class_by(std::string_view key, std::string_view value) {
  if (key == "man_made") return man_made_class(value);
  if (key == "power") return power_class(value);
  if (value == "no") return std::nullopt;
  return key == "aerialway" ? OsmClass::aerialway : OsmClass::building;
}

/// The measure in a tag, noting what had to be guessed; nothing for none, an unreadable one, or one that is not above
/// 0.
std::optional<double> measure(const OsmTags& tags, const char* key, bool is_count, OsmReport& report) {
  const std::string* text = find(tags, key);
  if (text == nullptr) return std::nullopt;
  const auto parsed = is_count ? parse_osm_count(*text) : parse_osm_length(*text);
  constexpr double kHighest = 2000.0;
  // A base or a roof of nothing is no mistake, and says nothing; a height of nothing is one.
  const std::string_view name = key;
  if (parsed && parsed->value == 0.0 && name != "height" && name != "building:levels") return std::nullopt;
  if (!parsed || parsed->value <= 0.0 || parsed->value > kHighest) {
    ++report.unreadable[fmt::format("{}={}", key, *text)];
    return std::nullopt;
  }
  if (parsed->guessed) ++report.guessed;
  return parsed->value;
}

std::string joined(const std::map<std::string, std::size_t>& counts) {
  constexpr std::size_t kMost = 40;
  std::string text;
  std::size_t n = 0;
  for (const auto& [what, count] : counts) {
    if (++n > kMost) return text + fmt::format(" and {} more", counts.size() - kMost);
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", what, count);
  }
  return text;
}

}  // namespace

std::optional<OsmClass> class_of(const OsmTags& tags, OsmReport& report) {
  std::optional<OsmClass> found;
  for (const char* key : {"man_made", "power", "aerialway", "building", "building:part"}) {
    const std::string* value = find(tags, key);
    if (value == nullptr) continue;
    const auto c = class_by(key, *value);
    const bool many_kinds = std::string_view(key).starts_with("building");  // house, garage, yes, …: counted together
    ++(c ? report.taken : report.left)[fmt::format("{}={}", key, many_kinds && c ? "*" : *value)];
    if (!found) found = c;
  }
  const std::string* location = find(tags, "location");
  if (found && location != nullptr && (*location == "underground" || *location == "underwater")) {
    ++report.underground;
    return std::nullopt;
  }
  if (found) ++report.by_class[std::string(name(*found))];
  return found;
}

StatedHeights heights_of(const OsmTags& tags, OsmClass c, const ObstacleSource& source, OsmReport& report) {
  StatedHeights stated;
  const auto height = measure(tags, "height", false, report);
  const auto levels = measure(tags, "building:levels", true, report);
  if (find(tags, "building:levels") != nullptr) ++report.with_levels;
  const auto roof_levels = measure(tags, "roof:levels", true, report);
  const auto roof_height = measure(tags, "roof:height", false, report);
  if (height) stated.state_height(*height);
  if (levels || roof_levels) {
    const double roof_m = std::max(roof_levels.value_or(0.0) * source.level_height_m, roof_height.value_or(0.0));
    // A roof alone says nothing of what is under it.
    if (levels) stated.state_height(*levels * source.level_height_m + roof_m);
  }
  if (const auto base = measure(tags, "min_height", false, report)) stated.state_base_height(*base);
  if (const auto base = measure(tags, "building:min_level", true, report)) {
    stated.state_base_height(*base * source.level_height_m);
  }
  if (height) {
    ++report.by_height;
  } else if (levels) {
    ++report.by_levels;
  } else if (const auto fallback = source.osm.at(static_cast<std::size_t>(c)).height_m) {
    stated.state_height(*fallback);
    ++report.by_default[std::string(name(c))];
  }
  if (stated.base_height_m && stated.height_m && *stated.base_height_m >= *stated.height_m) {
    stated.base_height_m.reset();
    ++report.without_base;
  }
  return stated;
}

std::vector<std::string> OsmReport::lines(const ObstacleSource& source) const {
  std::vector<std::string> out;
  out.push_back(fmt::format("obstacles by class: {}", joined(by_class)));
  out.push_back(fmt::format("tags taken: {}", joined(taken)));
  if (!left.empty()) out.push_back(fmt::format("tags that are no obstacles: {}", joined(left)));
  out.push_back(fmt::format("heights: {} from height, {} from building:levels at {} m a level ({} features state it)",
                            by_height, by_levels, source.level_height_m, with_levels));
  for (const auto& [c, count] : by_default) {
    for (std::size_t k = 0; k < kOsmClasses; ++k) {
      if (name(static_cast<OsmClass>(k)) != c) continue;
      out.push_back(fmt::format("{} features of class {} without a height, taken as {} m", count, c,
                                source.osm[k].height_m.value_or(0.0)));
    }
  }
  const auto note = [&](std::size_t count, std::string_view what) {
    if (count > 0) out.push_back(fmt::format("{} {}", count, what));
  };
  note(guessed, "tags read with good will (several values, a range, about, a comma)");
  if (!unreadable.empty()) out.push_back(fmt::format("tags that are no measure, passed over: {}", joined(unreadable)));
  note(underground, "features underground, no obstacles");
  note(repaired, "outlines not closed or crossing themselves, taken by their convex hull");
  note(without_base, "bases not below their top, passed over: these features stand on the ground");
  return out;
}

}  // namespace swiftlet::maps
