#include "maps/fetch/fetch_region.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "maps/fetch/fetch_parts.hpp"
#include "maps/fetch/glo30.hpp"
#include "maps/fetch/overpass.hpp"

namespace swiftlet::maps {
namespace {

namespace fs = std::filesystem;

/// Ground beyond the box for what stands across its edge.
constexpr double kTerrainMargin_deg = 0.005;

constexpr const char* kDemAttribution =
    "produced using Copernicus WorldDEM-30 © DLR e.V. 2010-2014 and © Airbus Defence and Space GmbH 2014-2018 provided "
    "under COPERNICUS by the European Union and ESA; all rights reserved";
constexpr const char* kOsmAttribution = "© OpenStreetMap contributors";

constexpr const char* kLicences = R"(# Where this region's data comes from

- `terrain.tif`: Copernicus DEM GLO-30, free of charge for anybody under its licence
  (https://dataspace.copernicus.eu/explore-data/data-collections/copernicus-contributing-missions/collections-description/COP-DEM).
  Who uses it says: "{}".
- `{}`: OpenStreetMap, Open Database License 1.0 (https://opendatacommons.org/licenses/odbl/1-0/,
  https://www.openstreetmap.org/copyright). Who uses it says: "{}".
)";

/// Everything that a part depends on.
std::string key_of(const FetchRequest& r) {
  return nlohmann::json{{"box", {r.box.west_deg, r.box.south_deg, r.box.east_deg, r.box.north_deg}},
                        {"dem", r.dem_url},
                        {"overpass", r.overpass_url},
                        {"extract", r.osm_extract}}
      .dump();
}

bool is_address(const std::string& text) { return text.starts_with("http://") || text.starts_with("https://"); }

Expected<void> check_extract(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string head(64, '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  if (head.find("OSMHeader") != std::string::npos) return {};
  return fail(ErrorCode::source_unavailable, "is no OpenStreetMap extract (PBF)", file.string());
}

class Fetch {
 public:
  Fetch(const FetchRequest& request, const FetchListener& listener, FetchParts parts)
      : request_(request), listener_(listener), parts_(std::move(parts)), http_(request.patience) {
    http_.on_retry = listener.note;
  }

  Expected<FetchReport> run() {
    if (const auto done = fetch_tiles(); !done) return Unexpected(done.error());
    if (const auto done = fetch_obstacles(); !done) return Unexpected(done.error());
    if (const auto done = put_together(); !done) return Unexpected(done.error());
    std::error_code ec;
    fs::remove_all(parts_.dir(), ec);
    return std::move(report_);
  }

 private:
  void tell(double fraction, const std::string& doing) const {
    if (listener_.progress) listener_.progress(fraction, doing);
  }

  Expected<void> fetch_tiles() {
    const FetchBox around = request_.box.grown(kTerrainMargin_deg);
    const auto tiles = glo30_tiles(around);
    report_.tiles = tiles.size();
    std::string sea;
    for (std::size_t k = 0; k < tiles.size(); ++k) {
      const std::string part = tiles[k].name() + ".tif";
      tell(0.7 * static_cast<double>(k) / static_cast<double>(tiles.size()), "terrain " + tiles[k].name());
      if (!parts_.whole(part)) {
        const auto found = fetch_tile(tiles[k], request_.dem_url, around, http_, parts_.path(part));
        if (!found) return Unexpected(found.error());
        if (*found == TileFound::sea) {
          ++report_.sea_tiles;
          sea += " " + tiles[k].name();
          continue;
        }
        if (const auto done = parts_.keep(part); !done) return done;
      }
      tile_parts_.push_back(parts_.path(part));
    }
    if (tile_parts_.empty()) {
      return fail(
          ErrorCode::source_unavailable,
          fmt::format("none of the tiles of this box exists there:{}; is the address right, or the box all sea?", sea),
          request_.dem_url);
    }
    if (!sea.empty()) {
      report_.warnings.push_back(fmt::format("{} of {} tiles do not exist and are taken for sea at 0 m:{}",
                                             report_.sea_tiles, tiles.size(), sea));
    }
    return {};
  }

  Expected<void> fetch_obstacles() {
    obstacles_ = request_.osm_extract.empty() ? "openstreetmap.osm" : "openstreetmap.osm.pbf";
    const std::string doing = "OpenStreetMap";
    tell(0.7, doing);
    if (parts_.whole(obstacles_)) return {};
    http_.on_progress = [this, doing](std::uint64_t bytes) {
      const double mib = static_cast<double>(bytes) / (1U << 20U);
      tell(0.7 + 0.25 * mib / (mib + 20.0), fmt::format("{} {:.1f} MiB", doing, mib));
    };
    Expected<int> status = 200;
    if (request_.osm_extract.empty()) {
      status = http_.download({.url = request_.overpass_url, .post = overpass_form(request_.box)},
                              parts_.path(obstacles_), check_osm_answer);
    } else if (is_address(request_.osm_extract)) {
      status = http_.download({.url = request_.osm_extract}, parts_.path(obstacles_), check_extract);
    } else {
      if (const auto done = copy_extract(); !done) return done;
    }
    http_.on_progress = {};
    if (!status) return Unexpected(status.error());
    if (*status == 404) {
      return fail(ErrorCode::source_unavailable, "there is nothing at this address (404)",
                  request_.osm_extract.empty() ? request_.overpass_url : request_.osm_extract);
    }
    return parts_.keep(obstacles_);
  }

  Expected<void> copy_extract() const {
    std::error_code ec;
    if (!fs::is_regular_file(request_.osm_extract, ec)) {
      return fail(ErrorCode::file_not_found, "there is no such file", request_.osm_extract);
    }
    if (auto checked = check_extract(request_.osm_extract); !checked) {
      checked.error().code = ErrorCode::unsupported_format;
      return checked;
    }
    fs::copy_file(request_.osm_extract, parts_.path(obstacles_), fs::copy_options::overwrite_existing, ec);
    if (ec) return fail(ErrorCode::output_refused, "cannot be copied: " + ec.message(), request_.osm_extract);
    return {};
  }

  [[nodiscard]] std::string region_toml() const {
    const FetchBox& b = request_.box;
    const auto quoted = [](const std::string& text) { return nlohmann::json(text).dump(); };
    return fmt::format(
        "# Fetched by: swiftlet map fetch --bbox {},{},{},{}\n"
        "# Heights are above the geoid EGM2008. Add pads, zones and wind; see README.\n\n"
        "[region]\nname = {}\nvertical_datum = \"EGM2008\"\n\n"
        "[[terrain]]\npath = \"terrain.tif\"\nkind = \"dsm\"                  # a surface: it already holds buildings "
        "and trees\nlicence = \"Copernicus DEM licence\"\nattribution = {}\n\n"
        "[[obstacles]]\npath = {}\ndefault_height_m = 10.0       # for buildings without height and levels\n"
        "beyond_terrain = \"keep\"\nlicence = \"ODbL-1.0\"\nattribution = {}\n",
        b.west_deg, b.south_deg, b.east_deg, b.north_deg, quoted(request_.name), quoted(kDemAttribution),
        quoted(obstacles_), quoted(kOsmAttribution));
  }

  /// The finished directory beside its place, then in it.
  Expected<void> put_together() {
    tell(0.95, "joining");
    const fs::path fresh = request_.out.string() + fmt::format(".new-{}", ::getpid());
    std::error_code ec;
    fs::remove_all(fresh, ec);
    fs::create_directory(fresh, ec);
    auto done =
        ec ? Expected<void>(fail(ErrorCode::output_refused, "cannot be created: " + ec.message(), fresh.string()))
           : join_tiles(tile_parts_, request_.box.grown(kTerrainMargin_deg), fresh / "terrain.tif");
    if (done) {
      fs::copy_file(parts_.path(obstacles_), fresh / obstacles_, ec);
      std::ofstream(fresh / "region.toml", std::ios::binary) << region_toml();
      std::ofstream licences(fresh / "LICENCES.md", std::ios::binary);
      licences << fmt::format(kLicences, kDemAttribution, obstacles_, kOsmAttribution);
      licences.close();
      if (!ec && licences) fs::rename(fresh, request_.out, ec);
      if (ec || !licences)
        done = fail(ErrorCode::output_refused, "cannot be written: " + ec.message(), request_.out.string());
    }
    if (!done) fs::remove_all(fresh, ec);
    if (done) tell(1.0, "done");
    return done;
  }

  const FetchRequest& request_;
  const FetchListener& listener_;
  FetchParts parts_;
  HttpClient http_;
  std::vector<fs::path> tile_parts_;
  std::string obstacles_;
  FetchReport report_;
};

}  // namespace

Expected<FetchReport> fetch_region(const FetchRequest& asked, const FetchListener& listener) {
  FetchRequest request = asked;
  std::error_code ec;
  request.out = fs::absolute(asked.out, ec).lexically_normal();
  if (!request.out.has_filename()) request.out = request.out.parent_path();
  if (fs::exists(request.out, ec) && (!fs::is_directory(request.out, ec) || !fs::is_empty(request.out, ec))) {
    return fail(ErrorCode::output_refused, "exists and is left alone; give another --out or move it",
                request.out.string());
  }
  fs::create_directories(request.out.parent_path(), ec);
  auto parts = FetchParts::open(request.out.string() + ".parts", key_of(request));
  if (!parts) return Unexpected(parts.error());
  return Fetch(request, listener, std::move(*parts)).run();
}

}  // namespace swiftlet::maps
