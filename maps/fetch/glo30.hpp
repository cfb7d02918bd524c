#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "geo/error.hpp"
#include "maps/fetch/fetch_box.hpp"
#include "maps/fetch/http_client.hpp"

namespace swiftlet::maps {

/// One square degree of Copernicus GLO-30, by its south-western corner.
struct Glo30Tile {
  int south_deg = 0;
  int west_deg = 0;

  /// "Copernicus_DSM_COG_10_N45_00_E004_00_DEM".
  [[nodiscard]] std::string name() const;
  /// Where it stands below the bucket's address.
  [[nodiscard]] std::string url(const std::string& base) const;
};

/// The tiles that hold the cells of a box, from the south-west, row by row.
[[nodiscard]] std::vector<Glo30Tile> glo30_tiles(const FetchBox& box);

enum class TileFound { land, sea };

/// Cuts the box out of one tile into a GeoTIFF at `part`, reading through /vsicurl/ where the server gives pieces, and
/// from a whole download where it does not. A tile that does not exist is sea: nothing is written. Errors:
/// source_unavailable, output_refused.
[[nodiscard]] Expected<TileFound> fetch_tile(const Glo30Tile& tile, const std::string& base, const FetchBox& box,
                                             HttpClient& http, const std::filesystem::path& part);

/// One terrain of the box from the parts of its tiles; where there is none, the sea at 0 m. Cells are the tiles' own;
/// where their widths differ (at 50, 60, 70 degrees of latitude) the finer ones, interpolated. Errors: file_unreadable,
/// output_refused.
[[nodiscard]] Expected<void> join_tiles(const std::vector<std::filesystem::path>& parts, const FetchBox& box,
                                        const std::filesystem::path& terrain);

}  // namespace swiftlet::maps
