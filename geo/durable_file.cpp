#include "geo/durable_file.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace swiftlet {
namespace {

namespace fs = std::filesystem;

bool wrote(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return ::fsync(descriptor) == 0;
}

/// The rename itself is on disk.
void sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  (void)::fsync(descriptor);
  (void)::close(descriptor);
}

}  // namespace

Expected<void> write_durably(const fs::path& file, std::string_view bytes, unsigned mode) {
  const fs::path beside = file.string() + fmt::format(".{}.part", ::getpid());
  (void)::unlink(beside.c_str());  // of a process of this number that was killed
  const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  const bool whole = descriptor >= 0 && wrote(descriptor, bytes);
  int reason = whole ? 0 : errno;
  if (descriptor >= 0 && ::close(descriptor) != 0 && reason == 0) reason = errno;
  if (reason == 0 && ::rename(beside.c_str(), file.c_str()) != 0) reason = errno;
  if (reason == 0) {
    sync_folder(file.has_parent_path() ? file.parent_path() : fs::path("."));
    return {};
  }
  (void)::unlink(beside.c_str());
  return fail(ErrorCode::output_refused,
              "cannot be written: " + std::error_code(reason, std::generic_category()).message(), file.string());
}

}  // namespace swiftlet
