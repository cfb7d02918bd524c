#include "dispatch/mavlink/signing.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "geo/content_hash.hpp"

namespace swiftlet::mavlink {
namespace {

constexpr std::uint8_t kLink = 0;
constexpr std::size_t kHead = 7;  ///< link and time
constexpr std::uint64_t kMinute = 6'000'000;
constexpr std::size_t kSystem = 5, kComponent = 6;  ///< in a frame

std::string_view text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

Expected<SigningKey> read_signing_key(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) return fail(ErrorCode::file_not_found, "cannot be opened", file.string());
  std::string digits(std::istreambuf_iterator<char>(stream), {});
  while (!digits.empty() && (digits.back() == '\n' || digits.back() == '\r')) digits.pop_back();
  SigningKey key{};
  bool right = digits.size() == 2 * key.size();
  for (std::size_t i = 0; right && i < key.size(); ++i) {
    const char* pair = digits.data() + 2 * i;
    right = std::from_chars(pair, pair + 2, key[i], 16).ptr == pair + 2;
  }
  if (!right) return fail(ErrorCode::value_invalid, "should be a key of 64 hexadecimal digits", file.string());
  using std::filesystem::perms;
  const perms allowed = std::filesystem::status(file).permissions();
  if ((allowed & (perms::group_all | perms::others_all)) != perms::none) {
    return fail(ErrorCode::value_invalid, "others can read this secret: its mode should be 600", file.string());
  }
  return key;
}

std::array<std::uint8_t, 6> Signing::digest(std::span<const std::uint8_t> bytes) const {
  ContentHasher hasher;
  hasher.add(text(key_));
  hasher.add(text(bytes));
  const std::string hash = hasher.finish();
  const char* digits = hash.data() + std::string_view("sha256:").size();
  std::array<std::uint8_t, 6> first{};
  for (std::size_t i = 0; i < first.size(); ++i) std::from_chars(digits + 2 * i, digits + 2 * i + 2, first[i], 16);
  return first;
}

std::array<std::uint8_t, Signing::kBytes> Signing::sign(std::span<const std::uint8_t> frame, std::uint64_t now) {
  last_ = std::max(last_ + 1, now);
  std::vector<std::uint8_t> bytes(frame.begin(), frame.end());
  bytes.push_back(kLink);
  for (unsigned shift = 0; shift < 48; shift += 8) bytes.push_back(static_cast<std::uint8_t>(last_ >> shift));
  const auto first = digest(bytes);
  std::array<std::uint8_t, kBytes> signature{};
  std::copy(bytes.end() - kHead, bytes.end(), signature.begin());
  std::copy(first.begin(), first.end(), signature.begin() + kHead);
  return signature;
}

bool Signing::accepts(std::span<const std::uint8_t> frame, std::uint64_t now) {
  const auto signature = frame.last(kBytes);
  const auto first = digest(frame.first(frame.size() - kBytes + kHead));
  if (!std::equal(first.begin(), first.end(), signature.begin() + kHead)) return false;
  std::uint64_t time = 0;
  for (std::size_t i = 0; i < 6; ++i) time |= std::uint64_t{signature[1 + i]} << (8 * i);
  const auto [stream, is_new] = heard_.try_emplace({frame[kSystem], frame[kComponent], signature[0]}, 0);
  if (is_new ? time + kMinute < now : time <= stream->second) {
    if (is_new) heard_.erase(stream);
    return false;
  }
  stream->second = time;
  return true;
}

std::uint64_t signing_time() {
  using namespace std::chrono;
  constexpr sys_days kBeginning = year(2015) / January / 1;
  return static_cast<std::uint64_t>(duration_cast<microseconds>(system_clock::now() - kBeginning).count()) / 10;
}

}  // namespace swiftlet::mavlink
