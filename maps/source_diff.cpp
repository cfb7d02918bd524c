#include "maps/source_diff.hpp"

#include <array>
#include <fstream>
#include <map>
#include <set>

#include "geo/content_hash.hpp"
#include "maps/region_manifest.hpp"
#include "maps/source_path.hpp"

namespace swiftlet::maps {
namespace {

namespace fs = std::filesystem;

Expected<std::string> hash_of_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  ContentHasher hasher;
  std::array<char, 1 << 16> buffer{};
  while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0) {
    hasher.add(std::string_view(buffer.data(), static_cast<std::size_t>(in.gcount())));
  }
  if (!in.eof()) return fail(ErrorCode::file_unreadable, "cannot be read to its end", file.string());
  return hasher.finish();
}

/// A copy's name is that of its source after the number that it was given.
std::string source_name(const fs::path& copy) {
  const std::string name = copy.filename().string();
  const std::size_t digits = name.find_first_not_of("0123456789");
  return digits != 0 && digits != std::string::npos && name[digits] == '_' ? name.substr(digits + 1) : name;
}

/// Content by name; further files of one name are "name (2)", "name (3)" …
Expected<std::map<std::string, std::string>> read_sources(const fs::path& dir) {
  const auto manifest = read_region_manifest(dir / "sources" / "region.toml");
  if (!manifest) return Unexpected(manifest.error());
  std::map<std::string, std::string> sources;
  std::set<fs::path> seen;
  std::vector<fs::path> files;
  for (const fs::path& file : manifest->source_files()) {
    files.push_back(file);
    for (const fs::path& side : side_files(file)) files.push_back(side);
  }
  for (const fs::path& file : files) {
    if (!seen.insert(file).second) continue;
    const auto hash = hash_of_file(file);
    if (!hash) return Unexpected(hash.error());
    const std::string name = source_name(file);
    std::string key = name;
    for (int n = 2; sources.contains(key); ++n) key = name + " (" + std::to_string(n) + ")";
    sources.emplace(std::move(key), *hash);
  }
  return sources;
}

}  // namespace

Expected<geo::NamedChanges> compare_sources(const fs::path& earlier_dir, const fs::path& later_dir) {
  const auto earlier = read_sources(earlier_dir);
  if (!earlier) return Unexpected(earlier.error());
  const auto later = read_sources(later_dir);
  if (!later) return Unexpected(later.error());
  geo::NamedChanges changes;
  for (const auto& [name, hash] : *later) {
    const auto it = earlier->find(name);
    if (it == earlier->end()) {
      changes.added.push_back(name);
    } else if (it->second != hash) {
      changes.changed.push_back(name);
    }
  }
  for (const auto& [name, hash] : *earlier) {
    if (!later->contains(name)) changes.removed.push_back(name);
  }
  return changes;
}

}  // namespace swiftlet::maps
