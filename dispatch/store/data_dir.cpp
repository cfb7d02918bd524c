#include "dispatch/store/data_dir.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace swiftlet::dispatch {

Expected<DataDir> DataDir::hold(const std::filesystem::path& path) {
  std::error_code ec;
  const bool is_new = std::filesystem::create_directories(path, ec);
  if (ec) return fail(ErrorCode::output_refused, ec.message(), path.string());
  if (is_new) std::filesystem::permissions(path, std::filesystem::perms::owner_all, ec);
  const std::string lock_file = (path / "lock").string();
  const int fd = ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) return fail(ErrorCode::output_refused, std::strerror(errno), lock_file);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    const int why = errno;
    ::close(fd);
    if (why == EWOULDBLOCK) {
      return fail(ErrorCode::store_unavailable, "another instance of the service holds this data directory",
                  path.string());
    }
    return fail(ErrorCode::output_refused, std::strerror(why), lock_file);
  }
  return DataDir(path, fd);
}

DataDir::DataDir(DataDir&& other) noexcept
    : path_(std::move(other.path_)), lock_fd_(std::exchange(other.lock_fd_, -1)) {}

DataDir::~DataDir() {
  if (lock_fd_ >= 0) ::close(lock_fd_);
}

}  // namespace swiftlet::dispatch
