#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "dispatch/core/sortie_times.hpp"

namespace swiftlet::dispatch {

/// The drones of each base in the order in which they are free: whoever is wanted from a base, it is the first that
/// may.
class BaseQueues {
 public:
  /// `free_s` by drone, in seconds from now; nothing: out of service. Precondition: `bases` outlives it.
  BaseQueues(const std::vector<Base>& bases, std::vector<std::optional<double>> free_s);

  /// Indices of drones, soonest free first, equal ones by index.
  [[nodiscard]] const std::vector<std::size_t>& of(std::size_t base) const { return queues_[base]; }
  [[nodiscard]] std::size_t base_of(std::size_t drone) const { return base_of_[drone]; }
  [[nodiscard]] bool in_service(std::size_t drone) const { return free_s_[drone].has_value(); }
  /// Precondition: in service.
  [[nodiscard]] double free_s(std::size_t drone) const { return *free_s_[drone]; }
  /// The drone is free then, and takes its place among the others.
  void set_free(std::size_t drone, double free_s);

 private:
  [[nodiscard]] bool before(std::size_t a, std::size_t b) const;

  std::vector<std::optional<double>> free_s_;
  std::vector<std::size_t> base_of_;
  std::vector<std::vector<std::size_t>> queues_;
};

}  // namespace swiftlet::dispatch
