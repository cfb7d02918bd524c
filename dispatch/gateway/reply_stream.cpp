#include "dispatch/gateway/reply_stream.hpp"

#include <utility>

namespace swiftlet::dispatch {
namespace {

constexpr std::size_t kMostWaiting = 256 * 1024;

}  // namespace

void ReplyStream::wake() const {
  std::function<void()> call;
  {
    const std::lock_guard lock(mutex_);
    call = wake_;
  }
  if (call) call();
}

bool ReplyStream::offer(const std::string& text) {
  {
    const std::lock_guard lock(mutex_);
    if (!open_) return true;
    if (!waiting_.empty() && waiting_.size() + text.size() > kMostWaiting) return false;
    waiting_ += text;
  }
  wake();
  return true;
}

bool ReplyStream::is_open() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

void ReplyStream::end() {
  {
    const std::lock_guard lock(mutex_);
    open_ = false;
    waiting_.clear();
  }
  wake();
}

void ReplyStream::finish() {
  {
    const std::lock_guard lock(mutex_);
    open_ = false;
  }
  wake();
}

void ReplyStream::attach(std::function<void()> wake) {
  {
    const std::lock_guard lock(mutex_);
    wake_ = std::move(wake);
  }
  this->wake();
}

std::string ReplyStream::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(waiting_, {});
}

}  // namespace swiftlet::dispatch
