#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "geo/airspace.hpp"

namespace swiftlet::test {

/// Everything that an airspace answers about a net of places and segments, as text to compare. Throws AirspaceDamaged.
[[nodiscard]] std::string answers(const geo::AirspacePtr& airspace);

/// Flips a bit of a file.
void flip_byte(const std::filesystem::path& file, std::uint64_t at);

}  // namespace swiftlet::test
