#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>

namespace swiftlet::tools {

/// A long run under the user's eye: Ctrl-C stops it in good order, and on a terminal a bar tells how much is done and
/// how much time is left. At the end it says if it was interrupted. One at a time.
class RunWatch {
 public:
  /// From here on Ctrl-C is taken, during preparations too.
  RunWatch(std::string what, bool quiet);
  ~RunWatch();
  RunWatch(const RunWatch&) = delete;
  RunWatch& operator=(const RunWatch&) = delete;

  /// What was prepared begins: so much is to be done.
  void begin(std::size_t of);
  /// Safe from any thread.
  void done(std::size_t now);
  [[nodiscard]] const std::atomic<bool>& stop() const;
  [[nodiscard]] bool interrupted() const { return stop().load(); }
  [[nodiscard]] double seconds() const;

 private:
  std::string what_;
  bool quiet_;
  std::size_t of_ = 0;
  bool shown_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point began_;
  std::chrono::steady_clock::time_point drawn_;
};

}  // namespace swiftlet::tools
