#include "maps/referee/osm_reading.hpp"

#include <fmt/core.h>
#include <ogrsf_frmts.h>

#include <algorithm>
#include <map>
#include <regex>

namespace swiftlet::maps::referee {
namespace {

using Tags = std::map<std::string, std::string>;

/// Fields and the "key"=>"value" pairs of other_tags, in one.
Tags read_tags(const OGRFeature& feature) {
  Tags tags;
  for (int k = 0; k < feature.GetFieldCount(); ++k) {
    if (!feature.IsFieldSetAndNotNull(k)) continue;
    const std::string key = feature.GetFieldDefnRef(k)->GetNameRef();
    const std::string value = feature.GetFieldAsString(k);
    if (key != "other_tags") {
      tags[key] = value;
      continue;
    }
    std::vector<std::string> texts;
    bool quoted = false;
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (value[i] == '"') {
        quoted = !quoted;
        if (quoted) texts.emplace_back();
      } else if (quoted) {
        if (value[i] == '\\' && i + 1 < value.size()) ++i;
        texts.back() += value[i];
      }
    }
    for (std::size_t i = 0; i + 1 < texts.size(); i += 2) tags[texts[i]] = texts[i + 1];
  }
  return tags;
}

std::string tag(const Tags& tags, const char* key) {
  const auto it = tags.find(key);
  return it == tags.end() ? "" : it->second;
}

std::optional<OsmClass> obstacle_class(const Tags& tags) {
  const std::string location = tag(tags, "location");
  if (location == "underground" || location == "underwater") return std::nullopt;
  static const std::map<std::string, OsmClass> kManMade{{"tower", OsmClass::tower},
                                                        {"communications_tower", OsmClass::tower},
                                                        {"mast", OsmClass::mast},
                                                        {"chimney", OsmClass::chimney},
                                                        {"crane", OsmClass::crane}};
  static const std::map<std::string, OsmClass> kPower{{"line", OsmClass::power_line},
                                                      {"minor_line", OsmClass::power_line},
                                                      {"tower", OsmClass::power_tower},
                                                      {"pole", OsmClass::power_tower},
                                                      {"portal", OsmClass::power_tower}};
  if (const auto it = kManMade.find(tag(tags, "man_made")); it != kManMade.end()) return it->second;
  if (const auto it = kPower.find(tag(tags, "power")); it != kPower.end()) return it->second;
  const auto stated = [&](const char* key) { return tags.contains(key) && tag(tags, key) != "no"; };
  if (stated("aerialway")) return OsmClass::aerialway;
  if (stated("building") || stated("building:part")) return OsmClass::building;
  return std::nullopt;
}

std::optional<double> quantity_in(const Tags& tags, const char* key, bool is_count) {
  return tags.contains(key) ? osm_quantity(tag(tags, key), is_count) : std::nullopt;
}

Expected<StatedHeights> read_heights(const Tags& tags, OsmClass c, const ObstacleSource& source,
                                     const std::string& where) {
  StatedHeights stated;
  const double level_m = source.level_height_m;
  stated.above_ground_m = quantity_in(tags, "height", false);
  if (const auto levels = quantity_in(tags, "building:levels", true)) {
    const double roof_m = std::max(quantity_in(tags, "roof:levels", true).value_or(0.0) * level_m,
                                   quantity_in(tags, "roof:height", false).value_or(0.0));
    stated.above_ground_m = std::max(stated.above_ground_m.value_or(0.0), *levels * level_m + roof_m);
  }
  if (!stated.above_ground_m) stated.above_ground_m = source.osm.at(static_cast<std::size_t>(c)).height_m;
  if (!stated.above_ground_m) {
    return fail(ErrorCode::height_missing, "says nothing of its height, and its class has no default", where);
  }
  stated.base_above_ground_m = quantity_in(tags, "min_height", false);
  if (const auto level = quantity_in(tags, "building:min_level", true)) {
    stated.base_above_ground_m = std::min(stated.base_above_ground_m.value_or(*level * level_m), *level * level_m);
  }
  if (stated.base_above_ground_m >= stated.above_ground_m) stated.base_above_ground_m.reset();
  return stated;
}

/// Lines that enclose something are read as what they enclose; an outline of a building that is not closed, as all
/// that its corners span.
void close_lines(RawFeature& feature, OsmClass c) {
  const bool has_area = c != OsmClass::power_line && c != OsmClass::aerialway;
  std::vector<Ring> lines;
  for (Ring& line : feature.shape.lines) {
    const bool closed =
        line.size() > 3 && line.front().x == line.back().x && line.front().y == line.back().y && has_area;
    const bool torn = !closed && c == OsmClass::building && line.size() > 1;
    if (!closed && !torn) {
      lines.push_back(std::move(line));
      continue;
    }
    if (torn) line.push_back(line.front());
    feature.torn = feature.torn || torn;
    feature.shape.polygons.push_back({.rings = {std::move(line)}});
  }
  feature.shape.lines = std::move(lines);
}

std::string name_of(const Tags& tags, const std::string& layer) {
  if (tags.contains("osm_way_id")) return "way/" + tag(tags, "osm_way_id");
  return (layer == "points" ? "node/" : layer == "lines" ? "way/" : "relation/") + tag(tags, "osm_id");
}

}  // namespace

