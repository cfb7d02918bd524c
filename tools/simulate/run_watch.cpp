#include "tools/simulate/run_watch.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <csignal>

namespace swiftlet::tools {
namespace {

std::atomic<bool> stop_wanted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set from a signal handler");

constexpr auto kRedraw = std::chrono::milliseconds(250);
constexpr int kBar = 30;

}  // namespace

RunWatch::RunWatch(std::string what, bool quiet)
    : what_(std::move(what)),
      quiet_(quiet),
      shown_(!quiet && ::isatty(STDERR_FILENO) == 1),
      began_(std::chrono::steady_clock::now()),
      drawn_(began_) {
  stop_wanted = false;
  std::signal(SIGINT, [](int) { stop_wanted = true; });
  std::signal(SIGTERM, [](int) { stop_wanted = true; });
}

RunWatch::~RunWatch() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  if (shown_) fmt::print(stderr, "\r\x1b[K");
  if (interrupted() && !quiet_) {
    fmt::print(stderr, "swiftlet: {}: interrupted; results are of what was done until then\n", what_);
  }
}

const std::atomic<bool>& RunWatch::stop() const { return stop_wanted; }

void RunWatch::begin(std::size_t of) {
  of_ = of;
  began_ = drawn_ = std::chrono::steady_clock::now();
}

double RunWatch::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
}

void RunWatch::done(std::size_t now) {
  if (!shown_ || of_ == 0) return;
  const std::lock_guard lock(mutex_);
  const auto clock = std::chrono::steady_clock::now();
  if (clock - drawn_ < kRedraw) return;
  drawn_ = clock;
  const double share = static_cast<double>(now) / static_cast<double>(of_);
  const double left_s = share > 0.0 ? seconds() * (1.0 - share) / share : 0.0;
  const auto full = static_cast<std::size_t>(share * kBar);
  fmt::print(stderr, "\r\x1b[K{} [{:<{}}] {:3.0f} %, {:.0f} s left", what_, std::string(full, '#'), kBar, 100.0 * share,
             left_s);
  std::fflush(stderr);
}

}  // namespace swiftlet::tools
