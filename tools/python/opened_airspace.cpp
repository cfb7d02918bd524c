#include "tools/python/opened_airspace.hpp"

#include "geo/policy_fields.hpp"
#include "maps/airspace_store.hpp"
#include "maps/live_zone_reader.hpp"
#include "maps/referee/referee.hpp"

namespace swiftlet::python {

Expected<std::shared_ptr<OpenedAirspace>> OpenedAirspace::open(const std::filesystem::path& dir) {
  auto airspace = maps::load_airspace(dir);
  if (!airspace) return Unexpected(airspace.error());
  return std::shared_ptr<OpenedAirspace>(new OpenedAirspace(dir, std::move(*airspace), nullptr));
}

Expected<std::shared_ptr<OpenedAirspace>> OpenedAirspace::with_live_zones(const std::string& document,
                                                                          const std::string& where) const {
  if (airspace_->live) {
    return fail(ErrorCode::value_invalid, "this version has live zones already: take the airspace that was opened",
                where);
  }
  const auto version = maps::apply_live_zones(airspace_, document, where);
  if (!version) return Unexpected(version.error());
  const auto judge = referee();
  if (!judge) return Unexpected(judge.error());
  auto follows = maps::with_live_zones(*judge, document, where);
  if (!follows) return Unexpected(follows.error());
  return std::shared_ptr<OpenedAirspace>(new OpenedAirspace(dir_, *version, std::move(*follows)));
}

Expected<std::shared_ptr<const geo::Referee>> OpenedAirspace::referee() const {
  const std::lock_guard lock(mutex_);
  if (!referee_) {
    auto read = maps::load_referee(dir_);
    if (!read) return Unexpected(read.error());
    referee_ = std::move(*read);
  }
  return referee_;
}

Expected<const planner::Planner*> OpenedAirspace::planner() const {
  const auto judge = referee();
  if (!judge) return Unexpected(judge.error());
  const std::lock_guard lock(mutex_);
  if (!planner_) planner_ = std::make_unique<const planner::Planner>(airspace_, *judge);
  return planner_.get();
}

Expected<std::shared_ptr<const geo::AirspaceView>> OpenedAirspace::view(const geo::ViewOptions& options) const {
  if (const auto sound = geo::check_policy(options.policy, airspace_->policy); !sound) {
    return Unexpected(sound.error());
  }
  return views_.space(options)->view;
}

std::shared_ptr<const geo::AirspaceView> OpenedAirspace::own_view() const {
  return views_.space({.policy = airspace_->policy, .from = {}, .to = {}, .authorisations = {}})->view;
}

}  // namespace swiftlet::python
