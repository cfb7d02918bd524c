#pragma once

#include <string>
#include <string_view>

#include "geo/error.hpp"

namespace swiftlet::tools {

/// Writes the file whole or not at all: beside its place first, then renamed. Errors: output_refused.
[[nodiscard]] Expected<void> write_whole(const std::string& file, std::string_view bytes);

/// Whether write_whole() may hope to: for what is written only after hours of work. Errors: output_refused.
[[nodiscard]] Expected<void> may_be_written(const std::string& file);

}  // namespace swiftlet::tools
