#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dispatch/keys/key_ring.hpp"

namespace swiftlet::dispatch {

/// What an operator does with the folder of keys: DIR/NAME.key and NAME.key_secret for their owners to fetch,
/// DIR/authorized/ROLE/NAME.key for the service to let in, DIR/revoked for the record.
class KeyStore {
 public:
  explicit KeyStore(std::filesystem::path dir) : dir_(std::move(dir)) {}

  /// A new pair for the server, or for a peer that is let in from then on. Errors: usage (role or name), conflict (the
  /// name is taken), output_refused.
  [[nodiscard]] Expected<void> create(const std::string& role, const std::string& name) const;

  struct Revoked {
    PeerIdentity peer;
    std::filesystem::path record;
  };
  /// Takes a peer's key off the live list, keeps the public half for the record and deletes the pair. Errors:
  /// not_found.
  [[nodiscard]] Expected<Revoked> revoke(const std::string& name) const;

  struct Entry {
    PeerIdentity peer;
    std::string public_key;
  };
  /// Who is let in, by role and name. Errors: file_not_found (no such folder).
  [[nodiscard]] Expected<std::vector<Entry>> list() const;

 private:
  [[nodiscard]] std::filesystem::path authorized(PeerRole role, const std::string& name) const;

  std::filesystem::path dir_;
};

}  // namespace swiftlet::dispatch
