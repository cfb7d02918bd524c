#pragma once

#include <filesystem>
#include <functional>

#include "geo/error.hpp"

namespace swiftlet::maps {

/// The first thing every reader does with a source: says which file this process reads from now on, so that a crash or
/// a hang can be blamed on it, and looks whether it is a file that has something in it. A link counts as what it leads
/// to. Errors: file_not_found (also for what is there but is a directory, pipe, socket or device), file_unreadable.
[[nodiscard]] Expected<void> begin_source(const std::filesystem::path& file);

/// Says that no source will be read any more, however long the work goes on.
void end_sources();

/// Who is told by begin_source and, with an empty path, by end_sources; one for the whole process, nobody where it is
/// empty.
void watch_sources(std::function<void(const std::filesystem::path&)> watcher);

}  // namespace swiftlet::maps
