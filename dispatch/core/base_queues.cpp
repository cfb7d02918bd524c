#include "dispatch/core/base_queues.hpp"

#include <algorithm>
#include <utility>

namespace swiftlet::dispatch {

BaseQueues::BaseQueues(const std::vector<Base>& bases, std::vector<std::optional<double>> free_s)
    : free_s_(std::move(free_s)), base_of_(free_s_.size()), queues_(bases.size()) {
  for (std::size_t b = 0; b < bases.size(); ++b) {
    for (const std::size_t drone : bases[b].drones) {
      base_of_[drone] = b;
      if (free_s_[drone]) queues_[b].push_back(drone);
    }
    std::sort(queues_[b].begin(), queues_[b].end(), [&](std::size_t a, std::size_t c) { return before(a, c); });
  }
}

bool BaseQueues::before(std::size_t a, std::size_t b) const {
  return std::pair(*free_s_[a], a) < std::pair(*free_s_[b], b);
}

void BaseQueues::set_free(std::size_t drone, double free_s) {
  auto& queue = queues_[base_of_[drone]];
  std::erase(queue, drone);
  free_s_[drone] = free_s;
  const auto place =
      std::lower_bound(queue.begin(), queue.end(), drone, [&](std::size_t a, std::size_t b) { return before(a, b); });
  queue.insert(place, drone);
}

}  // namespace swiftlet::dispatch
