#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "geo/error.hpp"

namespace swiftlet::sim {

/// A planner's packed answers by their route_key(): of this run, and of earlier ones where a directory keeps them. Safe
/// to use from several threads at once.
///
/// The directory holds files of the answers that one run has added, or of several runs in one: written beside their
/// place, synced and renamed, so that each is there whole or not at all; runs that share the directory do not disturb
/// each other. A file is read by a run over the same compiled airspace with the same planner (planner_sources()), and
/// left alone by all others. Every answer carries a checksum. What is damaged is told and never given out; saving
/// leaves it out, with the rest of that file in a new one.
class RouteStore {
 public:
  /// Of this run only.
  RouteStore() = default;

  struct Kept {
    std::string answer;
    bool judged = false;  ///< by the referee of this run
  };

  /// Reads what the directory keeps for the airspace of that hash; makes the directory where there is none. Errors:
  /// output_refused for a place that cannot be written to, file_unreadable.
  [[nodiscard]] Expected<void> open(const std::filesystem::path& directory, const std::string& airspace_hash);

  [[nodiscard]] std::optional<Kept> find(const std::string& key) const;
  /// An answer that was made in this run. Where it is not `to_save` it ends with it.
  void keep(const std::string& key, std::string answer, bool to_save);
  /// The referee has passed it, or has not: then it is gone.
  void note_verdict(const std::string& key, bool passed);

  /// Writes what is new to the directory, if there is one. Errors: output_refused.
  [[nodiscard]] Expected<void> save();

  /// What was found damaged, one a file.
  [[nodiscard]] const std::vector<Error>& damages() const { return damages_; }
  [[nodiscard]] std::size_t read() const { return read_; }

 private:
  struct Entry {
    Kept kept;
    bool is_new = false;  ///< since it was read or saved
    bool to_save = true;
  };
  void read_file(const std::filesystem::path& file);
  [[nodiscard]] std::string prefix() const;

  std::filesystem::path directory_;
  std::string airspace_hash_;
  std::vector<std::filesystem::path> files_;  ///< that were read
  std::vector<Error> damages_;
  std::size_t read_ = 0;
  bool outdated_ = false;  ///< the files hold something that must go
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;
};

}  // namespace swiftlet::sim
