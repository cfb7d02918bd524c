#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dispatch/keys/api_token.hpp"
#include "geo/error.hpp"

namespace swiftlet::dispatch {

/// Who may talk on ZeroMQ. Operators and observers come by HTTP.
enum class PeerRole { merchant, drone };

[[nodiscard]] std::string_view name(PeerRole role);
[[nodiscard]] std::optional<PeerRole> peer_role(std::string_view name);

struct PeerIdentity {
  PeerRole role;
  std::string name;
  bool operator==(const PeerIdentity&) const = default;
};

/// Who is let in: the keys DIR/authorized/ROLE/NAME.key and the tokens DIR/authorized/merchant/NAME.token, as they
/// stand there at one instant.
class KeyRing {
 public:
  /// Whose key that is; nobody's, if it is not on the ring.
  [[nodiscard]] std::optional<PeerIdentity> owner(const std::string& public_key) const;
  [[nodiscard]] const std::map<std::string, PeerIdentity>& owners() const { return owners_; }
  /// The merchant whose API token that is; nobody. Takes the same time for every token.
  [[nodiscard]] std::optional<std::string> token_owner(std::string_view token) const;
  /// The merchants that have a token, by name.
  [[nodiscard]] const std::map<std::string, TokenHash>& tokens() const { return tokens_; }
  /// Files that let nobody in, and why: unreadable, misnamed, or one key or token under two names (then under neither).
  [[nodiscard]] const std::vector<Error>& refused() const { return refused_; }

  /// Reads DIR/authorized; a folder that is missing holds no key. Never fails: what cannot be read lets nobody in.
  [[nodiscard]] static KeyRing read(const std::filesystem::path& keys_dir);

 private:
  void read_keys(const std::filesystem::path& keys_dir);
  void read_tokens(const std::filesystem::path& keys_dir);

  std::map<std::string, PeerIdentity> owners_;
  std::map<std::string, TokenHash> tokens_;
  std::vector<Error> refused_;
};

/// Something that changes whenever a file of DIR/authorized does: names, sizes, inodes and times of change.
[[nodiscard]] std::string key_ring_signature(const std::filesystem::path& keys_dir);

}  // namespace swiftlet::dispatch
