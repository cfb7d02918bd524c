#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace swiftlet::maps {

/// What a process that reads untrusted sources may use.
struct ReadingLimits {
  std::uint64_t memory_bytes = std::uint64_t{8} << 30U;  ///< address space, all in all
  std::chrono::seconds processor{7200};                  ///< time of all its threads together
  std::chrono::seconds on_one_source{1200};              ///< by the clock, before the next source must have begun
  std::uint64_t file_bytes = std::uint64_t{64} << 30U;   ///< the largest file it may write
  /// The one directory that it may write to; without one it may write nothing.
  std::optional<std::filesystem::path> writable = {};
};

/// One layer of the confinement, and why it does not hold here, if it does not.
struct ConfinementLayer {
  std::string name;
  std::optional<std::string> missing;
};

/// Confines the calling process for the rest of its life: limits on memory, processor time and file size; no new
/// privileges; a network namespace of its own; no writing outside `writable` (Landlock); no sockets, programs, tracing
/// or mounts (seccomp). Needs no privileges. A layer that the kernel or the container does not grant is left out and
/// said to be missing. Precondition: the process has one thread.
[[nodiscard]] std::vector<ConfinementLayer> confine_this_process(const ReadingLimits& limits);

/// Whether the process can still reach a network: none of the layers that keep it away is there.
[[nodiscard]] bool network_is_open(const std::vector<ConfinementLayer>& layers);

}  // namespace swiftlet::maps
