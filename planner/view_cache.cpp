#include "planner/view_cache.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "geo/policy_fields.hpp"
#include "geo/view_layers.hpp"

namespace swiftlet::planner {

std::string ViewCache::key(const geo::Airspace& airspace, const geo::ViewOptions& options) {
  std::string key;
  for (const geo::PolicyField& field : geo::policy_fields()) {
    // The battery's reserve and the hold do not touch geometry.
    if (field.member == &geo::Policy::energy_reserve_fraction || field.member == &geo::Policy::hold_s) continue;
    key += fmt::format("{:a},", options.policy.*field.member);
  }
  key += options.policy.fly_under ? "under," : "";
  for (std::size_t k = 0; k < airspace.zones.size(); ++k) {
    const geo::Geozone& zone = airspace.zones[k];
    if (!zone.blocks(options.authorisations) || !zone.active_within(options.from, options.to)) continue;
    key += fmt::format("{}{},", k, zone.active_throughout(options.from, options.to) ? "!" : "");
  }
  return key;
}

/// A view that is there and differs from one of that policy in nothing but zones and times, if any. With mutex_ held.
std::shared_ptr<const geo::AirspaceView> ViewCache::made_for_like_of(const geo::Policy& policy) const {
  for (const Entry& entry : entries_) {
    if (!entry.space->ready()) continue;
    const std::shared_ptr<const SearchSpace>& space = entry.space->get();
    if (geo::ViewLayers::same_layers(space->view->options().policy, policy)) return space->view;
  }
  return nullptr;
}

void ViewCache::drop_oldest() {
  for (auto it = entries_.end(); entries_.size() > kMostViews && it != entries_.begin();) {
    --it;
    // What is still being derived would have to be waited for.
    if (it != entries_.begin() && it->space->ready()) it = entries_.erase(it);
  }
}

std::shared_ptr<const SearchSpace> ViewCache::space(const geo::ViewOptions& options,
                                                    const SearchSpace::StopAt& stop_at) {
  const std::string wanted = key(*airspace_, options);
  Pending pending;
  {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.key == wanted; });
    if (found != entries_.end()) {
      entries_.splice(entries_.begin(), entries_, found);
    } else {
      const auto make = [airspace = airspace_, options, alike = made_for_like_of(options.policy)](
                            const std::atomic<bool>&) -> std::shared_ptr<const SearchSpace> {
        return std::make_shared<const SearchSpace>(
            alike ? std::make_shared<const geo::AirspaceView>(airspace, options, *alike)
                  : std::make_shared<const geo::AirspaceView>(airspace, options));
      };
      entries_.push_front({wanted, std::make_shared<const Prepared<std::shared_ptr<const SearchSpace>>>(make)});
      drop_oldest();
    }
    pending = entries_.front().space;
  }
  try {
    const std::shared_ptr<const SearchSpace>* made = pending->get_by(stop_at);
    return made != nullptr ? *made : nullptr;
  } catch (...) {
    const std::lock_guard lock(mutex_);
    entries_.remove_if([&](const Entry& e) { return e.space == pending; });
    throw;
  }
}

}  // namespace swiftlet::planner
