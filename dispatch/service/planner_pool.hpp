#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "dispatch/core/effects.hpp"
#include "dispatch/service/wake_up.hpp"
#include "geo/error.hpp"
#include "planner/vehicle.hpp"

namespace swiftlet::planner {
class Planner;
}

namespace swiftlet::dispatch {

/// Answers plan jobs on threads of its own, urgent ones first. The planner itself is made on the first of these
/// threads, so that a service answers while the referee still reads its sources.
class PlannerPool {
 public:
  using MakePlanner = std::function<Expected<std::shared_ptr<const planner::Planner>>()>;

  PlannerPool(MakePlanner make, std::map<std::string, planner::VehicleProfile> profiles, int threads,
              const WakeUp& wake_up);
  ~PlannerPool();
  PlannerPool(const PlannerPool&) = delete;
  PlannerPool& operator=(const PlannerPool&) = delete;

  void submit(std::vector<PlanJob> jobs);
  /// From now on jobs wait for another planner. Those under way are still answered by the one before.
  void change_planner(MakePlanner make);
  [[nodiscard]] std::vector<PlanAnswer> take_answers();
  /// Why there is no planner, if it could not be made.
  [[nodiscard]] std::optional<Error> failure();

 private:
  void work();
  /// Makes the planner that is wanted, if one is; called with the lock held, which it lets go meanwhile.
  void make_planner(std::unique_lock<std::mutex>& lock);
  /// Has a new planner make ahead what its first jobs would wait for, until one comes.
  void warm_up(const planner::Planner& planner);
  struct Work {
    PlanJob job;
    std::shared_ptr<const planner::Planner> planner;
  };
  [[nodiscard]] std::optional<Work> next_job();

  const std::map<std::string, planner::VehicleProfile> profiles_;
  const WakeUp& wake_up_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<PlanJob> jobs_;
  std::deque<PlanJob> urgent_;
  std::vector<PlanAnswer> answers_;
  MakePlanner make_;  ///< of the planner that is wanted; empty: there is one, or one is being made
  std::uint64_t made_ = 0;
  std::shared_ptr<const planner::Planner> planner_;
  std::optional<Error> failure_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace swiftlet::dispatch
