#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dispatch/keys/key_ring.hpp"

namespace swiftlet::dispatch {

/// What an operator does with the folder of keys: DIR/NAME.key and NAME.key_secret, NAME.token and NAME.webhook_secret
/// for their owners to fetch, DIR/authorized/ROLE for the service to let in, DIR/revoked for the record.
class KeyStore {
 public:
  explicit KeyStore(std::filesystem::path dir) : dir_(std::move(dir)) {}

  /// A new pair for the server, or for a peer that is let in from then on. Errors: usage (role or name), conflict (the
  /// name is taken), output_refused.
  [[nodiscard]] Expected<void> create(const std::string& role, const std::string& name) const;
  /// A new API token for a merchant, let in from then on; the service gets its hash alone. Answers the file that holds
  /// it. Errors: usage (name), conflict (it has one, or the name is a drone's), output_refused.
  [[nodiscard]] Expected<std::filesystem::path> create_token(const std::string& merchant) const;
  /// A new secret to sign a merchant's webhooks with. Answers its file. Errors: as above.
  [[nodiscard]] Expected<std::filesystem::path> create_webhook_secret(const std::string& merchant) const;

  enum class What { key_and_token, token };
  struct Revoked {
    PeerIdentity peer;
    std::vector<std::filesystem::path> records;
    std::vector<std::filesystem::path> unfinished = {};  ///< what a creation that was broken off has left, deleted
  };
  /// Takes what speaks for a peer off the live list, keeps the public halves for the record and deletes the secret
  /// ones, also where their creation was broken off halfway. Errors: not_found, output_refused.
  [[nodiscard]] Expected<Revoked> revoke(const std::string& name, What what = What::key_and_token) const;

  struct Entry {
    PeerIdentity peer;
    std::string public_key;  ///< or "sha256:…", a token's hash
  };
  /// Who is let in, by role and name. Errors: file_not_found (no such folder).
  [[nodiscard]] Expected<std::vector<Entry>> list() const;

 private:
  /// Deletes what was being made for that name and lets nobody in.
  [[nodiscard]] Expected<std::vector<std::filesystem::path>> clear_unfinished(const std::string& name, What what) const;
  [[nodiscard]] std::filesystem::path authorized(PeerRole role, const std::string& name,
                                                 const std::string& extension = ".key") const;

  std::filesystem::path dir_;
};

}  // namespace swiftlet::dispatch
