#pragma once

#include <filesystem>

#include "geo/error.hpp"

namespace swiftlet::dispatch {

/// A service's data directory, held by one process at a time: made where it is missing (0700), locked until this value
/// dies with its process, whatever way that dies.
class DataDir {
 public:
  /// Errors: output_refused (cannot be made or written), store_unavailable (another instance holds it).
  [[nodiscard]] static Expected<DataDir> hold(const std::filesystem::path& path);
  ~DataDir();
  DataDir(DataDir&& other) noexcept;
  DataDir& operator=(DataDir&&) = delete;
  DataDir(const DataDir&) = delete;
  DataDir& operator=(const DataDir&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  DataDir(std::filesystem::path path, int lock_fd) : path_(std::move(path)), lock_fd_(lock_fd) {}

  std::filesystem::path path_;
  int lock_fd_ = -1;
};

}  // namespace swiftlet::dispatch
