#pragma once

#include <filesystem>
#include <string_view>

#include "geo/error.hpp"

namespace swiftlet {

/// Writes the file whole or not at all: beside its place, synced, renamed, and the rename synced too. Whoever else
/// writes the same file at the same time does not get into it. `mode` as open(2) takes it, 0600 for secrets. Errors:
/// output_refused.
[[nodiscard]] Expected<void> write_durably(const std::filesystem::path& file, std::string_view bytes,
                                           unsigned mode = 0644);

}  // namespace swiftlet
