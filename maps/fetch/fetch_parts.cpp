#include "maps/fetch/fetch_parts.hpp"

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>

#include "geo/content_hash.hpp"

namespace swiftlet::maps {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kList = "parts.json";

std::optional<std::string> hash_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  ContentHasher hasher;
  std::array<char, 1 << 16> buffer{};
  while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0) {
    hasher.add(std::string_view(buffer.data(), static_cast<std::size_t>(in.gcount())));
  }
  if (in.bad()) return std::nullopt;
  return hasher.finish();
}

}  // namespace

Expected<FetchParts> FetchParts::open(const fs::path& dir, const std::string& request) {
  FetchParts parts(dir);
  parts.request_ = request;
  std::error_code ec;
  std::ifstream in(dir / kList);
  const json list = in ? json::parse(in, nullptr, false) : json();
  if (fs::exists(dir, ec) && !(list.is_object() && list.contains("parts"))) {
    if (!fs::is_directory(dir, ec) || !fs::is_empty(dir, ec)) {
      return fail(ErrorCode::output_refused, "is in the way and holds no parts of a region; move it", dir.string());
    }
  } else if (list.is_object() && list.value("request", "") == request && list["parts"].is_object()) {
    for (const auto& [name, hash] : list["parts"].items()) {
      if (hash.is_string()) parts.hashes_[name] = hash;
    }
    return parts;
  }
  fs::remove_all(dir, ec);
  fs::create_directories(dir, ec);
  if (ec) return fail(ErrorCode::output_refused, "cannot be created: " + ec.message(), dir.string());
  if (const auto done = parts.write_list(); !done) return Unexpected(done.error());
  return parts;
}

std::optional<fs::path> FetchParts::whole(const std::string& name) const {
  const auto known = hashes_.find(name);
  if (known == hashes_.end() || hash_of(path(name)) != known->second) return std::nullopt;
  return path(name);
}

Expected<void> FetchParts::keep(const std::string& name) {
  const auto hash = hash_of(path(name));
  if (!hash) return fail(ErrorCode::file_unreadable, "cannot be read back", path(name).string());
  hashes_[name] = *hash;
  return write_list();
}

Expected<void> FetchParts::write_list() const {
  const fs::path unfinished = dir_ / (std::string(kList) + ".unfinished");
  std::ofstream out(unfinished, std::ios::binary);
  out << json{{"request", request_}, {"parts", hashes_}}.dump(1) << '\n';
  out.close();
  std::error_code ec;
  if (out) fs::rename(unfinished, dir_ / kList, ec);
  if (!out || ec) return fail(ErrorCode::output_refused, "cannot be written", (dir_ / kList).string());
  return {};
}

}  // namespace swiftlet::maps
