#include "maps/intake/confinement.hpp"

#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "maps/intake/landlock.hpp"

namespace swiftlet::maps {
namespace {

using Missing = std::optional<std::string>;

constexpr const char* kNetworkNamespace = "network namespace";
constexpr const char* kSystemCalls = "system call filter";

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kShadowMemory = true;
#else
constexpr bool kShadowMemory = false;
#endif

Missing limit(int resource, std::uint64_t value, std::uint64_t grace = 0) {
  rlimit now{};
  if (::getrlimit(static_cast<__rlimit_resource_t>(resource), &now) != 0) return std::strerror(errno);
  rlimit wanted{.rlim_cur = std::min<rlim_t>(value, now.rlim_max),
                .rlim_max = std::min<rlim_t>(value + grace, now.rlim_max)};
  if (::setrlimit(static_cast<__rlimit_resource_t>(resource), &wanted) != 0) return std::strerror(errno);
  return std::nullopt;
}

Missing limit_memory(std::uint64_t bytes) {
  if (kShadowMemory) return "a sanitizer needs all of the address space";
  return limit(RLIMIT_AS, bytes);
}

/// A network namespace with nothing in it. Root's own first: a user namespace would cost it the right to read files of
/// others.
Missing leave_network() {
  if (::unshare(CLONE_NEWNET) == 0 || ::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0) return std::nullopt;
  return std::strerror(errno);
}

/// Everything is allowed but what reading and writing files never needs.
Missing filter_system_calls() {
  constexpr std::array kForbidden{
      // the network
      "socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "sendmmsg",
      // other programs and processes
      "execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev", "kill", "tkill",
      "pidfd_send_signal", "pidfd_getfd",
      // the kernel's larger doors
      "io_uring_setup", "bpf", "perf_event_open", "userfaultfd", "keyctl", "add_key", "request_key", "mount", "umount2",
      "move_mount", "open_tree", "fsopen", "pivot_root", "chroot", "unshare", "setns", "init_module", "finit_module",
      "kexec_load", "reboot", "swapon", "mknod", "mknodat", "settimeofday", "clock_settime"};
  const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  if (filter == nullptr) return "libseccomp cannot be started";
  int status = 0;
  for (const char* name : kForbidden) {
    const int call = seccomp_syscall_resolve_name(name);
    if (call != __NR_SCMP_ERROR && status == 0) status = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0);
  }
  // glibc tries clone3 first, whose flags no filter can read, and then clone: threads are welcome, processes are not.
  if (status == 0) status = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
  if (status == 0) {
    status = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                              SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
  }
  if (status == 0) status = seccomp_load(filter);
  seccomp_release(filter);
  if (status != 0) return std::strerror(-status);
  return std::nullopt;
}

/// GDAL, PROJ and SQLite ask the environment; what they read there must not lead to a network or a plug-in.
void set_environment(const std::optional<std::filesystem::path>& writable) {
  ::setenv("PROJ_NETWORK", "OFF", 1);
  ::setenv("GDAL_DRIVER_PATH", "disable", 1);
  ::unsetenv("GDAL_PYTHON_DRIVER_PATH");
  ::unsetenv("OGR_SQLITE_LOAD_EXTENSIONS");
  if (!writable) return;
  for (const char* name : {"TMPDIR", "CPL_TMPDIR", "SQLITE_TMPDIR"}) ::setenv(name, writable->c_str(), 1);
}

}  // namespace

std::vector<ConfinementLayer> confine_this_process(const ReadingLimits& limits) {
  set_environment(limits.writable);
  ::prctl(PR_SET_DUMPABLE, 0);
  (void)limit(RLIMIT_CORE, 0);
  std::vector<ConfinementLayer> layers;
  layers.push_back({"memory limit", limit_memory(limits.memory_bytes)});
  layers.push_back(
      {"processor time limit", limit(RLIMIT_CPU, static_cast<std::uint64_t>(limits.processor.count()), 5)});
  layers.push_back({"file size limit", limit(RLIMIT_FSIZE, limits.file_bytes)});
  layers.push_back({kNetworkNamespace, leave_network()});
  const bool no_new_privs = ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
  layers.push_back({"no new privileges", no_new_privs ? Missing() : Missing(std::strerror(errno))});
  layers.push_back({"write protection", forbid_writing_outside(limits.writable)});
  layers.push_back({kSystemCalls, filter_system_calls()});
  return layers;
}

bool network_is_open(const std::vector<ConfinementLayer>& layers) {
  return std::none_of(layers.begin(), layers.end(), [](const ConfinementLayer& layer) {
    return (layer.name == kNetworkNamespace || layer.name == kSystemCalls) && !layer.missing;
  });
}

}  // namespace swiftlet::maps
