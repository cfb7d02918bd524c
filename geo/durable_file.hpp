#pragma once

#include <filesystem>
#include <string_view>

#include "geo/error.hpp"

namespace swiftlet {

/// Writes the file whole or not at all: beside its place, synced, renamed, and the rename synced too. Whoever else
/// writes the same file at the same time does not get into it. Errors: output_refused.
[[nodiscard]] Expected<void> write_durably(const std::filesystem::path& file, std::string_view bytes);

}  // namespace swiftlet
