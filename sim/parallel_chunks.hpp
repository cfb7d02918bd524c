#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace swiftlet::sim {

/// Calls work(begin, end) for chunks of [0, count) on that many threads, this one included. Which thread takes which
/// chunk is left to chance, so work must depend on its indices alone. An exception in a thread ends the program.
template <class Work>
void parallel_chunks(std::size_t count, std::size_t chunk, unsigned threads, Work&& work) {
  std::atomic<std::size_t> next{0};
  const auto run = [&] {
    for (std::size_t begin = next.fetch_add(chunk); begin < count; begin = next.fetch_add(chunk)) {
      work(begin, std::min(begin + chunk, count));
    }
  };
  std::vector<std::jthread> others;
  for (unsigned t = 1; t < threads && t * chunk < count; ++t) others.emplace_back(run);
  run();
}

}  // namespace swiftlet::sim
