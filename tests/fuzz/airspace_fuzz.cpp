// A compiled airspace from anybody. The input is a list of edits to a sound airspace.bin: an edit is four bytes of
// offset and eight of value. Its first byte says whether the file is cut short, and whether checksums and seal are made
// to fit again, as somebody would who means harm: what lies behind them is then to be refused or read without harm.
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "geo/airspace_view.hpp"
#include "geo/view_layers.hpp"
#include "maps/airspace_file.hpp"
#include "maps/flat_file_layout.hpp"
#include "tests/fuzz/input_file.hpp"

namespace geo = swiftlet::geo;
namespace maps = swiftlet::maps;
using geo::Enu2;
using geo::Enu3;

namespace {

geo::Airspace small_airspace() {
  constexpr int kCells = 14;
  geo::PixelLattice lattice{.origin = {-100, -100}, .spacing_m = 50.0, .nx = 6, .ny = 6, .pixel = {}};
  for (int j = 0; j < lattice.ny; ++j) {
    for (int i = 0; i < lattice.nx; ++i)
      lattice.pixel.emplace_back((50.0 * i - 100.0) / 10.0, (50.0 * j - 100.0) / 10.0);
  }
  std::vector<float> heights;
  for (int n = 0; n < kCells * kCells; ++n) heights.push_back(static_cast<float>(100 + n % 7 + n / 31));
  geo::Airspace a;
  a.name = "small";
  a.hash = "sha256:0";
  a.vertical_datum = "none";
  a.frame = geo::LocalFrame({.lon_deg = 4.8, .lat_deg = 45.7});
  a.terrain = geo::TerrainModel(lattice, kCells, kCells, std::move(heights));
  a.bounds = geo::TerrainBounds::frame_only(geo::TerrainBounds::covering(a.terrain, 2.0));
  const geo::Ring square{Enu2(40, 40), Enu2(60, 40), Enu2(60, 60), Enu2(40, 60)};
  const geo::Ring hole{Enu2(45, 45), Enu2(55, 45), Enu2(55, 55), Enu2(45, 55)};
  for (const double top : {140.0, 260.0}) {
    geo::Obstacle o;
    o.id = std::to_string(top);
    o.kind = "building";
    o.footprint = {{.outer = square, .holes = {hole}}};
    o.top_msl_m = top;
    o.box = geo::bounds(o.footprint);
    a.obstacles.push_back(o);
  }
  geo::Geozone zone;
  zone.id = "Z";
  zone.footprint = {{.outer = {Enu2(0, 0), Enu2(20, 0), Enu2(20, 20)}, .holes = {}}};
  zone.box = geo::bounds(zone.footprint);
  zone.upper = geo::ZoneLimit{.value_m = 60.0, .reference = geo::VerticalReference::agl};
  a.zones.push_back(zone);
  a.pads.push_back({.id = "P", .name = "P", .kind = geo::PadKind::hub, .slots = {{.lon_deg = 4.8, .lat_deg = 45.7}}});
  return a;
}

/// The bytes of a sound airspace.bin, made once.
const std::string& sound_file() {
  static const std::string bytes = [] {
    const auto file = std::filesystem::temp_directory_path() / ("airspace_fuzz_" + std::to_string(::getpid()));
    std::filesystem::remove(file);
    swiftlet::fuzz::require(maps::write_airspace_file(small_airspace(), file).has_value(), "cannot be written");
    std::ifstream in(file, std::ios::binary);
    std::string read{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    std::filesystem::remove(file);
    return read;
  }();
  return bytes;
}

template <class Value>
Value value_at(const std::string& bytes, std::size_t at) {
  Value value;
  std::memcpy(&value, bytes.data() + at, sizeof(value));
  return value;
}

/// Makes checksums and seal fit what the file holds, as far as its head makes sense.
void reseal(std::string& bytes) {
  if (bytes.size() < sizeof(maps::FlatFileHeader)) return;
  auto header = value_at<maps::FlatFileHeader>(bytes, 0);
  header.file_bytes = bytes.size();
  const std::size_t directory = header.directory_offset;
  if (directory > bytes.size() || header.section_count > 64 || header.checksum_count > bytes.size() / 8) return;
  const std::size_t checksums = directory + header.section_count * sizeof(maps::FlatSectionEntry);
  if (checksums + 8 * header.checksum_count > bytes.size()) return;
  for (std::size_t k = 0; k < header.section_count; ++k) {
    const auto e = value_at<maps::FlatSectionEntry>(bytes, directory + k * sizeof(maps::FlatSectionEntry));
    if (e.tile_bytes == 0 || e.offset > bytes.size() || e.count > bytes.size() || e.element_bytes > bytes.size())
      continue;
    const std::size_t end = std::min<std::size_t>(bytes.size(), e.offset + e.count * e.element_bytes);
    std::size_t n = e.first_checksum;
    for (std::size_t at = e.offset; at < end && n < header.checksum_count; at += e.tile_bytes, ++n) {
      const auto tile = std::as_bytes(std::span(bytes)).subspan(at, std::min<std::size_t>(e.tile_bytes, end - at));
      const std::uint64_t checksum = geo::tile_checksum(tile);
      std::memcpy(bytes.data() + checksums + 8 * n, &checksum, 8);
    }
  }
  header.seal = maps::flat_file_seal(header, std::as_bytes(std::span(bytes)).subspan(directory));
  std::memcpy(bytes.data(), &header, sizeof(header));
}

/// Asks an airspace everything. What it answers does not matter; it must answer or throw AirspaceDamaged.
void ask(const geo::AirspacePtr& airspace) {
  using namespace std::chrono_literals;
  const swiftlet::UtcTime now{std::chrono::sys_days{std::chrono::year(2026) / 11 / 21}};
  geo::Policy other = airspace->policy;
  other.lateral_clearance_m = 3.0;
  for (const geo::Policy& policy : {airspace->policy, other}) {
    const geo::AirspaceView view(airspace, {.policy = policy, .from = now, .to = now + 1h, .authorisations = {}});
    for (int k = 0; k < 40; ++k) {
      const Enu2 p(5.0 + 3.0 * k, 120.0 - 2.5 * k);
      const Enu3 a(p.x(), p.y(), 120.0 + 4.0 * k);
      (void)view.is_free(a, Enu3(70, 60, 180));
      (void)view.band_at(p);
      (void)view.optimistic_band_at(p);
      (void)view.obstacles_near(p, 30.0);
      (void)view.blocking_zone(a);
      (void)view.terminal_is_free(p, 100.0, 150.0);
      if (k < std::min(view.grid().nx, view.grid().ny)) {
        (void)view.safe_band(k, k);
        (void)view.optimistic_band(k, k);
        view.for_each_quarter(k, k, [](const auto&) {});
      }
    }
  }
  for (const geo::Obstacle& obstacle : airspace->obstacles) (void)obstacle.footprint.size();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string bytes = sound_file();
  const bool resealed = (data[0] & 1) != 0;
  const bool cut = (data[0] & 6) == 6;
  constexpr std::size_t kEdit = 12;
  bool changed = false;
  for (std::size_t at = 1; at + kEdit <= size; at += kEdit) {
    std::uint32_t offset = 0;
    std::memcpy(&offset, data + at, 4);
    // Half of the edits go to head, facts and directory, where most of what can be believed stands.
    const bool near_ends = (offset & 0x80000000U) != 0;
    const std::size_t range = near_ends ? 16384 : bytes.size() - 8;
    std::size_t place = (offset & 0x3FFFFFFFU) % range;
    if (near_ends && (offset & 0x40000000U) != 0) place = bytes.size() - 8 - place;
    changed = changed || std::memcmp(bytes.data() + place, data + at + 4, 8) != 0;
    std::memcpy(bytes.data() + place, data + at + 4, 8);
  }
  if (cut) bytes.resize(bytes.size() * data[0] / 256);
  if (resealed) reseal(bytes);

  const auto file = swiftlet::fuzz::as_file(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  const auto airspace = maps::map_airspace_file(file);
  swiftlet::fuzz::require(airspace.has_value() || changed || cut, "a sound airspace is refused");
  if (!airspace) return 0;
  try {
    ask(*airspace);
  } catch (const geo::AirspaceDamaged&) {
    swiftlet::fuzz::require(changed || cut, "a sound airspace is called damaged");
  }
  return 0;
}
