#pragma once

#include <filesystem>
#include <string>

#include "geo/error.hpp"
#include "maps/fetch/fetch_box.hpp"

namespace swiftlet::maps {

/// The form that asks Overpass for everything in a box that may stand in a drone's way, as OSM XML with nodes before
/// ways before relations.
[[nodiscard]] std::string overpass_form(const FetchBox& box);

/// Whether an answer is a whole OSM document: Overpass tells of its own failures, and cuts answers, under status 200.
/// Errors: source_unavailable with what it says.
[[nodiscard]] Expected<void> check_osm_answer(const std::filesystem::path& file);

}  // namespace swiftlet::maps
