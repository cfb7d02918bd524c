#include "maps/source_path.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

namespace swiftlet::maps {

namespace fs = std::filesystem;

fs::path source_path(const ConfigTable& entry, const char* key, const fs::path& folder) {
  const std::string text = entry.required_text(key);
  // A NUL would end the name for the system and not for us; others would be played by the terminal that shows errors.
  if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; })) {
    entry.reject(ErrorCode::config_invalid, key, std::string(key) + " must not hold control characters");
  }
  const fs::path path = text;
  return (path.is_absolute() ? path : folder / path).lexically_normal();
}

std::vector<fs::path> side_files(const fs::path& source) {
  const std::string extension = source.extension().string();
  if (extension != ".shp" && extension != ".SHP") return {};
  std::vector<fs::path> files;
  for (const char* side : {".dbf", ".shx", ".prj", ".cpg", ".DBF", ".SHX", ".PRJ", ".CPG"}) {
    std::error_code ec;
    const fs::path file = fs::path(source).replace_extension(side);
    if (fs::exists(file, ec)) files.push_back(file);
  }
  return files;
}

std::string quoted_toml(const std::string& text) {
  std::ostringstream out;
  out << toml::value<std::string>(text);
  return out.str();
}

}  // namespace swiftlet::maps
