#include "geo/content_hash.hpp"

#include <sodium.h>

#include <array>

namespace swiftlet {

struct ContentHasher::State {
  crypto_hash_sha256_state sha;
};

ContentHasher::ContentHasher() : state_(std::make_unique<State>()) { crypto_hash_sha256_init(&state_->sha); }

ContentHasher::~ContentHasher() = default;

void ContentHasher::add(std::string_view bytes) {
  crypto_hash_sha256_update(&state_->sha, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

std::string ContentHasher::finish() {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256_final(&state_->sha, digest.data());
  std::array<char, crypto_hash_sha256_BYTES * 2 + 1> hex{};
  sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
  return std::string("sha256:") + hex.data();
}

std::string content_hash(std::string_view bytes) {
  ContentHasher hasher;
  hasher.add(bytes);
  return hasher.finish();
}

}  // namespace swiftlet
