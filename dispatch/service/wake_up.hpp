#pragma once

namespace swiftlet::dispatch {

/// A file descriptor that other threads and signal handlers make readable, to end a wait.
class WakeUp {
 public:
  WakeUp();
  ~WakeUp();
  WakeUp(const WakeUp&) = delete;
  WakeUp& operator=(const WakeUp&) = delete;

  [[nodiscard]] int fd() const { return fd_; }
  void signal() const noexcept;  ///< async-signal-safe
  void clear() const noexcept;

 private:
  int fd_;
};

}  // namespace swiftlet::dispatch
