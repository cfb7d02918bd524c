#include "geo/obstacles.hpp"

#include <atomic>

namespace swiftlet::geo {

struct Obstacles::State {
  std::vector<Obstacle> built;
  std::shared_ptr<const ObstacleTable> table;  ///< then `built` is empty
  /// What has been read from the table so far. The first to read one keeps it; it is never replaced.
  std::unique_ptr<std::atomic<const Obstacle*>[]> read;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    for (std::size_t k = 0; read && k < table->size(); ++k) delete read[k].load();
  }

  const Obstacle& from_table(std::size_t k) {
    const Obstacle* known = read[k].load(std::memory_order_acquire);
    if (known == nullptr) {
      auto fresh = std::make_unique<const Obstacle>(table->read(k));
      if (read[k].compare_exchange_strong(known, fresh.get(), std::memory_order_acq_rel)) known = fresh.release();
    }
    return *known;
  }
};

Obstacles::Obstacles() : state_(std::make_shared<State>()) {}

Obstacles::Obstacles(std::vector<Obstacle> obstacles) : Obstacles() { state_->built = std::move(obstacles); }

Obstacles::Obstacles(std::shared_ptr<const ObstacleTable> table) : Obstacles() {
  state_->read = std::make_unique<std::atomic<const Obstacle*>[]>(table->size());
  state_->table = std::move(table);
}

std::size_t Obstacles::size() const { return state_->table ? state_->table->size() : state_->built.size(); }

const Obstacle& Obstacles::operator[](std::size_t k) const {
  return state_->table ? state_->from_table(k) : state_->built[k];
}

void Obstacles::push_back(Obstacle obstacle) {
  if (state_->table || state_.use_count() > 1) {
    std::vector<Obstacle> copy;
    copy.reserve(size() + 1);
    for (const Obstacle& known : *this) copy.push_back(known);
    *this = Obstacles(std::move(copy));
  }
  state_->built.push_back(std::move(obstacle));
}

}  // namespace swiftlet::geo
