#include "dispatch/service/peers.hpp"

#include <fmt/core.h>

namespace swiftlet::dispatch {
namespace {

constexpr auto kLook = std::chrono::milliseconds(500);

}  // namespace

Peers::Peers(std::filesystem::path keys_dir, const Log& log) : keys_dir_(std::move(keys_dir)), log_(log) {
  signature_ = key_ring_signature(keys_dir_);
  look_at_ = std::chrono::steady_clock::now() + kLook;
  read();
}

std::shared_ptr<const KeyRing> Peers::ring() const {
  const std::lock_guard lock(mutex_);
  return ring_;
}

std::optional<PeerIdentity> Peers::owner(const std::string& public_key) const { return ring()->owner(public_key); }

std::optional<std::string> Peers::token_owner(const std::string& token) const { return ring()->token_owner(token); }

bool Peers::has_role(const std::string& public_key, PeerRole role) const {
  const auto peer = owner(public_key);
  return peer && peer->role == role;
}

bool Peers::refresh() {
  const auto now = std::chrono::steady_clock::now();
  if (now < look_at_) return false;
  look_at_ = now + kLook;
  std::string signature = key_ring_signature(keys_dir_);
  if (signature == signature_) return false;
  // Taken before the files are read: what changes meanwhile is seen the next time.
  signature_ = std::move(signature);
  read();
  return true;
}

void Peers::read() {
  auto ring = std::make_shared<const KeyRing>(KeyRing::read(keys_dir_));
  for (const Error& error : ring->refused()) log_.write(LogLevel::error, "key not let in: " + describe(error));
  log_.write(LogLevel::info,
             fmt::format("{} keys and {} tokens are let in", ring->owners().size(), ring->tokens().size()));
  const std::lock_guard lock(mutex_);
  ring_ = std::move(ring);
}

}  // namespace swiftlet::dispatch