std::optional<double> osm_quantity(const std::string& text, bool is_count) {
  static const std::regex kAbout(R"(^\s*(?:~|ca\.|(?:ca|approx|about)(?![a-z]))?\s*)");
  static const std::string kNumber = R"((\d*[.,]?\d+))";
  static const std::string kFeet = kNumber + R"(\s*(?:'|(?:feet|foot|ft)(?![a-z])))" + "(?:\\s*" + kNumber +
                                   R"(\s*(?:"|''|(?:inches|inch|in)(?![a-z])))?)";
  static const std::string kPlain =
      kNumber + R"(\s*((?:metres|meters|metre|meter|m|cm|km|inches|inch|in)(?![a-z])|")?)";
  static const std::string kLength = "(?:" + kFeet + "|" + kPlain + ")";
  static const std::string kMore = R"(\s*[;-]\s*)";
  static const std::regex kOne[] = {std::regex(kLength), std::regex(kNumber)};
  static const std::regex kAll[] = {std::regex(kLength + "(?:" + kMore + kLength + ")*\\s*"),
                                    std::regex(kNumber + "(?:" + kMore + kNumber + ")*\\s*")};
  static const std::map<std::string, double> kMetres{{"cm", 0.01},     {"km", 1000.0}, {"inches", 0.0254},
                                                     {"inch", 0.0254}, {"in", 0.0254}, {"\"", 0.0254}};
  std::string lower = text;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  lower = std::regex_replace(lower, kAbout, "", std::regex_constants::format_first_only);
  const std::size_t which = is_count ? 1 : 0;
  if (!std::regex_match(lower, kAll[which])) return std::nullopt;
  const auto number = [](std::string digits) {
    std::replace(digits.begin(), digits.end(), ',', '.');
    return std::strtod(digits.c_str(), nullptr);
  };
  double greatest = 0.0;
  for (std::sregex_iterator it(lower.begin(), lower.end(), kOne[which]), end; it != end; ++it) {
    const std::smatch& found = *it;
    double value = 0.0;
    if (is_count) {
      value = number(found[1]);
    } else if (found[1].matched) {
      value = number(found[1]) * 0.3048 + (found[2].matched ? number(found[2]) * 0.0254 : 0.0);
    } else {
      const auto unit = kMetres.find(found[4].str());
      value = number(found[3]) * (unit == kMetres.end() ? 1.0 : unit->second);
    }
    greatest = std::max(greatest, value);
  }
  return greatest > 0.0 && greatest <= 2000.0 ? std::optional(greatest) : std::nullopt;
}

Expected<std::vector<RawFeature>> read_osm_features(const ObstacleSource& source) {
  const auto dataset = open_osm(source.path);
  if (!dataset) return tl::make_unexpected(dataset.error());
  constexpr double kLongestEdge_deg = 0.001;
  std::vector<RawFeature> features;
  const QuietGdal quiet;
  OGRLayer* layer = nullptr;
  while (const OGRFeatureUniquePtr feature{(*dataset)->GetNextFeature(&layer, nullptr, nullptr, nullptr)}) {
    const Tags tags = read_tags(*feature);
    const auto c = obstacle_class(tags);
    if (!c) continue;
    RawFeature raw{.id = name_of(tags, layer->GetName()), .kind = std::string(name(*c)), .where = {}};
    raw.where = fmt::format("{}, {}", source.path.string(), raw.id);
    auto shape = read_shape(feature->GetGeometryRef(), true, kLongestEdge_deg, raw.where);
    if (!shape) return tl::make_unexpected(shape.error());
    auto heights = read_heights(tags, *c, source, raw.where);
    if (!heights) return tl::make_unexpected(heights.error());
    raw.shape = std::move(*shape);
    raw.heights = *heights;
    raw.radius_m = source.osm.at(static_cast<std::size_t>(*c)).radius_m;
    raw.mend = true;
    close_lines(raw, *c);
    features.push_back(std::move(raw));
  }
  if (quiet.failed()) {
    return fail(ErrorCode::file_unreadable, fmt::format("cannot be read to its end: {}", quiet.said()),
                source.path.string());
  }
  return features;
}

}  // namespace swiftlet::maps::referee
