#include "maps/airspace_file.hpp"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "geo/obstacle_index.hpp"
#include "geo/view_layers.hpp"
#include "maps/airspace_facts.hpp"
#include "maps/flat_file.hpp"
#include "maps/mapped_fields.hpp"
#include "maps/mapped_obstacles.hpp"
#include "maps/mapped_terrain.hpp"

namespace swiftlet::maps {
namespace {

using nlohmann::ordered_json;

// A field more must be written and read here too, or it would be lost on the way through the disk.
static_assert(sizeof(geo::Airspace) == 816);

constexpr const char* kFacts = "facts";
constexpr const char* kZoneVertices = "zone_vertices";
constexpr std::string_view kLayerPrefix = "view_";

std::string layer_section(std::string_view name) { return std::string(kLayerPrefix) + std::string(name); }

/// The layers of the region's own policy. Where the file has those of another layout there are none, and views derive
/// their own.
Expected<std::shared_ptr<const geo::ViewLayers>> mapped_layers(const FlatFile& file, const ordered_json& facts,
                                                               const geo::Airspace& airspace) {
  std::vector<geo::ViewLayers::NamedArray> arrays;
  for (const ordered_json& name : facts.at("layers").at("arrays")) {
    auto section = file.section(layer_section(name.get_ref<const std::string&>()), 1);
    if (!section) return Unexpected(section.error());
    arrays.push_back(
        {.name = name.get_ref<const std::string&>(), .bytes = (*section)->unchecked(), .seal = std::move(*section)});
  }
  return geo::ViewLayers::adopt(airspace, airspace.policy, arrays, nullptr);
}

Expected<ordered_json> facts_in(const FlatFile& file) {
  const auto section = file.section(kFacts, 1);
  if (!section) return Unexpected(section.error());
  (*section)->touch_all();
  const auto bytes = (*section)->unchecked();
  const auto* text = reinterpret_cast<const char*>(bytes.data());
  ordered_json facts = ordered_json::parse(text, text + bytes.size(), nullptr, false);
  if (!facts.is_object()) {
    return fail(ErrorCode::airspace_damaged, "holds facts that are no JSON; build the airspace again", file.where());
  }
  return facts;
}

Expected<std::shared_ptr<geo::Airspace>> map_sections(const FlatFile& file) {
  const auto facts = facts_in(file);
  if (!facts) return Unexpected(facts.error());
  auto airspace = std::make_shared<geo::Airspace>();
  auto corners = file.section(kZoneVertices, sizeof(double));
  if (!corners) return Unexpected(corners.error());
  const geo::FlatArray<double> zone_xy_m(std::move(*corners));
  zone_xy_m.touch_all();
  if (const auto done = read_facts(*facts, zone_xy_m.span(), *airspace); !done) return Unexpected(done.error());
  const auto grid = read_grid(*facts);
  if (!grid) return Unexpected(grid.error());
  auto bounds = mapped_bounds(file, *grid);
  if (!bounds) return Unexpected(bounds.error());
  airspace->bounds = std::move(*bounds);
  auto terrain = mapped_terrain(file, facts->at("terrain"));
  if (!terrain) return Unexpected(terrain.error());
  airspace->terrain = std::move(*terrain);
  auto obstacles = mapped_obstacles(file);
  if (!obstacles) return Unexpected(obstacles.error());
  airspace->obstacles = std::move(*obstacles);
  if (const auto done = map_fields(file, facts->at("fields"), *airspace); !done) return Unexpected(done.error());
  if (facts->at("layers").at("layout") == geo::ViewLayers::kLayout) {
    auto layers = mapped_layers(file, *facts, *airspace);
    if (!layers) return Unexpected(layers.error());
    airspace->own_layers = std::move(*layers);
  }
  return airspace;
}

// The arrays of geo::ViewLayers, as adopt() knows them.
constexpr const char* kKey = "policy";
constexpr const char* kUpper = "upper_bands";
constexpr const char* kTiles = "tiles";
constexpr const char* kQuadFirst = "quad_first";
constexpr const char* kQuads = "quads";
constexpr const char* kAbove = "above_tiles";
constexpr const char* kBucketFirst = "bucket_first";
constexpr const char* kBucketItems = "bucket_items";
constexpr const char* kLayers[] = {kKey, kUpper, kTiles, kQuadFirst, kQuads, kAbove, kBucketFirst, kBucketItems};

/// Writes the layers of the region's own policy strip by strip.
class LayersWriter {
 public:
  LayersWriter(const geo::GridFrame& grid, const geo::Policy& policy, const geo::ObstacleIndex& index,
               FlatFileWriter& file)
      : tiles_(grid), key_(geo::ViewLayers::key_of(policy)), index_(index), file_(file) {}

  static std::vector<SectionPlan> plan(const geo::GridFrame& grid, const geo::Policy& policy,
                                       const geo::ObstacleIndex& index) {
    const geo::TileGrid tiles(grid);
    const auto bytes = [](const char* name, std::uint64_t count) {
      return SectionPlan{.name = layer_section(name), .count = count, .element_bytes = 1};
    };
    return {bytes(kKey, geo::ViewLayers::key_of(policy).size() * sizeof(double)),
            bytes(kUpper, tiles.count() * sizeof(geo::TileBands::Upper)),
            bytes(kTiles, tiles.count() * sizeof(geo::ViewTile)),
            bytes(kQuadFirst, (tiles.count() + 1) * sizeof(std::uint64_t)),
            bytes(kAbove, geo::BandPyramid::band_count(tiles.nx, tiles.ny) * sizeof(geo::HeightBand)),
            bytes(kBucketFirst, index.first().bytes().size()),
            bytes(kBucketItems, index.items().bytes().size()),
            bytes(kQuads, FlatFileWriter::kGrowing)};
  }

