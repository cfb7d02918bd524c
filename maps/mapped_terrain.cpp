#include "maps/mapped_terrain.hpp"

#include <fmt/core.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace swiftlet::maps {
namespace {

using nlohmann::ordered_json;

constexpr const char* kHeights = "terrain_heights";
constexpr const char* kLattice = "terrain_lattice";
constexpr const char* kHi = "terrain_hi";
constexpr const char* kLo = "terrain_lo";
constexpr const char* kExtent = "extent";

tl::unexpected<Error> damaged(const FlatFile& file, std::string_view what) {
  return fail(ErrorCode::airspace_damaged, fmt::format("{}; build the airspace again", what), file.where());
}

/// The name of a section of the k-th source.
std::string section(const char* name, std::size_t k) { return fmt::format("{}_{}", name, k); }

/// Infinite where a source holds no data at all, which JSON has no number for.
double height_or(const ordered_json& value, double nothing_msl_m) {
  return value.is_null() ? nothing_msl_m : value.get<double>();
}

/// The k-th source. Throws AirspaceDamaged and nlohmann's exceptions.
Expected<geo::TerrainGrid> mapped_grid(const FlatFile& file, const ordered_json& facts, std::size_t k) {
  auto heights = file.section(section(kHeights, k), sizeof(float));
  if (!heights) return Unexpected(heights.error());
  auto pixels_section = file.section(section(kLattice, k), sizeof(double));
  if (!pixels_section) return Unexpected(pixels_section.error());
  const geo::FlatArray<double> pixels(std::move(*pixels_section));
  pixels.touch_all();
  const auto& at = facts.at("lattice");
  geo::PixelLattice lattice{.origin = {at.at("x_m").get<double>(), at.at("y_m").get<double>()},
                            .spacing_m = at.at("spacing_m").get<double>(),
                            .nx = at.at("nx").get<int>(),
                            .ny = at.at("ny").get<int>(),
                            .pixel = {}};
  const int columns = facts.at("columns").get<int>();
  const int rows = facts.at("rows").get<int>();
  if (lattice.nx < 2 || lattice.ny < 2 || !lattice.origin.allFinite() || !(lattice.spacing_m > 0.1) ||
      !(lattice.spacing_m < 1e6) ||
      pixels.size() != 2 * static_cast<std::size_t>(lattice.nx) * static_cast<std::size_t>(lattice.ny)) {
    return damaged(file, "holds a lattice of the terrain that does not fit");
  }
  if (columns < 2 || rows < 2 ||
      (*heights)->unchecked().size() !=
          sizeof(float) * static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows)) {
    return damaged(file, "holds a terrain that does not fit its columns and rows");
  }
  lattice.pixel.reserve(pixels.size() / 2);
  for (std::size_t n = 0; n < pixels.size(); n += 2) {
    lattice.pixel.emplace_back(pixels[n], pixels[n + 1]);
    if (!lattice.pixel.back().allFinite()) return damaged(file, "holds a lattice of the terrain that leads nowhere");
  }
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const geo::HeightRange range{.lowest_msl_m = height_or(facts.at("lowest_msl_m"), kInfinity),
                               .highest_msl_m = height_or(facts.at("highest_msl_m"), -kInfinity),
                               .complete = facts.at("complete").get<bool>()};
  return geo::TerrainGrid(std::move(lattice), columns, rows, geo::FlatArray<float>(std::move(*heights)), range);
}

}  // namespace

std::vector<SectionPlan> plan_of(const geo::TerrainModel& terrain) {
  std::vector<SectionPlan> plan;
  for (std::size_t k = 0; k < terrain.sources().size(); ++k) {
    const geo::TerrainGrid& grid = terrain.sources()[k];
    const auto cells = static_cast<std::uint64_t>(grid.columns()) * static_cast<std::uint64_t>(grid.rows());
    plan.push_back({.name = section(kHeights, k), .count = cells, .element_bytes = sizeof(float)});
    plan.push_back(
        {.name = section(kLattice, k), .count = 2 * grid.lattice().pixel.size(), .element_bytes = sizeof(double)});
  }
  return plan;
}

