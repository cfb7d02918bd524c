#include "dispatch/keys/api_token.hpp"

#include <sodium.h>

#include <array>
#include <fstream>
#include <regex>
#include <stdexcept>

#include "geo/content_hash.hpp"

namespace swiftlet::dispatch {

std::string make_secret(std::string_view prefix) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be used: no secret can be made");
  std::array<unsigned char, 32> raw{};
  randombytes_buf(raw.data(), raw.size());
  constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::array<char, sodium_base64_ENCODED_LEN(raw.size(), kVariant)> text{};
  sodium_bin2base64(text.data(), text.size(), raw.data(), raw.size(), kVariant);
  return std::string(prefix) + "_" + text.data();
}

TokenHash TokenHash::of(std::string_view token) { return TokenHash(content_hash(token)); }

bool TokenHash::equals(const TokenHash& other) const {
  return text_.size() == other.text_.size() && sodium_memcmp(text_.data(), other.text_.data(), text_.size()) == 0;
}

Expected<TokenHash> TokenHash::read(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line)) return fail(ErrorCode::file_unreadable, "cannot be read, or is empty", file.string());
  static const std::regex kHash("sha256:[0-9a-f]{64}");
  if (!std::regex_match(line, kHash))
    return fail(ErrorCode::value_invalid, "should be sha256: and 64 hexadecimal digits", file.string());
  return TokenHash(line);
}

}  // namespace swiftlet::dispatch
