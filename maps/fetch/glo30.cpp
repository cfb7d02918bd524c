#include "maps/fetch/glo30.hpp"

#include <cpl_error.h>
#include <cpl_vsi.h>
#include <fmt/core.h>
#include <gdal_priv.h>
#include <gdal_utils.h>
#include <ogr_spatialref.h>

#include <array>
#include <cmath>
#include <memory>
#include <mutex>

namespace swiftlet::maps {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOnlyTiff[] = {"GTiff", nullptr};
constexpr double kLowest_m = -500.0;
constexpr double kHighest_m = 9000.0;

void start_gdal(const HttpPatience& patience) {
  static std::once_flag once;
  std::call_once(once, [] {
    CPLSetErrorHandler(CPLQuietErrorHandler);
    CPLSetConfigOption("GDAL_PAM_ENABLED", "NO");
    CPLSetConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR");
    CPLSetConfigOption("CPL_VSIL_CURL_ALLOWED_EXTENSIONS", ".tif");
    CPLSetConfigOption("GDAL_HTTP_MAX_RETRY", "0");  // trying again is ours
    GDALAllRegister();
  });
  CPLSetConfigOption("GDAL_HTTP_CONNECTTIMEOUT", std::to_string(patience.connect.count()).c_str());
  CPLSetConfigOption("GDAL_HTTP_LOW_SPEED_TIME", std::to_string(patience.stall.count()).c_str());
  CPLSetConfigOption("GDAL_HTTP_LOW_SPEED_LIMIT", "1");
}

/// Rows and columns of a raster.
struct Window {
  int column = 0;
  int row = 0;
  int columns = 0;
  int rows = 0;
};

/// The cells whose centres lie in the box, and one more all round where the raster has them.
Window cells_of(const FetchBox& box, const std::array<double, 6>& g, int width, int height) {
  const auto clamped = [](double value, int size) { return static_cast<int>(std::clamp<double>(value, 0.0, size)); };
  const int first_column = clamped(std::floor((box.west_deg - g[0]) / g[1]) - 1, width);
  const int last_column = clamped(std::ceil((box.east_deg - g[0]) / g[1]) + 1, width);
  const int first_row = clamped(std::floor((box.north_deg - g[3]) / g[5]) - 1, height);
  const int last_row = clamped(std::ceil((box.south_deg - g[3]) / g[5]) + 1, height);
  return {first_column, first_row, last_column - first_column, last_row - first_row};
}

/// What is wrong with a raster that should be the tile; empty where it may be it.
std::string why_not(const Glo30Tile& tile, GDALDataset& raster, const std::array<double, 6>& g) {
  const OGRSpatialReference* crs = raster.GetSpatialRef();
  if (raster.GetRasterCount() != 1 || crs == nullptr || crs->IsGeographic() == 0) {
    return "is not one band in longitude and latitude";
  }
  const double slack_deg = 2.0 * std::abs(g[1]) + 2.0 * std::abs(g[5]);
  const bool placed = g[2] == 0.0 && g[4] == 0.0 && g[1] > 0.0 && g[5] < 0.0 &&
                      std::abs(g[0] - tile.west_deg) < slack_deg && std::abs(g[3] - tile.south_deg - 1.0) < slack_deg &&
                      std::abs(g[1] * raster.GetRasterXSize() - 1.0) < slack_deg &&
                      std::abs(g[5] * raster.GetRasterYSize() + 1.0) < slack_deg;
  return placed ? "" : "is not the square degree that its name says";
}

Expected<void> write_part(const fs::path& file, const Window& w, std::vector<float>& heights,
                          const std::array<double, 6>& g, const OGRSpatialReference& crs) {
  const std::string unfinished = file.string() + ".unfinished";
  const char* const options[] = {"COMPRESS=DEFLATE", "PREDICTOR=3", nullptr};
  GDALDatasetUniquePtr out(GetGDALDriverManager()->GetDriverByName("GTiff")->Create(
      unfinished.c_str(), w.columns, w.rows, 1, GDT_Float32, const_cast<char**>(options)));
  std::array<double, 6> placed = g;
  placed[0] += w.column * g[1];
  placed[3] += w.row * g[5];
  bool good = out && out->SetGeoTransform(placed.data()) == CE_None && out->SetSpatialRef(&crs) == CE_None &&
              out->GetRasterBand(1)->RasterIO(GF_Write, 0, 0, w.columns, w.rows, heights.data(), w.columns, w.rows,
                                              GDT_Float32, 0, 0, nullptr) == CE_None;
  CPLErrorReset();
  out.reset();
  std::error_code ec;
  good = good && CPLGetLastErrorType() < CE_Failure;
  if (good) fs::rename(unfinished, file, ec);
  if (!good || ec) return fail(ErrorCode::output_refused, "cannot be written", file.string());
  return {};
}

/// Reads the box out of a tile that GDAL knows by `name`.
Expected<void> cut_out(const Glo30Tile& tile, const std::string& name, const std::string& url, const FetchBox& box,
                       const fs::path& part) {
  const auto fault = [&](const std::string& what) {
    const std::string said = CPLGetLastErrorMsg();
    return fail(ErrorCode::source_unavailable, said.empty() ? what : what + ": " + said, url);
  };
  CPLErrorReset();
  const GDALDatasetUniquePtr raster(
      GDALDataset::Open(name.c_str(), GDAL_OF_RASTER | GDAL_OF_VERBOSE_ERROR, kOnlyTiff, nullptr, nullptr));
  if (!raster) return fault("is no GeoTIFF");
  std::array<double, 6> g{};
  if (raster->GetGeoTransform(g.data()) != CE_None) return fault("has no georeference");
  if (const std::string why = why_not(tile, *raster, g); !why.empty()) return fault(why);
  const Window w = cells_of(box, g, raster->GetRasterXSize(), raster->GetRasterYSize());
  if (w.columns <= 0 || w.rows <= 0) return fault("does not reach the box");
  std::vector<float> heights(static_cast<std::size_t>(w.columns) * static_cast<std::size_t>(w.rows));
  if (raster->GetRasterBand(1)->RasterIO(GF_Read, w.column, w.row, w.columns, w.rows, heights.data(), w.columns, w.rows,
                                         GDT_Float32, 0, 0, nullptr) != CE_None) {
    return fault("cannot be read");
  }
  for (const float h : heights) {
    if (!(h >= kLowest_m && h <= kHighest_m)) return fault(fmt::format("holds a height of {}", h));
  }
  return write_part(part, w, heights, g, *raster->GetSpatialRef());
}

}  // namespace

