#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "geo/airspace.hpp"
#include "geo/error.hpp"
#include "maps/airspace_strips.hpp"

// Private to maps: a whole airspace, with the layers of its own policy, in one flat file that is mapped and used as it
// lies on disk.
namespace swiftlet::maps {

/// Compiles the surfaces of an airspace and the layers of its own policy strip by strip, and writes them with all the
/// rest; every strip goes to `also` as well. Of the airspace's bounds only the frame is asked for, and of its layers
/// nothing. Memory: the airspace, and one strip a thread. Errors: output_refused, those of `also`.
[[nodiscard]] Expected<void> write_airspace_file(
    const geo::Airspace& airspace, const std::filesystem::path& file, unsigned threads = 2,
    const std::function<Expected<void>(const AirspaceStrip&)>& also = nullptr);

/// Maps it. Only names, zones and pads are read; everything else is checked when it is first touched (AirspaceDamaged).
/// Errors: file_not_found, unsupported_format, airspace_damaged.
[[nodiscard]] Expected<geo::AirspacePtr> map_airspace_file(const std::filesystem::path& file);

/// The checksum of all its tiles' checksums, as its head states it. Errors: file_unreadable.
[[nodiscard]] Expected<std::string> airspace_file_seal(const std::filesystem::path& file);

/// Reads all of the file: every tile against its checksum, every obstacle. Empty: it is sound.
[[nodiscard]] std::vector<Error> check_airspace_file(const std::filesystem::path& file);

}  // namespace swiftlet::maps
