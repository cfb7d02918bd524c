#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "geo/error.hpp"

namespace swiftlet::maps {

/// What has been fetched so far, kept in a directory across calls: each part with its SHA-256 in parts.json, so that a
/// half or altered file is never taken for a whole one.
class FetchParts {
 public:
  /// Opens the directory or makes it; parts fetched for another `request` are thrown away. Errors: output_refused.
  [[nodiscard]] static Expected<FetchParts> open(const std::filesystem::path& dir, const std::string& request);

  /// Where the part stands if it is whole; nothing where it has to be fetched.
  [[nodiscard]] std::optional<std::filesystem::path> whole(const std::string& name) const;
  /// Where to put it before it is kept.
  [[nodiscard]] std::filesystem::path path(const std::string& name) const { return dir_ / name; }
  /// Notes that the file at path(name) is whole. Errors: output_refused, file_unreadable.
  [[nodiscard]] Expected<void> keep(const std::string& name);

  [[nodiscard]] const std::filesystem::path& dir() const { return dir_; }

 private:
  explicit FetchParts(std::filesystem::path dir) : dir_(std::move(dir)) {}
  [[nodiscard]] Expected<void> write_list() const;
  std::filesystem::path dir_;
  std::string request_;
  std::map<std::string, std::string> hashes_;
};

}  // namespace swiftlet::maps
