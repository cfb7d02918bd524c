#include "tests/maps/airspace_answers.hpp"

#include <fmt/core.h>

#include <fstream>

#include "geo/airspace_view.hpp"

namespace swiftlet::test {

std::string answers(const geo::AirspacePtr& airspace) {
  using namespace std::chrono_literals;
  const UtcTime now{std::chrono::sys_days{std::chrono::year(2026) / 11 / 21}};
  const geo::AirspaceView view(airspace,
                               {.policy = airspace->policy, .from = now, .to = now + 1h, .authorisations = {}});
  std::string text = airspace->name + airspace->hash + airspace->vertical_datum;
  for (const geo::Pad& pad : airspace->pads) text += fmt::format("{} {}\n", pad.id, pad.slots.at(0).alt_msl_m);
  const geo::GridFrame& grid = view.grid();
  const auto step = [](int n) { return std::max(1, n / 40); };
  for (int j = 0; j < grid.ny; j += step(grid.ny)) {
    for (int i = 0; i < grid.nx; i += step(grid.nx)) {
      const geo::Enu2 p = grid.centre(i, j);
      const auto safe = view.safe_band(i, j);
      const auto optimistic = view.optimistic_band(i, j);
      const auto at = view.band_at(p);
      text += fmt::format("{} {} {} {} {} {} {} ", safe.floor_msl_m, safe.ceiling_msl_m, optimistic.floor_msl_m,
                          optimistic.ceiling_msl_m, at ? at->floor_msl_m : 0.0, at ? at->ceiling_msl_m : 0.0,
                          airspace->terrain.height_msl_m(p).value_or(0.0));
      text += fmt::format("{}\n", view.is_free({p.x(), p.y(), 60.0}, {-p.x(), p.y(), 90.0}));
      for (const std::size_t k : view.obstacles_near(p, 50.0)) text += airspace->obstacles[k].id + " ";
    }
  }
  for (const geo::Obstacle& o : airspace->obstacles) {
    text += fmt::format("{} {} {} {} {}\n", o.id, o.kind, o.top_msl_m, o.base_msl_m.value_or(0.0),
                        o.footprint.at(0).outer.at(0).x());
  }
  return text;
}

void flip_byte(const std::filesystem::path& file, std::uint64_t at) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(at));
  const int byte = stream.get();
  stream.seekp(static_cast<std::streamoff>(at));
  stream.put(static_cast<char>(byte ^ 0x40));
}

}  // namespace swiftlet::test
