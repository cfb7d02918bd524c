#include "dispatch/webhooks/webhook_signature.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <array>

namespace swiftlet::dispatch {
namespace {

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

std::string webhook_signature(std::string_view secret, std::int64_t unix_s, std::string_view body) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, bytes(secret), secret.size());
  for (const std::string& part : {std::to_string(unix_s), std::string("."), std::string(body)})
    crypto_auth_hmacsha256_update(&state, bytes(part), part.size());
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac{};
  crypto_auth_hmacsha256_final(&state, mac.data());
  sodium_memzero(&state, sizeof state);
  return fmt::format("t={},v1={:02x}", unix_s, fmt::join(mac, ""));
}

}  // namespace swiftlet::dispatch
