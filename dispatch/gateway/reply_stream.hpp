#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>

namespace swiftlet::dispatch {

/// What follows a reply's head for as long as both sides want it: text in its order, bounded. Whoever makes the reply
/// offers, the server writes. Safe from any thread.
class ReplyStream {
 public:
  /// False if nothing was taken, because the client does not read and too much waits. True if it was, or if the stream
  /// has ended and nothing is to be waited for.
  [[nodiscard]] bool offer(const std::string& text);
  [[nodiscard]] bool is_open() const;
  /// No more comes; what waits is dropped, the connection closed.
  void end();
  /// No more comes; what waits is written, then the connection is closed.
  void finish();

  // The server's side.
  /// `wake` is called whenever there is something to write, or the stream has ended. Once at once.
  void attach(std::function<void()> wake);
  /// All that waits; empty if nothing does.
  [[nodiscard]] std::string take();

 private:
  void wake() const;

  mutable std::mutex mutex_;
  std::string waiting_;
  bool open_ = true;
  std::function<void()> wake_;
};

}  // namespace swiftlet::dispatch
