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

/// The certificates of a role in the order of their names, so that the answer does not depend on the file system.
std::vector<fs::path> certificates(const fs::path& keys_dir, PeerRole role) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder_of(keys_dir, role), error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".key") files.push_back(entry->path());
  }
  std::sort(files.begin(), files.end());
  return files;
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

KeyRing KeyRing::read(const fs::path& keys_dir) {
  KeyRing ring;
  std::set<std::string> doubled;
  for (const PeerRole role : kRoles) {
    for (const fs::path& file : certificates(keys_dir, role)) {
      const std::string name = file.stem().string();
      if (!is_key_name(name)) {
        ring.refused_.push_back({.code = ErrorCode::value_invalid,
                                 .message = "a key's name has letters, digits, '-', '_' and '.' only, 64 at most",
                                 .where = file.string()});
        continue;
      }
      const auto key = read_public_key(file);
      if (!key) {
        ring.refused_.push_back(key.error());
        continue;
      }
      const auto [entry, is_new] = ring.owners_.try_emplace(*key, PeerIdentity{role, name});
      if (is_new) continue;
      doubled.insert(*key);
      ring.refused_.push_back({.code = ErrorCode::value_invalid,
                               .message = fmt::format("the key of {} {} stands here again: it lets neither in",
                                                      dispatch::name(entry->second.role), entry->second.name),
                               .where = file.string()});
    }
  }
  for (const std::string& key : doubled) ring.owners_.erase(key);
  return ring;
}

std::string key_ring_signature(const fs::path& keys_dir) {
  std::string signature;
  for (const PeerRole role : kRoles) {
    for (const fs::path& file : certificates(keys_dir, role)) {
      struct stat about {};
      if (::stat(file.c_str(), &about) != 0) continue;
      signature += fmt::format("{}:{}:{}:{}.{:09}\n", file.string(), about.st_ino, about.st_size, about.st_mtim.tv_sec,
                               about.st_mtim.tv_nsec);
    }
  }
  return signature;
}

}  // namespace swiftlet::dispatch
