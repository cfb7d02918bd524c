#include "maps/intake/landlock.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace swiftlet::maps {
namespace {

// glibc has no wrappers for these.
int create_ruleset(const landlock_ruleset_attr* attr, std::size_t size, unsigned flags) {
  return static_cast<int>(::syscall(SYS_landlock_create_ruleset, attr, size, flags));
}
int add_rule(int ruleset, const landlock_path_beneath_attr& rule) {
  return static_cast<int>(::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0U));
}
int restrict_self(int ruleset) { return static_cast<int>(::syscall(SYS_landlock_restrict_self, ruleset, 0U)); }

constexpr std::uint64_t kChanging = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                    LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                                    LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                                    LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                                    LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;

/// Closes what it holds.
struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

std::optional<std::string> allow(int ruleset, const char* path, std::uint64_t access) {
  const Descriptor place{::open(path, O_PATH | O_CLOEXEC)};
  if (place.fd < 0 || add_rule(ruleset, {.allowed_access = access, .parent_fd = place.fd}) != 0) {
    return std::string(path) + ": " + std::strerror(errno);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> forbid_writing_outside(const std::optional<std::filesystem::path>& writable) {
  const landlock_ruleset_attr attr{.handled_access_fs = kChanging | LANDLOCK_ACCESS_FS_EXECUTE};
  const Descriptor ruleset{create_ruleset(&attr, sizeof attr, 0)};
  if (ruleset.fd < 0) return std::strerror(errno);
  if (writable) {
    if (auto why = allow(ruleset.fd, writable->c_str(), kChanging)) return why;
  }
  if (auto why = allow(ruleset.fd, "/dev/null", LANDLOCK_ACCESS_FS_WRITE_FILE)) return why;
  if (restrict_self(ruleset.fd) != 0) return std::strerror(errno);
  return std::nullopt;
}

}  // namespace swiftlet::maps
