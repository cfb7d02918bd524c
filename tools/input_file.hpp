#pragma once

#include <string>

#include "geo/error.hpp"

namespace swiftlet::tools {

/// All bytes of a file, or of standard input where it is "-". Errors: file_not_found; file_unreadable for a directory,
/// for what cannot be read to its end, and for more than 1 GiB, which no document of ours comes near.
[[nodiscard]] Expected<std::string> read_input(const std::string& file);

}  // namespace swiftlet::tools
