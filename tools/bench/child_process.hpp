#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace swiftlet::tools {

/// This very program, started again with other arguments, as a process of its own. It is killed with this value.
class ChildProcess {
 public:
  /// Standard output is read by next_line(); standard error goes to ours if `loud`.
  ChildProcess(std::vector<std::string> arguments, bool loud);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Nothing once the time is over or the child has closed its output.
  [[nodiscard]] std::optional<std::string> next_line(std::chrono::milliseconds at_most);
  /// SIGKILL, and waits for its end.
  void kill_now();

 private:
  pid_t pid_ = -1;
  int output_ = -1;
  std::string read_;
};

}  // namespace swiftlet::tools
