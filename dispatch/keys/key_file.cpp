#include "dispatch/keys/key_file.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <regex>
#include <stdexcept>

namespace swiftlet::dispatch {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKeyLength = 40;
constexpr std::uintmax_t kMostBytes = 16 * 1024;
using Z85Text = std::array<char, kKeyLength + 1>;

Unexpected not_written(const fs::path& file) {
  return fail(ErrorCode::output_refused, fmt::format("cannot be written: {}", std::strerror(errno)), file.string());
}

/// A new file with these bytes and this mode, on disk before it is called written.
Expected<void> write_new(const fs::path& file, const std::string& text, mode_t mode) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0) return not_written(file);
  const bool whole = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  if (::close(fd) == 0 && whole) return {};
  auto refusal = not_written(file);
  ::unlink(file.c_str());
  return refusal;
}

std::string certificate(const std::string& public_key, const std::string& secret_key) {
  std::string text = fmt::format(
      "#   ZeroMQ CURVE {} certificate, made by swiftlet keys\n"
      "{}\n"
      "metadata\n"
      "curve\n"
      "    public-key = \"{}\"\n",
      secret_key.empty() ? "public" : "**secret**",
      secret_key.empty() ? "#   Exchange it over a channel that you trust." : "#   DO NOT hand it to anybody.",
      public_key);
  if (!secret_key.empty()) text += fmt::format("    secret-key = \"{}\"\n", secret_key);
  return text;
}

Expected<std::string> read_text(const fs::path& file) {
  std::error_code error;
  if (!fs::exists(file, error)) return fail(ErrorCode::file_not_found, "there is no such file", file.string());
  if (!fs::is_regular_file(file, error) || fs::file_size(file, error) > kMostBytes) {
    return fail(ErrorCode::value_invalid, "is no file of keys", file.string());
  }
  std::ifstream in(file);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in.good() && !in.eof()) return fail(ErrorCode::file_unreadable, "cannot be read", file.string());
  return text;
}

Expected<void> check_only_owner_reads(const fs::path& file) {
  struct stat about {};
  if (::stat(file.c_str(), &about) == 0 && (about.st_mode & (S_IRWXG | S_IRWXO)) == 0) return {};
  return fail(ErrorCode::value_invalid,
              fmt::format("others can read this secret: its mode is {:o}, it should be 600", about.st_mode & 0777U),
              file.string());
}

/// The value of `field` in the section "curve", if it is a key.
std::optional<std::string> key_in(const std::string& text, const std::string& field) {
  const std::regex line("(?:^|\n)[ \t]+" + field + R"re([ \t]*=[ \t]*"([^"\n]*)")re");
  std::smatch match;
  if (!std::regex_search(text, match, line)) return std::nullopt;
  const std::string key = match[1];
  std::array<std::uint8_t, 32> raw{};
  if (key.size() != kKeyLength || zmq_z85_decode(raw.data(), key.c_str()) == nullptr) return std::nullopt;
  return key;
}

}  // namespace

KeyPair make_key_pair() {
  Z85Text public_key{};
  Z85Text secret_key{};
  if (zmq_curve_keypair(public_key.data(), secret_key.data()) != 0) {
    throw std::runtime_error("ZeroMQ was built without CURVE: no keys can be made");
  }
  return {.public_key = public_key.data(), .secret_key = secret_key.data()};
}

bool is_key_name(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  };
  return !name.empty() && name.size() <= 64 && name.front() != '.' && std::all_of(name.begin(), name.end(), fits);
}

Expected<void> write_public_key(const fs::path& file, const std::string& public_key) {
  return write_new(file, certificate(public_key, {}), 0644);
}

Expected<void> write_key_pair(const fs::path& dir, const std::string& name, const KeyPair& pair) {
  const fs::path secret = dir / (name + ".key_secret");
  if (auto written = write_new(secret, certificate(pair.public_key, pair.secret_key), 0600); !written) return written;
  auto written = write_public_key(dir / (name + ".key"), pair.public_key);
  if (!written) ::unlink(secret.c_str());
  return written;
}

Expected<void> write_line(const fs::path& file, const std::string& line, unsigned mode) {
  return write_new(file, line + "\n", mode);
}

Expected<std::string> read_secret_line(const fs::path& file) {
  const auto text = read_text(file);
  if (!text) return Unexpected(text.error());
  if (auto kept = check_only_owner_reads(file); !kept) return Unexpected(kept.error());
  const std::size_t from = text->find_first_not_of(" \t\r\n");
  if (from == std::string::npos) return fail(ErrorCode::value_invalid, "is empty", file.string());
  const std::string line = text->substr(from, text->find_last_not_of(" \t\r\n") + 1 - from);
  if (line.find('\n') != std::string::npos)
    return fail(ErrorCode::value_invalid, "should hold one line", file.string());
  return line;
}

Expected<std::string> read_public_key(const fs::path& file) {
  const auto text = read_text(file);
  if (!text) return Unexpected(text.error());
  const auto key = key_in(*text, "public-key");
  if (!key) return fail(ErrorCode::value_invalid, "has no public-key of 40 Z85 characters", file.string());
  return *key;
}

Expected<KeyPair> read_key_pair(const fs::path& file) {
  const auto text = read_text(file);
  if (!text) return Unexpected(text.error());
  const auto public_key = key_in(*text, "public-key");
  const auto secret_key = key_in(*text, "secret-key");
  if (!public_key || !secret_key) {
    return fail(ErrorCode::value_invalid, "has no public-key and secret-key of 40 Z85 characters each", file.string());
  }
  if (auto kept = check_only_owner_reads(file); !kept) return Unexpected(kept.error());
  Z85Text derived{};
  if (zmq_curve_public(derived.data(), secret_key->c_str()) != 0 || *public_key != derived.data()) {
    return fail(ErrorCode::value_invalid, "its public-key does not belong to its secret-key", file.string());
  }
  return KeyPair{.public_key = *public_key, .secret_key = *secret_key};
}

}  // namespace swiftlet::dispatch
