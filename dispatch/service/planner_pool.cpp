#include "dispatch/service/planner_pool.hpp"

#include <exception>
#include <utility>

#include "planner/planner.hpp"

namespace swiftlet::dispatch {

PlannerPool::PlannerPool(MakePlanner make, std::map<std::string, planner::VehicleProfile> profiles, int threads,
                         const WakeUp& wake_up)
    : profiles_(std::move(profiles)), wake_up_(wake_up), make_(std::move(make)) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

void PlannerPool::change_planner(MakePlanner make) {
  {
    const std::lock_guard lock(mutex_);
    make_ = std::move(make);
    planner_.reset();
  }
  changed_.notify_all();
}

void PlannerPool::make_planner(std::unique_lock<std::mutex>& lock) {
  const MakePlanner make = std::exchange(make_, {});
  const std::uint64_t number = ++made_;
  lock.unlock();
  auto made = make();
  lock.lock();
  if (number != made_ || make_) return;  // another one has been asked for meanwhile
  if (made) {
    planner_ = *made;
  } else {
    failure_ = made.error();
  }
  changed_.notify_all();
  wake_up_.signal();
  if (!made || profiles_.empty()) return;
  lock.unlock();
  warm_up(**made);
  lock.lock();
}

void PlannerPool::warm_up(const planner::Planner& planner) {
  planner::PlanRequest like;
  like.depart = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  like.policy = planner.airspace().policy;
  try {
    planner.prepare(like, profiles_.begin()->second, [this] {
      const std::lock_guard lock(mutex_);
      return !stopping_ && !make_ && jobs_.empty() && urgent_.empty();
    });
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch)
    // A damaged airspace, or no memory: each plan that meets it says so.
  }
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

std::optional<PlannerPool::Work> PlannerPool::next_job() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(
        lock, [this] { return stopping_ || failure_ || make_ || (planner_ && !(jobs_.empty() && urgent_.empty())); });
    if (stopping_ || failure_) return std::nullopt;
    if (!make_) break;
    make_planner(lock);
  }
  std::deque<PlanJob>& queue = urgent_.empty() ? jobs_ : urgent_;
  PlanJob job = std::move(queue.front());
  queue.pop_front();
  return Work{.job = std::move(job), .planner = planner_};
}

void PlannerPool::work() {
  while (auto work = next_job()) {
    const PlanJob& job = work->job;
    PlanAnswer answer = answer_to(job, work->planner->plan(job.request, profiles_.at(job.vehicle)));
    {
      const std::lock_guard lock(mutex_);
      answers_.push_back(std::move(answer));
    }
    wake_up_.signal();
  }
}

}  // namespace swiftlet::dispatch
