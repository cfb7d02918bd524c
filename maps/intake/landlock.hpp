#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace swiftlet::maps {

/// Lets this process, and all it starts, change files below `writable` alone and run no program; reading stays as it
/// was. Why not, if the kernel does not grant it. Precondition: no_new_privs is set.
[[nodiscard]] std::optional<std::string> forbid_writing_outside(const std::optional<std::filesystem::path>& writable);

}  // namespace swiftlet::maps
