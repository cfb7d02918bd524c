// A region.toml from anybody. What is accepted must be within range, and must read back from its own canonical form.
#include <cmath>

#include "maps/region_manifest.hpp"
#include "tests/fuzz/input_file.hpp"

namespace maps = swiftlet::maps;

namespace {

std::string canonical(const maps::RegionManifest& manifest) {
  return maps::to_toml(manifest, [](std::size_t k) { return "source" + std::to_string(k); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto manifest = maps::read_region_manifest(swiftlet::fuzz::as_file(data, size));
  if (!manifest) return 0;
  const auto& p = manifest->policy;
  swiftlet::fuzz::require(p.cell_m >= 0.25 && p.cell_m <= 100.0, "cell_m is out of range");
  swiftlet::fuzz::require(p.min_height_agl_m < p.max_height_agl_m, "the band is upside down");
  swiftlet::fuzz::require(std::isfinite(p.lateral_clearance_m + p.vertical_clearance_m), "a clearance is not finite");
  swiftlet::fuzz::require(!manifest->terrain.empty(), "a region without terrain was accepted");

  const std::string text = canonical(*manifest);
  const auto again = maps::read_region_manifest(
      swiftlet::fuzz::as_file(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
  swiftlet::fuzz::require(again.has_value(), "the canonical form is refused");
  swiftlet::fuzz::require(canonical(*again) == text, "the canonical form reads back as something else");
  return 0;
}
