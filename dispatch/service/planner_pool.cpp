#include "dispatch/service/planner_pool.hpp"

#include <algorithm>
#include <utility>

#include "planner/planner.hpp"

namespace swiftlet::dispatch {

PlannerPool::PlannerPool(MakePlanner make, std::map<std::string, planner::VehicleProfile> profiles, int threads,
                         const WakeUp& wake_up)
    : profiles_(std::move(profiles)), wake_up_(wake_up) {
  wanted_ = std::move(make);
  for (int i = 0; i < std::max(threads, 1); ++i) threads_.emplace_back([this] { work(); });
}

void PlannerPool::renew(MakePlanner make) {
  {
    const std::lock_guard lock(mutex_);
    planner_.reset();
    wanted_ = std::move(make);
  }
  changed_.notify_all();
}

void PlannerPool::make_planner(const MakePlanner& make) {
  auto made = make();
  {
    const std::lock_guard lock(mutex_);
    if (!made) {
      failure_ = made.error();
    } else if (!wanted_) {  // else it has been overtaken already
      planner_ = *made;
    }
  }
  changed_.notify_all();
  wake_up_.signal();
}

PlannerPool::~PlannerPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void PlannerPool::submit(std::vector<PlanJob> jobs) {
  if (jobs.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    for (PlanJob& job : jobs) (job.urgent ? urgent_ : jobs_).push_back(std::move(job));
  }
  changed_.notify_all();
}

std::vector<PlanAnswer> PlannerPool::take_answers() {
  const std::lock_guard lock(mutex_);
  return std::exchange(answers_, {});
}

std::optional<Error> PlannerPool::failure() {
  const std::lock_guard lock(mutex_);
  return failure_;
}

std::optional<PlannerPool::Task> PlannerPool::next_job() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(
        lock, [this] { return stopping_ || failure_ || wanted_ || (planner_ && !(jobs_.empty() && urgent_.empty())); });
    if (stopping_ || failure_) return std::nullopt;
    if (!wanted_) break;
    const MakePlanner make = *std::exchange(wanted_, std::nullopt);
    lock.unlock();
    make_planner(make);
    lock.lock();
  }
  std::deque<PlanJob>& queue = urgent_.empty() ? jobs_ : urgent_;
  Task task{.job = std::move(queue.front()), .planner = planner_};
  queue.pop_front();
  return task;
}

void PlannerPool::work() {
  while (auto task = next_job()) {
    const PlanJob& job = task->job;
    PlanAnswer answer{.job = job.id, .route = task->planner->plan(job.request, profiles_.at(job.vehicle))};
    answer.route.id = job.request.id;
    {
      const std::lock_guard lock(mutex_);
      answers_.push_back(std::move(answer));
    }
    wake_up_.signal();
  }
}

}  // namespace swiftlet::dispatch
