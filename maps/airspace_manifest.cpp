#include "maps/airspace_manifest.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "geo/content_hash.hpp"
#include "geo/sealed_bytes.hpp"
#include "maps/airspace_facts.hpp"
#include "maps/airspace_file.hpp"
#include "maps/source_path.hpp"

namespace swiftlet::maps {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

/// Gives a file to `take` piece by piece; how long it is. Errors: file_not_found, file_unreadable.
Expected<std::uintmax_t> read_in_pieces(const fs::path& file, const std::function<void(std::string_view)>& take) {
  std::error_code ec;
  if (!fs::is_regular_file(file, ec)) return fail(ErrorCode::file_not_found, "is missing", file.string());
  std::ifstream in(file, std::ios::binary);
  std::vector<char> piece(std::size_t{1} << 20U);
  std::uintmax_t bytes = 0;
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
    take({piece.data(), static_cast<std::size_t>(in.gcount())});
    bytes += static_cast<std::uintmax_t>(in.gcount());
  }
  if (in.bad() || !in.eof()) return fail(ErrorCode::file_unreadable, "cannot be read to its end", file.string());
  return bytes;
}

struct SizeAndHash {
  std::uintmax_t bytes;
  std::string hash;
};

/// By SHA-256, for what comes from outside.
Expected<SizeAndHash> source_hash(const fs::path& file) {
  ContentHasher hasher;
  const auto bytes = read_in_pieces(file, [&](std::string_view piece) { hasher.add(piece); });
  if (!bytes) return Unexpected(bytes.error());
  return SizeAndHash{*bytes, hasher.finish()};
}

/// By the checksum of the checksums of its pieces, for what a build has written.
Expected<SizeAndHash> file_checksum(const fs::path& file) {
  std::vector<std::uint64_t> pieces;
  const auto bytes = read_in_pieces(
      file, [&](std::string_view piece) { pieces.push_back(geo::tile_checksum(std::as_bytes(std::span(piece)))); });
  if (!bytes) return Unexpected(bytes.error());
  return SizeAndHash{*bytes, fmt::format("xxh3:{:016x}", geo::tile_checksum(std::as_bytes(std::span(pieces))))};
}

Error changed(const fs::path& file) {
  return {.code = ErrorCode::airspace_damaged,
          .message = "has changed since it was compiled; build the airspace again",
          .where = file.string()};
}

}  // namespace

Expected<ordered_json> read_airspace_manifest(const fs::path& dir) {
  const fs::path file = dir / kManifestName;
  std::error_code ec;
  if (!fs::is_regular_file(file, ec)) {
    return fail(ErrorCode::file_not_found,
                "there is no compiled airspace here; make one by: swiftlet map build REGION.toml --out DIR",
                dir.string());
  }
  std::ifstream in(file);
  ordered_json text = ordered_json::parse(in, nullptr, false);
  if (!text.is_object()) {
    return fail(ErrorCode::airspace_damaged, "is not valid JSON; build the airspace again", file.string());
  }
  const auto schema = text.find("schema");
  const std::string found = schema != text.end() && schema->is_string() ? schema->get<std::string>() : "";
  if (found != kAirspaceFormat) {
    return fail(ErrorCode::unsupported_format,
                fmt::format("is of format \"{}\"; this version reads {}: build the airspace again, by: swiftlet map "
                            "build {} --out DIR",
                            found, kAirspaceFormat, (dir / "sources" / "region.toml").string()),
                file.string());
  }
  return text;
}

namespace {

ordered_json wind_json(const geo::Airspace& a) {
  const geo::WindProfile& profile = a.wind_field.profile();
  ordered_json out = to_json(a.wind);
  out["profile"] = geo::name(profile.kind);
  if (profile.kind == geo::WindProfileKind::log) out["z0_m"] = profile.z0_m;
  if (profile.kind == geo::WindProfileKind::power) out["exponent"] = profile.exponent;
  if (profile.kind != geo::WindProfileKind::constant) out["displacement_m"] = profile.displacement_m;
  if (a.wind_field.uniform()) return out;
  const auto& instants = a.wind_field.instants();
  out["forecast"] = {{"times", instants.size()},
                     {"from", format_rfc3339(instants.front())},
                     {"to", format_rfc3339(instants.back())},
                     {"lattice_m", a.wind_field.lattice().spacing_m},
                     {"fastest_m_s", a.wind_field.fastest_m_s(a.bounds.grid().extent(), profile.at_height_m,
                                                              instants.front(), instants.back())}};
  return out;
}

ordered_json risk_json(const geo::Airspace& a) {
  if (a.ground_risk.empty()) return nullptr;
  const auto cells = a.ground_risk.pyramid_per_km2().first(a.ground_risk.grid().cell_count());
  double sum = 0.0;
  for (const float d : cells) sum += d;
  const double side_km = a.ground_risk.grid().cell_m / 1000.0;
  return {{"cell_m", a.ground_risk.grid().cell_m},
          {"people", sum * side_km * side_km},
          {"least_per_km2", a.ground_risk.pyramid_per_km2().back()},
          {"mean_per_km2", sum / static_cast<double>(cells.size())},
          {"most_per_km2", *std::max_element(cells.begin(), cells.end())}};
}

}  // namespace

