#pragma once

#include <pybind11/pybind11.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <future>

namespace swiftlet::python {

/// What a long run looks at, and what it tells: from any thread.
struct RunState {
  std::atomic<bool> stop{false};
  std::atomic<double> share{0.0};  ///< done, from 0 to 1
};

/// Runs work(RunState&) beside the calling thread, which holds no GIL meanwhile but to look for signals (Ctrl-C) and to
/// tell `progress` (None, or called with the share that is done). What either of them raises stops the run and is
/// raised once the run has ended. Precondition: the GIL is held, and `work` touches no Python object.
template <class Work>
auto watched_run(const pybind11::object& progress, Work&& work) {
  RunState state;
  auto result = std::async(std::launch::async, [&] { return work(state); });
  std::exception_ptr raised;
  {
    const pybind11::gil_scoped_release others_run;
    double told = -1.0;
    while (result.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready) {
      if (raised) continue;
      const pybind11::gil_scoped_acquire held;
      try {
        if (PyErr_CheckSignals() != 0) throw pybind11::error_already_set();
        if (const double share = state.share; !progress.is_none() && share != told) progress(told = share);
      } catch (...) {
        raised = std::current_exception();
        state.stop = true;
      }
    }
  }
  if (raised) std::rethrow_exception(raised);
  return result.get();
}

}  // namespace swiftlet::python
