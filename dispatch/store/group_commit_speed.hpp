#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>

#include "geo/error.hpp"

namespace swiftlet::dispatch {

/// What SQLite itself reaches with such records: transactions of `a_group` rows of that text with a unique key, full
/// sync, one after the other for so long. Records a second. The file is made anew. Errors: store_unavailable.
[[nodiscard]] Expected<double> raw_group_commits_per_s(const std::filesystem::path& file, const std::string& record,
                                                       std::size_t a_group, std::chrono::milliseconds lasts);

}  // namespace swiftlet::dispatch
