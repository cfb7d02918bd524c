#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "planner/prepared.hpp"
#include "planner/search_space.hpp"

namespace swiftlet::planner {

/// Views of one airspace with their meshes, made once and shared. Two requests share one if their policies are equal
/// and the same zones bind them: those active at some time of their windows, and those active throughout. Only the last
/// few that were asked for are kept; a view that differs from one of them in zones and times alone is made out of it,
/// in milliseconds, but its meshes are made anew. Thread-safe.
class ViewCache {
 public:
  explicit ViewCache(geo::AirspacePtr airspace) : airspace_(std::move(airspace)) {}

  /// Null where the view is not derived by then; it goes on being derived for who asks next.
  [[nodiscard]] std::shared_ptr<const SearchSpace> space(const geo::ViewOptions& options,
                                                         const SearchSpace::StopAt& stop_at = {});

  /// What a view depends on, besides the airspace, as a key.
  [[nodiscard]] static std::string key(const geo::Airspace& airspace, const geo::ViewOptions& options);

 private:
  /// A dispatcher asks of five floors by turns, one layer of traffic above the other, and of the zones that come next.
  static constexpr std::size_t kMostViews = 6;
  using Pending = std::shared_ptr<const Prepared<std::shared_ptr<const SearchSpace>>>;
  struct Entry {
    std::string key;
    Pending space;
  };

  /// Drops the oldest of those that are ready, down to what is kept. With mutex_ held.
  void drop_oldest();
  [[nodiscard]] std::shared_ptr<const geo::AirspaceView> made_for_like_of(const geo::Policy& policy) const;

  geo::AirspacePtr airspace_;
  std::mutex mutex_;
  std::list<Entry> entries_;  ///< last used first
};

}  // namespace swiftlet::planner
