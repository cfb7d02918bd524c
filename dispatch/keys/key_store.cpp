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

Expected<void> check_name(const std::string& name) {
  if (is_key_name(name)) return {};
  return fail(ErrorCode::usage,
              fmt::format("\"{}\" should be 1 to 64 letters, digits, '-', '_' or '.', not starting with a dot", name),
              "NAME");
}

}  // namespace

fs::path KeyStore::authorized(PeerRole role, const std::string& name, const std::string& extension) const {
  return dir_ / "authorized" / std::string(dispatch::name(role)) / (name + extension);
}

Expected<void> KeyStore::create(const std::string& role_name, const std::string& name) const {
  const bool server = role_name == "server";
  const auto role = peer_role(role_name);
  if (!server && !role) {
    return fail(ErrorCode::usage, fmt::format("\"{}\" is none of server, merchant, drone", role_name), "ROLE");
  }
  if (auto fits = check_name(name); !fits) return fits;
  if (!server && name == "server") return fail(ErrorCode::usage, "that name is the server's own", "NAME");
  if (fs::exists(dir_ / (name + ".key")) || fs::exists(dir_ / (name + ".key_secret")) ||
      fs::exists(authorized(PeerRole::merchant, name)) || fs::exists(authorized(PeerRole::drone, name)) ||
      (role == PeerRole::drone && fs::exists(authorized(PeerRole::merchant, name, ".token")))) {
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

Expected<fs::path> KeyStore::create_token(const std::string& merchant) const {
  if (auto fits = check_name(merchant); !fits) return Unexpected(fits.error());
  const fs::path file = dir_ / (merchant + ".token");
  const fs::path live = authorized(PeerRole::merchant, merchant, ".token");
  if (fs::exists(authorized(PeerRole::drone, merchant)) || merchant == "server")
    return fail(ErrorCode::conflict, "that name is not a merchant's", merchant);
  if (fs::exists(file) || fs::exists(live)) {
    return fail(ErrorCode::conflict,
                fmt::format("has a token in {}; swiftlet keys revoke {} --token first", dir_.string(), merchant),
                merchant);
  }
  std::error_code error;
  fs::create_directories(live.parent_path(), error);
  if (error) return refused(error, live.parent_path());
  const std::string token = make_secret("swt");
  if (auto written = write_line(file, token, 0600); !written) return Unexpected(written.error());
  const fs::path unfinished = fs::path(live).replace_extension(".new");
  if (auto written = write_line(unfinished, TokenHash::of(token).text(), 0644); !written)
    return Unexpected(written.error());
  fs::rename(unfinished, live, error);
  if (error) return refused(error, live);
  return file;
}

Expected<fs::path> KeyStore::create_webhook_secret(const std::string& merchant) const {
  if (auto fits = check_name(merchant); !fits) return Unexpected(fits.error());
  const fs::path file = dir_ / (merchant + ".webhook_secret");
  if (fs::exists(file)) return fail(ErrorCode::conflict, "is there already; delete it first", file.string());
  std::error_code error;
  fs::create_directories(dir_, error);
  if (error) return refused(error, dir_);
  if (auto written = write_line(file, make_secret("whsec"), 0600); !written) return Unexpected(written.error());
  return file;
}

Expected<std::vector<fs::path>> KeyStore::clear_unfinished(const std::string& name, What what) const {
  std::vector<fs::path> left;
  // Only where keys are let in: elsewhere such a file is its owner's own.
  if (!fs::is_directory(dir_ / "authorized") || name == "server") return left;
  for (const PeerRole role : {PeerRole::merchant, PeerRole::drone}) left.push_back(authorized(role, name, ".new"));
  if (!fs::exists(authorized(PeerRole::merchant, name, ".token"))) left.push_back(dir_ / (name + ".token"));
  const bool has_key =
      fs::exists(authorized(PeerRole::merchant, name)) || fs::exists(authorized(PeerRole::drone, name));
  if (what == What::key_and_token && !has_key) {
    left.push_back(dir_ / (name + ".key"));
    left.push_back(dir_ / (name + ".key_secret"));
  }
  std::vector<fs::path> cleared;
  for (const fs::path& file : left) {
    std::error_code error;
    const bool was_there = fs::remove(file, error);
    if (error) return refused(error, file);
    if (was_there) cleared.push_back(file);
  }
  return cleared;
}

Expected<KeyStore::Revoked> KeyStore::revoke(const std::string& name, What what) const {
  if (!is_key_name(name)) return fail(ErrorCode::not_found, "is no name of a key", name);
  for (const PeerRole role : {PeerRole::merchant, PeerRole::drone}) {
    Revoked revoked{.peer = {role, name}, .records = {}, .unfinished = {}};
    for (const std::string extension : {".key", ".token"}) {
      const fs::path live = authorized(role, name, extension);
      if (!fs::exists(live) || (what == What::token && extension != ".token")) continue;
      const auto seconds =
          std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()).time_since_epoch();
      const fs::path record = dir_ / "revoked" / std::string(dispatch::name(role)) /
                              fmt::format("{}-{}{}", name, seconds.count(), extension);
      std::error_code error;
      fs::create_directories(record.parent_path(), error);
      if (!error) fs::rename(live, record, error);
      if (error) return refused(error, live);
      for (const std::string half : {"", "_secret"}) fs::remove(dir_ / (name + extension + half), error);
      revoked.records.push_back(record);
    }
    if (revoked.records.empty()) continue;
    auto unfinished = clear_unfinished(name, what);
    if (!unfinished) return Unexpected(unfinished.error());
    revoked.unfinished = std::move(*unfinished);
    return revoked;
  }
  auto unfinished = clear_unfinished(name, what);
  if (!unfinished) return Unexpected(unfinished.error());
  if (!unfinished->empty())
    return Revoked{.peer = {PeerRole::merchant, name}, .records = {}, .unfinished = *unfinished};
  return fail(ErrorCode::not_found, fmt::format("nothing of that name is let in by {}", dir_.string()), name);
}

Expected<std::vector<KeyStore::Entry>> KeyStore::list() const {
  if (!fs::is_directory(dir_)) return fail(ErrorCode::file_not_found, "there is no such folder of keys", dir_.string());
  std::vector<Entry> entries;
  const KeyRing ring = KeyRing::read(dir_);
  for (const auto& [public_key, peer] : ring.owners()) {
    entries.push_back({.peer = peer, .public_key = public_key});
  }
  for (const auto& [merchant, hash] : ring.tokens())
    entries.push_back({.peer = {PeerRole::merchant, merchant}, .public_key = hash.text()});
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.peer.role, a.peer.name, a.public_key) < std::tie(b.peer.role, b.peer.name, b.public_key);
  });
  return entries;
}

}  // namespace swiftlet::dispatch