ordered_json facts_of(const geo::TerrainModel& terrain) {
  ordered_json out = ordered_json::array();
  for (const geo::TerrainGrid& grid : terrain.sources()) {
    const geo::PixelLattice& lattice = grid.lattice();
    const geo::HeightRange& range = grid.range();
    out.push_back({{"columns", grid.columns()},
                   {"rows", grid.rows()},
                   {"lowest_msl_m", range.lowest_msl_m},
                   {"highest_msl_m", range.highest_msl_m},
                   {"complete", range.complete},
                   {"lattice",
                    {{"x_m", lattice.origin.x()},
                     {"y_m", lattice.origin.y()},
                     {"spacing_m", lattice.spacing_m},
                     {"nx", lattice.nx},
                     {"ny", lattice.ny}}}});
  }
  return out;
}

Expected<void> write(const geo::TerrainModel& terrain, FlatFileWriter& file) {
  for (std::size_t k = 0; k < terrain.sources().size(); ++k) {
    const geo::TerrainGrid& grid = terrain.sources()[k];
    std::vector<double> pixels;
    pixels.reserve(2 * grid.lattice().pixel.size());
    for (const Eigen::Vector2d& pixel : grid.lattice().pixel) {
      pixels.push_back(pixel.x());
      pixels.push_back(pixel.y());
    }
    const auto done = file.append<float>(section(kHeights, k), grid.heights_msl_m()).and_then([&] {
      return file.append<double>(section(kLattice, k), pixels);
    });
    if (!done) return done;
  }
  return {};
}

Expected<geo::TerrainModel> mapped_terrain(const FlatFile& file, const ordered_json& facts) {
  try {
    if (!facts.is_array() || facts.empty()) return damaged(file, "says nothing of its terrain");
    std::vector<geo::TerrainGrid> sources;
    for (std::size_t k = 0; k < facts.size(); ++k) {
      auto grid = mapped_grid(file, facts[k], k);
      if (!grid) return Unexpected(grid.error());
      sources.push_back(std::move(*grid));
    }
    return geo::TerrainModel(std::move(sources));
  } catch (const geo::AirspaceDamaged& error) {
    return Unexpected(error.error());
  } catch (const nlohmann::json::exception& error) {
    return damaged(file, fmt::format("lacks a fact about its terrain ({})", error.what()));
  }
}

std::vector<SectionPlan> plan_of_bounds(const geo::GridFrame& grid) {
  const std::uint64_t nodes = grid.node_index(0, grid.ny + 1);
  return {{.name = kHi, .count = nodes, .element_bytes = sizeof(float)},
          {.name = kLo, .count = nodes, .element_bytes = sizeof(float)},
          {.name = kExtent, .count = grid.cell_count(), .element_bytes = sizeof(geo::CellExtent)}};
}

Expected<void> append(const geo::TerrainBounds& rows, bool is_last, FlatFileWriter& file) {
  const geo::GridFrame& grid = rows.grid();
  const std::size_t nodes = grid.node_index(0, is_last ? grid.ny + 1 : grid.ny);
  return file.append<float>(kHi, rows.hi_nodes_msl_m().first(nodes))
      .and_then([&] { return file.append<float>(kLo, rows.lo_nodes_msl_m().first(nodes)); })
      .and_then([&] { return file.append<geo::CellExtent>(kExtent, rows.extents()); });
}

Expected<geo::TerrainBounds> mapped_bounds(const FlatFile& file, const geo::GridFrame& grid) {
  auto hi = file.section(kHi, sizeof(float));
  if (!hi) return Unexpected(hi.error());
  auto lo = file.section(kLo, sizeof(float));
  if (!lo) return Unexpected(lo.error());
  auto extent = file.section(kExtent, sizeof(geo::CellExtent));
  if (!extent) return Unexpected(extent.error());
  const std::size_t nodes = (static_cast<std::size_t>(grid.nx) + 1) * (static_cast<std::size_t>(grid.ny) + 1);
  if ((*hi)->unchecked().size() != nodes * sizeof(float) || (*lo)->unchecked().size() != nodes * sizeof(float) ||
      (*extent)->unchecked().size() != grid.cell_count()) {
    return damaged(file, "holds surfaces that do not fit its grid");
  }
  return geo::TerrainBounds(grid, geo::FlatArray<float>(std::move(*hi)), geo::FlatArray<float>(std::move(*lo)),
                            geo::FlatArray<geo::CellExtent>(std::move(*extent)));
}

}  // namespace swiftlet::maps
