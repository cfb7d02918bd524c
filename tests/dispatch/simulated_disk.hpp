#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace swiftlet::dispatch::drill {

/// A disk in memory that SQLite writes to while it is mounted. What has not been synced lives in a cache; a loss of
/// power keeps any part of the cache: each write whole, torn or not at all, in any order.
class SimulatedDisk {
 public:
  explicit SimulatedDisk(std::uint64_t seed) : random_(seed) {}

  struct Write {
    std::int64_t offset = 0;
    std::string bytes;
    bool truncates = false;  ///< to `offset`
  };
  struct File {
    std::string durable;
    std::string seen;  ///< with all that is in the cache
    std::vector<Write> cache;
  };

  /// The disk that SQLite's default file system stands for from now on; nullptr gives the real one back.
  static void mount(SimulatedDisk* disk);

  void lose_power();
  /// From the n-th operation on (writes, truncations and syncs count) everything fails, as a full or broken disk does.
  void fail_at(std::uint64_t operation) { fail_at_ = operation; }
  void mend() { fail_at_ = UINT64_MAX; }
  [[nodiscard]] std::uint64_t operations() const { return operations_; }

  // For the file system that stands on it.
  [[nodiscard]] bool fails();
  [[nodiscard]] std::shared_ptr<File> find(const std::string& name) const;
  std::shared_ptr<File> create(const std::string& name);
  void remove(const std::string& name) { files_.erase(name); }
  static void apply(std::string& content, const Write& write);

 private:
  std::mt19937_64 random_;
  std::map<std::string, std::shared_ptr<File>> files_;
  std::uint64_t operations_ = 0;
  std::uint64_t fail_at_ = UINT64_MAX;
};

}  // namespace swiftlet::dispatch::drill
