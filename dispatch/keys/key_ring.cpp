#include "dispatch/keys/key_ring.hpp"

#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <set>

#include "dispatch/keys/key_file.hpp"

namespace swiftlet::dispatch {
namespace {

namespace fs = std::filesystem;

constexpr std::array kRoles{PeerRole::merchant, PeerRole::drone};

fs::path folder_of(const fs::path& keys_dir, PeerRole role) {
  return keys_dir / "authorized" / std::string(name(role));
}

/// The files of a role in the order of their names, so that the answer does not depend on the file system.
std::vector<fs::path> files_of(const fs::path& keys_dir, PeerRole role, std::string_view extension) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder_of(keys_dir, role), error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == extension) files.push_back(entry->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

Error misnamed(const fs::path& file) {
  return {.code = ErrorCode::value_invalid,
          .message = "a name has letters, digits, '-', '_' and '.' only, 64 at most",
          .where = file.string()};
}

}  // namespace

std::string_view name(PeerRole role) { return role == PeerRole::merchant ? "merchant" : "drone"; }

std::optional<PeerRole> peer_role(std::string_view text) {
  for (const PeerRole role : kRoles) {
    if (text == name(role)) return role;
  }
  return std::nullopt;
}

std::optional<PeerIdentity> KeyRing::owner(const std::string& public_key) const {
  const auto found = owners_.find(public_key);
  return found == owners_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> KeyRing::token_owner(std::string_view token) const {
  const TokenHash hash = TokenHash::of(token);
  std::optional<std::string> owner;
  for (const auto& [merchant, known] : tokens_) {
    if (known.equals(hash)) owner = merchant;
  }
  return owner;
}

KeyRing KeyRing::read(const fs::path& keys_dir) {
  KeyRing ring;
  ring.read_keys(keys_dir);
  ring.read_tokens(keys_dir);
  return ring;
}

void KeyRing::read_keys(const fs::path& keys_dir) {
  std::set<std::string> doubled;
  for (const PeerRole role : kRoles) {
    for (const fs::path& file : files_of(keys_dir, role, ".key")) {
      const std::string name = file.stem().string();
      const auto key = is_key_name(name) ? read_public_key(file) : Unexpected(misnamed(file));
      if (!key) {
        refused_.push_back(key.error());
        continue;
      }
      const auto [entry, is_new] = owners_.try_emplace(*key, PeerIdentity{role, name});
      if (is_new) continue;
      doubled.insert(*key);
      refused_.push_back({.code = ErrorCode::value_invalid,
                          .message = fmt::format("the key of {} {} stands here again: it lets neither in",
                                                 dispatch::name(entry->second.role), entry->second.name),
                          .where = file.string()});
    }
  }
  for (const std::string& key : doubled) owners_.erase(key);
}

void KeyRing::read_tokens(const fs::path& keys_dir) {
  std::map<std::string, std::string> first;  // by hash: the merchant under which it stood first
  for (const fs::path& file : files_of(keys_dir, PeerRole::merchant, ".token")) {
    const std::string name = file.stem().string();
    const auto hash = is_key_name(name) ? TokenHash::read(file) : Unexpected(misnamed(file));
    if (!hash) {
      refused_.push_back(hash.error());
      continue;
    }
    const auto [entry, is_new] = first.try_emplace(hash->text(), name);
    if (is_new) {
      tokens_.emplace(name, *hash);
      continue;
    }
    tokens_.erase(entry->second);
    refused_.push_back({.code = ErrorCode::value_invalid,
                        .message = fmt::format("the token of {} stands here again: it lets neither in", entry->second),
                        .where = file.string()});
  }
}

std::string key_ring_signature(const fs::path& keys_dir) {
  std::string signature;
  const auto add = [&](const std::vector<fs::path>& files) {
    for (const fs::path& file : files) {
      struct stat about {};
      if (::stat(file.c_str(), &about) != 0) continue;
      signature += fmt::format("{}:{}:{}:{}.{:09}\n", file.string(), about.st_ino, about.st_size, about.st_mtim.tv_sec,
                               about.st_mtim.tv_nsec);
    }
  };
  for (const PeerRole role : kRoles) add(files_of(keys_dir, role, ".key"));
  add(files_of(keys_dir, PeerRole::merchant, ".token"));
  return signature;
}

}  // namespace swiftlet::dispatch
