#pragma once

#include <filesystem>
#include <string>

#include "geo/error.hpp"

namespace swiftlet::tools {

/// Draws an SVG text at its own size into a PNG file. Errors: output_refused.
[[nodiscard]] Expected<void> write_svg_as_png(const std::string& svg, const std::filesystem::path& png);

}  // namespace swiftlet::tools
