#pragma once

#include <string>
#include <vector>

namespace swiftlet::maps {

/// What this machine's GDAL and PROJ lack of what Swiftlet reads and writes: drivers by their names, and "proj.db"
/// where no reference system can be made. Empty: nothing.
[[nodiscard]] std::vector<std::string> missing_formats();

}  // namespace swiftlet::maps
