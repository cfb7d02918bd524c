#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace swiftlet::planner {

/// Thrown by what is being made when nobody waits for it any more.
struct Abandoned : std::exception {
  [[nodiscard]] const char* what() const noexcept override { return "preparation was given up"; }
};

/// Something that takes a while to make, made once, when it is first asked for. Who has no deadline makes it himself;
/// for who has one a thread makes it, which goes on for the next to ask when the first has given up. An exception of
/// the maker comes out of every get. Safe to use from any number of threads.
template <class T>
class Prepared {
 public:
  using Clock = std::chrono::steady_clock;
  /// `make` is handed a flag to look at between its steps: once it is set it throws Abandoned.
  using Make = std::function<T(const std::atomic<bool>& given_up)>;

  explicit Prepared(Make make) : make_(std::move(make)) {}
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;
  ~Prepared() { given_up_ = true; }  // the thread is joined after

  [[nodiscard]] const T& get() const {
    std::unique_lock lock(mutex_);
    if (state_ == State::untouched) {
      state_ = State::being_made;
      lock.unlock();
      run();
      lock.lock();
    }
    done_.wait(lock, [&] { return state_ == State::done; });
    return made();
  }

  /// Null where it is not ready by then.
  [[nodiscard]] const T* get_by(const std::optional<Clock::time_point>& stop_at) const {
    if (!stop_at) return &get();
    std::unique_lock lock(mutex_);
    if (state_ == State::untouched) {
      state_ = State::being_made;
      maker_ = std::jthread([this] { run(); });
    }
    if (!done_.wait_until(lock, *stop_at, [&] { return state_ == State::done; })) return nullptr;
    return &made();
  }

  /// Has what is being made, or is asked for from now on, end as Abandoned. For who is about to drop it.
  void give_up() const { given_up_ = true; }

  [[nodiscard]] bool ready() const {
    const std::lock_guard lock(mutex_);
    return state_ == State::done && !failure_;
  }

 private:
  enum class State { untouched, being_made, done };

  void run() const {
    std::optional<T> value;
    std::exception_ptr failure;
    try {
      value.emplace(make_(given_up_));
    } catch (...) {
      failure = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    value_ = std::move(value);
    failure_ = failure;
    state_ = State::done;
    done_.notify_all();
  }

  [[nodiscard]] const T& made() const {
    if (failure_) std::rethrow_exception(failure_);
    return *value_;
  }

  Make make_;
  mutable std::mutex mutex_;
  mutable std::condition_variable done_;
  mutable State state_ = State::untouched;
  mutable std::optional<T> value_;
  mutable std::exception_ptr failure_;
  mutable std::atomic<bool> given_up_{false};
  mutable std::jthread maker_;  ///< last: it uses all of the above
};

}  // namespace swiftlet::planner
