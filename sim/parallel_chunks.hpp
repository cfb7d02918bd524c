#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace swiftlet::sim {

/// Calls work(begin, end) for chunks of [0, count) on that many threads, this one included. Which thread takes which
/// chunk is left to chance, so work must depend on its indices alone. The first exception that comes out of it comes
/// out of this call, once all threads have ended; no chunk is begun after it.
template <class Work>
void parallel_chunks(std::size_t count, std::size_t chunk, unsigned threads, Work&& work) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;
  const auto run = [&] {
    try {
      for (std::size_t begin = next.fetch_add(chunk); begin < count; begin = next.fetch_add(chunk)) {
        work(begin, std::min(begin + chunk, count));
      }
    } catch (...) {
      next = count;
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    for (unsigned t = 1; t < threads && t * chunk < count; ++t) others.emplace_back(run);
    run();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace swiftlet::sim
