#pragma once

#include <filesystem>

#include "geo/error.hpp"

namespace swiftlet::maps {

/// A directory that appears at its target whole or not at all. It is filled beside the target; put_in_place brings
/// every byte to disk and swaps it in with one rename, an older directory there included. Until then, and whatever
/// happens (an error, a full disk, a killed process), the target is untouched; what a killed process has left beside it
/// goes with the next build.
class FreshDirectory {
 public:
  /// Makes "TARGET.new-…" and takes away abandoned ones. Errors: output_refused.
  [[nodiscard]] static Expected<FreshDirectory> beside(const std::filesystem::path& given);
  FreshDirectory(FreshDirectory&& other) noexcept;
  FreshDirectory& operator=(FreshDirectory&&) = delete;
  /// Takes away what was not put in place.
  ~FreshDirectory();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Errors: output_refused; the target is then what it was.
  [[nodiscard]] Expected<void> put_in_place();

 private:
  FreshDirectory(std::filesystem::path target, std::filesystem::path path, int descriptor)
      : target_(std::move(target)), path_(std::move(path)), descriptor_(descriptor) {}

  std::filesystem::path target_;
  std::filesystem::path path_;
  int descriptor_;  ///< holds the lock that says somebody is at work here; −1 once moved from
};

}  // namespace swiftlet::maps
