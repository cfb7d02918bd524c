#pragma once

#include <memory>
#include <string>
#include <vector>

#include "geo/flat_array.hpp"
#include "geo/obstacles.hpp"
#include "maps/flat_file.hpp"

// Private to maps: obstacles as sections of a flat file, and back.
namespace swiftlet::maps {

/// An obstacle as it lies on disk.
struct FlatObstacle {
  double min_x_m, min_y_m, max_x_m, max_y_m;
  double top_msl_m;
  double base_msl_m;  ///< NaN where it stands on the ground
  double enclosure_m;
  std::uint64_t first_ring;
  std::uint64_t first_character;  ///< of its id, with its kind right behind
  std::uint32_t ring_count;
  std::uint16_t id_length;
  std::uint16_t kind_length;
};
static_assert(sizeof(FlatObstacle) == 80);

struct FlatRing {
  std::uint64_t first_vertex;
  std::uint32_t vertex_count;
  std::uint32_t is_hole;  ///< of the polygon that the last ring without this began
};
static_assert(sizeof(FlatRing) == 16);

/// All obstacles in flat arrays, ready to be written.
struct FlatObstacles {
  std::vector<FlatObstacle> obstacles;
  std::vector<FlatRing> rings;
  std::vector<double> vertices_xy_m;
  std::string text;

  explicit FlatObstacles(const geo::Obstacles& of);
  [[nodiscard]] std::vector<SectionPlan> plan() const;
  /// Errors: output_refused.
  [[nodiscard]] Expected<void> write(FlatFileWriter& file) const;
};

/// The obstacles of a flat file. Nothing of them is read yet; what they say is checked when each is read. Errors:
/// airspace_damaged where a section is missing.
[[nodiscard]] Expected<geo::Obstacles> mapped_obstacles(const FlatFile& file);

}  // namespace swiftlet::maps
