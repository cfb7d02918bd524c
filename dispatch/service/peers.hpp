#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "dispatch/keys/key_ring.hpp"
#include "dispatch/service/log.hpp"

namespace swiftlet::dispatch {

/// Who the peers are, by the keys and tokens that are let in at this moment. The folder is looked at twice a second, so
/// that a key that comes is let in and one that goes is heard no more, without a restart. Safe from any thread.
class Peers {
 public:
  /// Reads the folder at once.
  Peers(std::filesystem::path keys_dir, const Log& log);

  [[nodiscard]] std::optional<PeerIdentity> owner(const std::string& public_key) const;
  /// Whether that key is let in at the port of that role.
  [[nodiscard]] bool has_role(const std::string& public_key, PeerRole role) const;

  /// The merchant whose API token that is.
  [[nodiscard]] std::optional<std::string> token_owner(const std::string& token) const;

  /// Looks at the folder again if half a second has passed. True if the keys have changed.
  bool refresh();

 private:
  void read();
  [[nodiscard]] std::shared_ptr<const KeyRing> ring() const;

  const std::filesystem::path keys_dir_;
  const Log& log_;
  std::string signature_;
  std::chrono::steady_clock::time_point look_at_;
  mutable std::mutex mutex_;
  std::shared_ptr<const KeyRing> ring_;
};

}  // namespace swiftlet::dispatch
