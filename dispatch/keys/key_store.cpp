#include "dispatch/keys/key_store.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <tuple>

#include "dispatch/keys/key_file.hpp"

namespace swiftlet::dispatch {
namespace {

namespace fs = std::filesystem;

Unexpected refused(const std::error_code& error, const fs::path& file) {
  return fail(ErrorCode::output_refused, error.message(), file.string());
}

}  // namespace

fs::path KeyStore::authorized(PeerRole role, const std::string& name) const {
  return dir_ / "authorized" / std::string(dispatch::name(role)) / (name + ".key");
}

Expected<void> KeyStore::create(const std::string& role_name, const std::string& name) const {
  const bool server = role_name == "server";
  const auto role = peer_role(role_name);
  if (!server && !role) {
    return fail(ErrorCode::usage, fmt::format("\"{}\" is none of server, merchant, drone", role_name), "ROLE");
  }
  if (!is_key_name(name)) {
    return fail(ErrorCode::usage,
                fmt::format("\"{}\" should be 1 to 64 letters, digits, '-', '_' or '.', not starting with a dot", name),
                "NAME");
  }
  if (!server && name == "server") return fail(ErrorCode::usage, "that name is the server's own", "NAME");
  if (fs::exists(dir_ / (name + ".key")) || fs::exists(dir_ / (name + ".key_secret")) ||
      fs::exists(authorized(PeerRole::merchant, name)) || fs::exists(authorized(PeerRole::drone, name))) {
    return fail(ErrorCode::conflict, fmt::format("there is a key of that name in {}; revoke it first", dir_.string()),
                name);
  }
  const fs::path list = server ? dir_ : authorized(*role, name).parent_path();
  std::error_code error;
  fs::create_directories(list, error);
  if (error) return refused(error, list);
  const KeyPair pair = make_key_pair();
  if (auto written = write_key_pair(dir_, name, pair); !written || server) return written;
  // Under another name first: the service must never see half of it.
  const fs::path unfinished = authorized(*role, name).replace_extension(".new");
  if (auto written = write_public_key(unfinished, pair.public_key); !written) return written;
  fs::rename(unfinished, authorized(*role, name), error);
  return error ? Expected<void>(refused(error, authorized(*role, name))) : Expected<void>();
}

Expected<KeyStore::Revoked> KeyStore::revoke(const std::string& name) const {
  for (const PeerRole role : {PeerRole::merchant, PeerRole::drone}) {
    const fs::path live = authorized(role, name);
    if (!is_key_name(name) || !fs::exists(live)) continue;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()).time_since_epoch();
    const fs::path record =
        dir_ / "revoked" / std::string(dispatch::name(role)) / fmt::format("{}-{}.key", name, seconds.count());
    std::error_code error;
    fs::create_directories(record.parent_path(), error);
    if (!error) fs::rename(live, record, error);
    if (error) return refused(error, live);
    for (const char* half : {".key", ".key_secret"}) fs::remove(dir_ / (name + half), error);
    return Revoked{.peer = {role, name}, .record = record};
  }
  return fail(ErrorCode::not_found, fmt::format("no key of that name is let in by {}", dir_.string()), name);
}

Expected<std::vector<KeyStore::Entry>> KeyStore::list() const {
  if (!fs::is_directory(dir_)) return fail(ErrorCode::file_not_found, "there is no such folder of keys", dir_.string());
  std::vector<Entry> entries;
  const KeyRing ring = KeyRing::read(dir_);
  for (const auto& [public_key, peer] : ring.owners()) {
    entries.push_back({.peer = peer, .public_key = public_key});
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.peer.role, a.peer.name) < std::tie(b.peer.role, b.peer.name);
  });
  return entries;
}

}  // namespace swiftlet::dispatch
