#include "maps/fresh_directory.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace swiftlet::maps {
namespace {

namespace fs = std::filesystem;

Expected<void> refused(const char* what, const fs::path& where) {
  return fail(ErrorCode::output_refused, fmt::format("{}: {}", what, std::strerror(errno)), where.string());
}

int open_directory(const fs::path& dir) { return ::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }

Expected<void> sync(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool done = descriptor >= 0 && ::fsync(descriptor) == 0;
  const int reason = errno;
  if (descriptor >= 0) ::close(descriptor);
  errno = reason;
  if (!done) return refused("cannot be brought to disk", path);
  return {};
}

/// Everything in a directory, then the directory itself.
Expected<void> sync_tree(const fs::path& dir) {
  std::error_code ec;
  fs::recursive_directory_iterator entries(dir, ec);
  for (const fs::directory_entry& entry : entries) {
    if (const auto done = sync(entry.path()); !done) return done;
  }
  if (ec) return fail(ErrorCode::output_refused, "cannot be read again: " + ec.message(), dir.string());
  return sync(dir);
}

std::string prefix_beside(const fs::path& target) { return target.filename().string() + ".new-"; }

/// Takes away what killed builds have left: directories that nobody holds a lock on.
void sweep(const fs::path& target) {
  std::error_code ec;
  for (const fs::directory_entry& entry : fs::directory_iterator(target.parent_path(), ec)) {
    if (!entry.path().filename().string().starts_with(prefix_beside(target)) || !entry.is_directory(ec)) continue;
    const int descriptor = open_directory(entry.path());
    if (descriptor < 0) continue;
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) fs::remove_all(entry.path(), ec);
    ::close(descriptor);
  }
}

}  // namespace

Expected<FreshDirectory> FreshDirectory::beside(const fs::path& given) {
  std::error_code ec;
  // A bare name has no parent, and a path that ends in a slash no name of its own.
  fs::path target = fs::absolute(given, ec).lexically_normal();
  if (!target.has_filename()) target = target.parent_path();
  fs::create_directories(target.parent_path(), ec);
  sweep(target);
  std::string path = (target.parent_path() / (prefix_beside(target) + "XXXXXX")).string();
  if (::mkdtemp(path.data()) == nullptr) return Unexpected(refused("cannot be created", path).error());
  const int descriptor = open_directory(path);
  if (descriptor < 0 || ::flock(descriptor, LOCK_EX | LOCK_NB) != 0 || ::fchmod(descriptor, 0755) != 0) {
    const auto error = refused("cannot be locked", path).error();
    if (descriptor >= 0) ::close(descriptor);
    fs::remove_all(path, ec);
    return Unexpected(error);
  }
  return FreshDirectory(target, path, descriptor);
}

FreshDirectory::FreshDirectory(FreshDirectory&& other) noexcept
    : target_(std::move(other.target_)), path_(std::move(other.path_)), descriptor_(other.descriptor_) {
  other.descriptor_ = -1;
}

FreshDirectory::~FreshDirectory() {
  if (descriptor_ < 0) return;
  std::error_code ec;
  fs::remove_all(path_, ec);  // after a swap it is the older airspace that lies here
  ::close(descriptor_);
}

Expected<void> FreshDirectory::put_in_place() {
  if (const auto done = sync_tree(path_); !done) return done;
  std::error_code ec;
  if (!fs::exists(target_, ec)) {
    if (::rename(path_.c_str(), target_.c_str()) != 0) return refused("cannot be moved into place", target_);
    return sync(target_.parent_path());
  }
  if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target_.c_str(), RENAME_EXCHANGE) != 0) {
    return refused("cannot take the place of the older airspace there (remove that first)", target_);
  }
  return sync(target_.parent_path());
}

}  // namespace swiftlet::maps