  Expected<void> append(const AirspaceStrip& strip) {
    for (const auto& quads : strip.quads) {
      if (const auto done = put<geo::FloorQuad>(kQuads, quads); !done) return done;
      quad_first_.push_back(quad_first_.back() + quads.size());
    }
    for (const auto& upper : strip.upper) whole_.push_back(upper.whole());
    return put<geo::TileBands::Upper>(kUpper, strip.upper).and_then([&] {
      return put<geo::ViewTile>(kTiles, strip.tiles);
    });
  }

  Expected<void> finish() {
    const geo::BandPyramid above(tiles_.nx, tiles_.ny, std::move(whole_));
    return put<double>(kKey, key_)
        .and_then([&] { return put<std::uint64_t>(kQuadFirst, quad_first_); })
        .and_then([&] { return put<geo::HeightBand>(kAbove, above.bands().span()); })
        .and_then([&] { return put<std::uint32_t>(kBucketFirst, index_.first().span()); })
        .and_then([&] { return put<std::uint32_t>(kBucketItems, index_.items().span()); });
  }

 private:
  template <class Value>
  Expected<void> put(const char* name, std::span<const Value> values) {
    return file_.append<Value>(layer_section(name), values);
  }

  geo::TileGrid tiles_;
  std::vector<double> key_;
  const geo::ObstacleIndex& index_;
  FlatFileWriter& file_;
  std::vector<std::uint64_t> quad_first_{0};
  std::vector<geo::HeightBand> whole_;
};

}  // namespace

Expected<void> write_airspace_file(const geo::Airspace& airspace, const std::filesystem::path& file, unsigned threads,
                                   const std::function<Expected<void>(const AirspaceStrip&)>& also) {
  const geo::GridFrame& grid = airspace.bounds.grid();
  const FlatObstacles obstacles(airspace.obstacles);
  const geo::ObstacleIndex index(grid, airspace.obstacles);
  ZoneVertices vertices;
  ordered_json facts = facts_of(airspace, vertices);
  facts["terrain"] = facts_of(airspace.terrain);
  facts["fields"] = facts_of_fields(airspace);
  facts["layers"] = {{"layout", geo::ViewLayers::kLayout}, {"arrays", kLayers}};
  const std::string text = facts.dump(-1, ' ', false, ordered_json::error_handler_t::replace);

  std::vector<SectionPlan> plan{
      {.name = kFacts, .count = text.size(), .element_bytes = 1},
      {.name = kZoneVertices, .count = vertices.xy_m.size(), .element_bytes = sizeof(double)}};
  for (const auto& more : {plan_of(airspace.terrain), plan_of_bounds(grid), obstacles.plan(), plan_of_fields(airspace),
                           LayersWriter::plan(grid, airspace.policy, index)}) {
    plan.insert(plan.end(), more.begin(), more.end());
  }
  auto out = FlatFileWriter::create(file, plan);
  if (!out) return Unexpected(out.error());
  LayersWriter layers(grid, airspace.policy, index, *out);
  const int last = geo::TileGrid(grid).ny - 1;
  return out->append<char>(kFacts, text)
      .and_then([&] { return out->append<double>(kZoneVertices, vertices.xy_m); })
      .and_then([&] { return write(airspace.terrain, *out); })
      .and_then([&] { return obstacles.write(*out); })
      .and_then([&] { return write_fields(airspace, *out); })
      .and_then([&] {
        return for_each_strip(airspace, index, threads, [&](const AirspaceStrip& strip) {
          return append(strip.bounds, strip.tile_row == last, *out)
              .and_then([&] { return layers.append(strip); })
              .and_then([&] { return also ? also(strip) : Expected<void>(); });
        });
      })
      .and_then([&] { return layers.finish(); })
      .and_then([&] { return out->finish(); });
}

Expected<geo::AirspacePtr> map_airspace_file(const std::filesystem::path& path) {
  const auto file = FlatFile::open(path);
  if (!file) return Unexpected(file.error());
  try {
    auto airspace = map_sections(*file);
    if (!airspace && airspace.error().where.empty()) airspace.error().where = path.string();
    if (!airspace) return Unexpected(airspace.error());
    return *airspace;
  } catch (const geo::AirspaceDamaged& damage) {
    return Unexpected(damage.error());
  } catch (const nlohmann::json::exception& error) {
    return fail(ErrorCode::airspace_damaged,
                fmt::format("lacks a fact or has one of the wrong type ({}); build the airspace again", error.what()),
                path.string());
  }
}

Expected<std::string> airspace_file_seal(const std::filesystem::path& path) {
  const auto seal = FlatFile::seal_of(path);
  if (!seal) return Unexpected(seal.error());
  return fmt::format("xxh3:{:016x}", *seal);
}

std::vector<Error> check_airspace_file(const std::filesystem::path& path) {
  const auto file = FlatFile::open(path);
  if (!file) return {file.error()};
  std::vector<Error> found = file->damage();
  const auto airspace = map_airspace_file(path);
  if (!airspace) {
    found.push_back(airspace.error());
  } else if (found.empty()) {
    for (std::size_t k = 0; k < (*airspace)->obstacles.size(); ++k) {
      try {
        (void)(*airspace)->obstacles[k];
      } catch (const geo::AirspaceDamaged& damage) {
        found.push_back(damage.error());
      }
    }
  }
  return found;
}

}  // namespace swiftlet::maps