std::string Glo30Tile::name() const {
  return fmt::format("Copernicus_DSM_COG_10_{}{:02}_00_{}{:03}_00_DEM", south_deg < 0 ? 'S' : 'N', std::abs(south_deg),
                     west_deg < 0 ? 'W' : 'E', std::abs(west_deg));
}

std::string Glo30Tile::url(const std::string& base) const { return fmt::format("{}/{}/{}.tif", base, name(), name()); }

std::vector<Glo30Tile> glo30_tiles(const FetchBox& box) {
  // Rows of a tile end just above its southern edge, columns just before its eastern one.
  std::vector<Glo30Tile> tiles;
  for (int south = static_cast<int>(std::ceil(box.south_deg)) - 1; south < box.north_deg; ++south) {
    for (int west = static_cast<int>(std::floor(box.west_deg)); west <= box.east_deg; ++west) {
      tiles.push_back({south, west});
    }
  }
  return tiles;
}

Expected<TileFound> fetch_tile(const Glo30Tile& tile, const std::string& base, const FetchBox& box, HttpClient& http,
                               const fs::path& part) {
  start_gdal(http.patience());
  const std::string url = tile.url(base);
  const auto status = http.probe(url, part.string() + ".probe");
  if (!status) return Unexpected(status.error());
  if (*status == 404) return TileFound::sea;
  if (*status == 206) {
    const auto done = http.persist([&] {
      VSICurlClearCache();
      return cut_out(tile, "/vsicurl/" + url, url, box, part);
    });
    if (!done) return Unexpected(done.error());
    return TileFound::land;
  }
  const fs::path whole = part.string() + ".whole.tif";
  const auto got = http.download({.url = url}, whole,
                                 [&](const fs::path& file) { return cut_out(tile, file.string(), url, box, part); });
  std::error_code ec;
  fs::remove(whole, ec);
  if (!got) return Unexpected(got.error());
  return *got == 404 ? TileFound::sea : TileFound::land;
}

Expected<void> join_tiles(const std::vector<fs::path>& parts, const FetchBox& box, const fs::path& terrain) {
  start_gdal({});
  std::vector<GDALDatasetUniquePtr> open;
  std::vector<GDALDatasetH> handles;
  std::array<double, 6> finest{};
  bool same_cells = true;
  for (const fs::path& part : parts) {
    open.emplace_back(GDALDataset::Open(part.c_str(), GDAL_OF_RASTER, kOnlyTiff, nullptr, nullptr));
    std::array<double, 6> g{};
    if (!open.back() || open.back()->GetGeoTransform(g.data()) != CE_None) {
      return fail(ErrorCode::file_unreadable, "is no GeoTIFF any more", part.string());
    }
    handles.push_back(GDALDataset::ToHandle(open.back().get()));
    same_cells = same_cells && (open.size() == 1 || std::abs(g[1] - finest[1]) < 1e-12);
    if (open.size() == 1 || g[1] < finest[1]) finest = g;
  }
  // The edges of the finest cells next outside the box.
  const auto down = [](double at, double origin, double cell) {
    return origin + std::floor((at - origin) / cell) * cell;
  };
  const auto up = [](double at, double origin, double cell) { return origin + std::ceil((at - origin) / cell) * cell; };
  const double dy = -finest[5];
  const std::vector<std::string> words{"-te",
                                       fmt::format("{:.17g}", down(box.west_deg, finest[0], finest[1])),
                                       fmt::format("{:.17g}", down(box.south_deg, finest[3], dy)),
                                       fmt::format("{:.17g}", up(box.east_deg, finest[0], finest[1])),
                                       fmt::format("{:.17g}", up(box.north_deg, finest[3], dy)),
                                       "-tr",
                                       fmt::format("{:.17g}", finest[1]),
                                       fmt::format("{:.17g}", dy),
                                       "-r",
                                       same_cells ? "near" : "bilinear",
                                       "-wo",
                                       "INIT_DEST=0",
                                       "-co",
                                       "COMPRESS=DEFLATE",
                                       "-co",
                                       "PREDICTOR=3"};
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const std::unique_ptr<GDALWarpAppOptions, decltype(&GDALWarpAppOptionsFree)> options(
      GDALWarpAppOptionsNew(arguments.data(), nullptr), GDALWarpAppOptionsFree);
  CPLErrorReset();
  int misused = 0;
  GDALDatasetH out =
      GDALWarp(terrain.c_str(), nullptr, static_cast<int>(handles.size()), handles.data(), options.get(), &misused);
  const bool made = out != nullptr;
  GDALClose(out);
  if (!made || CPLGetLastErrorType() >= CE_Failure) {
    return fail(ErrorCode::output_refused, std::string("cannot be written: ") + CPLGetLastErrorMsg(), terrain.string());
  }
  return {};
}

}  // namespace swiftlet::maps
