#include "maps/mapped_obstacles.hpp"

#include <fmt/core.h>

#include <cmath>
#include <limits>
#include <stdexcept>

namespace swiftlet::maps {
namespace {

constexpr const char* kObstacles = "obstacles";
constexpr const char* kRings = "obstacle_rings";
constexpr const char* kVertices = "obstacle_vertices";
constexpr const char* kText = "obstacle_text";

// A field more must be written and read here too, or it would be lost on the way through the disk.
static_assert(sizeof(geo::Obstacle) == 160);

template <class Length>
Length length(std::size_t n) {
  if (n > std::numeric_limits<Length>::max()) throw std::length_error("an obstacle is too large for its record");
  return static_cast<Length>(n);
}

class MappedObstacles : public geo::ObstacleTable {
 public:
  geo::FlatArray<FlatObstacle> obstacles;
  geo::FlatArray<FlatRing> rings;
  geo::FlatArray<double> vertices_xy_m;
  geo::FlatArray<char> text;
  std::string where;

  [[nodiscard]] std::size_t size() const override { return obstacles.size(); }

  [[nodiscard]] geo::Obstacle read(std::size_t k) const override {
    obstacles.touch(k);
    const FlatObstacle flat = obstacles[k];
    const auto check = [&](bool sound, const char* what) {
      if (sound) return;
      throw geo::AirspaceDamaged({.code = ErrorCode::airspace_damaged,
                                  .message = fmt::format("obstacle {} {}; build the airspace again", k, what),
                                  .where = where});
    };
    geo::Obstacle out;
    const std::size_t letters = std::size_t{flat.id_length} + flat.kind_length;
    check(flat.first_character <= text.size() && letters <= text.size() - flat.first_character, "has no id");
    text.touch(flat.first_character, letters);
    const std::string_view name(text.data() + flat.first_character, letters);
    out.id = name.substr(0, flat.id_length);
    out.kind = name.substr(flat.id_length);
    out.top_msl_m = flat.top_msl_m;
    if (!std::isnan(flat.base_msl_m)) out.base_msl_m = flat.base_msl_m;
    out.enclosure_m = flat.enclosure_m;
    out.box = {geo::Enu2(flat.min_x_m, flat.min_y_m), geo::Enu2(flat.max_x_m, flat.max_y_m)};
    check(std::isfinite(out.top_msl_m) && std::isfinite(out.base_msl_m.value_or(0.0)) && out.enclosure_m >= 0.0 &&
              out.enclosure_m < 1e6 && out.box.min.allFinite() && out.box.max.allFinite(),
          "has a height or a box that is no number");
    check(flat.first_ring <= rings.size() && flat.ring_count <= rings.size() - flat.first_ring && flat.ring_count > 0,
          "has rings that are not there");
    rings.touch(flat.first_ring, flat.ring_count);
    for (std::uint64_t r = flat.first_ring; r < flat.first_ring + flat.ring_count; ++r) {
      const FlatRing ring = rings[r];
      const std::size_t all = vertices_xy_m.size() / 2;
      check(ring.first_vertex <= all && ring.vertex_count <= all - ring.first_vertex && ring.vertex_count >= 3,
            "has corners that are not there");
      check(ring.is_hole == 0 || !out.footprint.empty(), "has a hole in nothing");
      vertices_xy_m.touch(2 * ring.first_vertex, 2 * std::size_t{ring.vertex_count});
      geo::Ring corners;
      corners.reserve(ring.vertex_count);
      for (std::size_t v = ring.first_vertex; v < ring.first_vertex + ring.vertex_count; ++v) {
        corners.emplace_back(vertices_xy_m[2 * v], vertices_xy_m[2 * v + 1]);
        check(out.box.contains(corners.back()), "has a corner outside its box");
      }
      if (ring.is_hole == 0) {
        out.footprint.push_back({.outer = std::move(corners), .holes = {}});
      } else {
        out.footprint.back().holes.push_back(std::move(corners));
      }
    }
    return out;
  }
};

template <class Value>
Expected<void> take(const FlatFile& file, const char* name, geo::FlatArray<Value>& array) {
  auto section = file.section(name, sizeof(Value));
  if (!section) return Unexpected(section.error());
  array = geo::FlatArray<Value>(std::move(*section));
  return {};
}

}  // namespace

FlatObstacles::FlatObstacles(const geo::Obstacles& of) {
  obstacles.reserve(of.size());
  for (const geo::Obstacle& obstacle : of) {
    const std::size_t first_ring = rings.size();
    const auto add = [&](const geo::Ring& ring, bool is_hole) {
      rings.push_back({.first_vertex = vertices_xy_m.size() / 2,
                       .vertex_count = length<std::uint32_t>(ring.size()),
                       .is_hole = is_hole ? 1U : 0U});
      for (const geo::Enu2& p : ring) {
        vertices_xy_m.push_back(p.x());
        vertices_xy_m.push_back(p.y());
      }
    };
    geo::Box2 box = obstacle.box;
    for (const geo::Polygon& polygon : obstacle.footprint) {
      add(polygon.outer, false);
      for (const geo::Ring& hole : polygon.holes) add(hole, true);
    }
    obstacles.push_back({.min_x_m = box.min.x(),
                         .min_y_m = box.min.y(),
                         .max_x_m = box.max.x(),
                         .max_y_m = box.max.y(),
                         .top_msl_m = obstacle.top_msl_m,
                         .base_msl_m = obstacle.base_msl_m.value_or(std::numeric_limits<double>::quiet_NaN()),
                         .enclosure_m = obstacle.enclosure_m,
                         .first_ring = first_ring,
                         .first_character = text.size(),
                         .ring_count = length<std::uint32_t>(rings.size() - first_ring),
                         .id_length = length<std::uint16_t>(obstacle.id.size()),
                         .kind_length = length<std::uint16_t>(obstacle.kind.size())});
    text += obstacle.id;
    text += obstacle.kind;
  }
}

std::vector<SectionPlan> FlatObstacles::plan() const {
  return {{.name = kObstacles, .count = obstacles.size(), .element_bytes = sizeof(FlatObstacle)},
          {.name = kRings, .count = rings.size(), .element_bytes = sizeof(FlatRing)},
          {.name = kVertices, .count = vertices_xy_m.size(), .element_bytes = sizeof(double)},
          {.name = kText, .count = text.size(), .element_bytes = 1}};
}

Expected<void> FlatObstacles::write(FlatFileWriter& file) const {
  if (const auto done = file.append<FlatObstacle>(kObstacles, obstacles); !done) return done;
  if (const auto done = file.append<FlatRing>(kRings, rings); !done) return done;
  if (const auto done = file.append<double>(kVertices, vertices_xy_m); !done) return done;
  return file.append<char>(kText, text);
}

Expected<geo::Obstacles> mapped_obstacles(const FlatFile& file) {
  auto table = std::make_shared<MappedObstacles>();
  table->where = file.where();
  if (const auto done = take(file, kObstacles, table->obstacles); !done) return Unexpected(done.error());
  if (const auto done = take(file, kRings, table->rings); !done) return Unexpected(done.error());
  if (const auto done = take(file, kVertices, table->vertices_xy_m); !done) return Unexpected(done.error());
  if (const auto done = take(file, kText, table->text); !done) return Unexpected(done.error());
  return geo::Obstacles(std::shared_ptr<const geo::ObstacleTable>(std::move(table)));
}

}  // namespace swiftlet::maps
