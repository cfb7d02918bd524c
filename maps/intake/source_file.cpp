#include "maps/intake/source_file.hpp"

#include <fmt/core.h>
#include <unistd.h>

namespace swiftlet::maps {
namespace {

namespace fs = std::filesystem;

std::function<void(const fs::path&)>& watcher_of_this_process() {
  static std::function<void(const fs::path&)> watcher;
  return watcher;
}

const char* what_it_is(fs::file_type type) {
  switch (type) {
    case fs::file_type::directory:
      return "is a directory";
    case fs::file_type::fifo:
      return "is a pipe";
    case fs::file_type::socket:
      return "is a socket";
    case fs::file_type::block:
    case fs::file_type::character:
      return "is a device";
    default:
      return "is no regular file";
  }
}

}  // namespace

void watch_sources(std::function<void(const fs::path&)> watcher) { watcher_of_this_process() = std::move(watcher); }

void end_sources() {
  if (const auto& watcher = watcher_of_this_process()) watcher({});
}

Expected<void> begin_source(const fs::path& file) {
  if (const auto& watcher = watcher_of_this_process()) watcher(file);
  std::error_code ec;
  const fs::file_status status = fs::status(file, ec);
  if (status.type() == fs::file_type::not_found) {
    const bool link = fs::is_symlink(file, ec);
    return fail(ErrorCode::file_not_found, link ? "is a link that leads nowhere" : "there is no such file",
                file.string());
  }
  if (status.type() == fs::file_type::none) {
    return fail(ErrorCode::file_not_found, "cannot be looked at: " + ec.message(), file.string());
  }
  if (status.type() != fs::file_type::regular) {
    return fail(ErrorCode::file_not_found, fmt::format("{}; expected a regular file", what_it_is(status.type())),
                file.string());
  }
  if (::access(file.c_str(), R_OK) != 0) {
    return fail(ErrorCode::file_unreadable, "may not be read; check its permissions", file.string());
  }
  if (fs::file_size(file, ec) == 0) return fail(ErrorCode::file_unreadable, "is empty (0 bytes)", file.string());
  return {};
}

}  // namespace swiftlet::maps
