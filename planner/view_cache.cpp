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
    if (entry.space.wait_for(std::chrono::seconds(0)) != std::future_status::ready) continue;
    try {
      if (geo::ViewLayers::same_layers(entry.space.get()->view->options().policy, policy))
        return entry.space.get()->view;
    } catch (...) {  // whoever asked for that one has been told
      continue;
    }
  }
  return nullptr;
}

std::shared_ptr<const SearchSpace> ViewCache::space(const geo::ViewOptions& options) {
  const std::string wanted = key(*airspace_, options);
  std::promise<std::shared_ptr<const SearchSpace>> promise;
  Pending pending;
  std::shared_ptr<const geo::AirspaceView> alike;
  bool derive = false;
  {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.key == wanted; });
    if (found != entries_.end()) {
      entries_.splice(entries_.begin(), entries_, found);
    } else {
      derive = true;
      alike = made_for_like_of(options.policy);
      entries_.push_front({wanted, promise.get_future().share()});
      if (entries_.size() > kMostViews) entries_.pop_back();
    }
    pending = entries_.front().space;
  }
  if (derive) {
    try {
      promise.set_value(std::make_shared<const SearchSpace>(
          alike ? std::make_shared<const geo::AirspaceView>(airspace_, options, *alike)
                : std::make_shared<const geo::AirspaceView>(airspace_, options)));
    } catch (...) {
      promise.set_exception(std::current_exception());
      const std::lock_guard lock(mutex_);
      entries_.remove_if([&](const Entry& e) { return e.key == wanted; });
    }
  }
  return pending.get();
}

}  // namespace swiftlet::planner