ordered_json describe(const CompiledRegion& region) {
  const geo::Airspace& a = region.airspace;
  const geo::GridFrame& grid = a.bounds.grid();
  const LonLat south_west = a.frame.to_lonlat(grid.extent().min);
  const LonLat north_east = a.frame.to_lonlat(grid.extent().max);
  std::size_t slots = 0;
  for (const geo::Pad& pad : a.pads) slots += pad.slots.size();
  return {
      {"schema", kAirspaceFormat},
      {"name", a.name},
      {"hash", a.hash},
      {"vertical_datum", a.vertical_datum},
      {"ellipsoid_minus_datum_m",
       a.ellipsoid_minus_datum_m ? ordered_json(*a.ellipsoid_minus_datum_m) : ordered_json()},
      {"centre", {{"lon", a.frame.centre().lon_deg}, {"lat", a.frame.centre().lat_deg}}},
      {"bbox", {south_west.lon_deg, south_west.lat_deg, north_east.lon_deg, north_east.lat_deg}},
      {"grid", to_json(grid)},
      {"policy", to_json(a.policy)},
      {"wind", wind_json(a)},
      {"ground_risk", risk_json(a)},
      {"counts",
       {{"obstacles", a.obstacles.size()}, {"geozones", a.zones.size()}, {"pads", a.pads.size()}, {"slots", slots}}},
      {"terrain_sources", region.terrain.size()},
      {"warnings", region.warnings},
      {"sources", ordered_json::array()}};
}

Expected<ordered_json> describe_source(const RegionManifest& manifest, std::size_t k, const fs::path& kept) {
  const auto found = source_hash(kept);
  if (!found) return Unexpected(found.error());
  const SourceNote note = k < manifest.notes.size() ? manifest.notes[k] : SourceNote{};
  ordered_json out{{"name", manifest.source_files()[k].filename().string()},
                   {"entry", note.entry},
                   {"kept_as", kept.filename().string()},
                   {"bytes", found->bytes},
                   {"hash", found->hash}};
  for (const fs::path& side : side_files(kept)) {
    const auto beside = source_hash(side);
    if (!beside) return Unexpected(beside.error());
    out["side_files"].push_back(
        {{"kept_as", side.filename().string()}, {"bytes", beside->bytes}, {"hash", beside->hash}});
  }
  if (!note.licence.empty()) out["licence"] = note.licence;
  if (!note.attribution.empty()) out["attribution"] = note.attribution;
  return out;
}

Expected<ordered_json> describe_file(const fs::path& file) {
  if (file.extension() == ".bin") {
    // Its tiles carry checksums, and its seal stands for all of them.
    const auto seal = airspace_file_seal(file);
    if (!seal) return Unexpected(seal.error());
    return ordered_json{{"bytes", fs::file_size(file)}, {"checksum", *seal}};
  }
  const auto found = file_checksum(file);
  if (!found) return Unexpected(found.error());
  return ordered_json{{"bytes", found->bytes}, {"checksum", found->hash}};
}

std::optional<Error> check_file(const ordered_json& manifest, const std::string& name, const fs::path& file) {
  const auto found = describe_file(file);
  if (!found) return found.error();
  const auto files = manifest.find("files");
  if (files == manifest.end() || !files->is_object() || !files->contains(name) || files->at(name) != *found) {
    return changed(file);
  }
  return std::nullopt;
}

std::vector<Error> check_sources(const ordered_json& manifest, const fs::path& sources) {
  std::vector<Error> found;
  try {
    const auto check_kept = [&](const ordered_json& source) {
      const fs::path name = source.at("kept_as").get<std::string>();
      const fs::path kept = sources / name.filename();
      const auto now = source_hash(kept);
      if (!now) {
        found.push_back(now.error());
      } else if (now->bytes != source.at("bytes") || now->hash != source.at("hash")) {
        found.push_back(changed(kept));
      }
    };
    for (const ordered_json& source : manifest.at("sources")) {
      check_kept(source);
      if (!source.contains("side_files")) continue;
      for (const ordered_json& side : source.at("side_files")) check_kept(side);
    }
  } catch (const nlohmann::json::exception& error) {
    found.push_back({.code = ErrorCode::airspace_damaged,
                     .message = fmt::format("says nothing that can be read of its sources ({})", error.what()),
                     .where = kManifestName});
  }
  return found;
}

}  // namespace swiftlet::maps
