#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "geo/error.hpp"
#include "maps/fetch/fetch_box.hpp"
#include "maps/fetch/http_client.hpp"

namespace swiftlet::maps {

struct FetchRequest {
  FetchBox box;
  std::filesystem::path out;
  std::string name;
  std::string dem_url = "https://copernicus-dem-30m.s3.amazonaws.com";
  std::string overpass_url = "https://overpass-api.de/api/interpreter";
  std::string osm_extract = {};  ///< a PBF file, or the address of one, instead of Overpass
  HttpPatience patience = {};
};

/// What whoever waits is told.
struct FetchListener {
  std::function<void(double fraction, const std::string& doing)> progress;
  std::function<void(const std::string& message)> note;  ///< a failure that is tried again
};

struct FetchReport {
  std::size_t tiles = 0;
  std::size_t sea_tiles = 0;
  std::vector<std::string> warnings;
};

/// Writes a ready region: region.toml, the surface model of Copernicus GLO-30 round the box, what OpenStreetMap knows
/// of obstacles in it, licences. Whole or not at all; what has been fetched before a failure is kept in `out`.parts and
/// taken up by the next call for the same box and addresses. Errors: output_refused where `out` holds anything,
/// source_unavailable, file_not_found, file_unreadable.
[[nodiscard]] Expected<FetchReport> fetch_region(const FetchRequest& request, const FetchListener& listener);

}  // namespace swiftlet::maps
