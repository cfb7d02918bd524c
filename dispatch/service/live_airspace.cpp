#include "dispatch/service/live_airspace.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <mutex>

#include "maps/live_zone_reader.hpp"
#include "maps/referee/referee.hpp"
#include "planner/planner.hpp"

namespace swiftlet::dispatch {
namespace {

bool is_compiled(const geo::Airspace& compiled, const std::string& zone_id) {
  return std::any_of(compiled.zones.begin(), compiled.zones.end(),
                     [&](const geo::Geozone& zone) { return zone.id == zone_id; });
}

Expected<geo::AirspacePtr> version_of(const geo::AirspacePtr& compiled, const std::vector<ZoneChange>& changes) {
  geo::LiveZones live{.base = compiled, .removed = {}, .zones = {}};
  for (const ZoneChange& change : changes) {
    if (change.published.empty()) {
      if (is_compiled(*compiled, change.zone_id)) live.removed.insert(change.zone_id);
      continue;
    }
    auto zone = maps::read_live_zone(change.published, *compiled, "zone " + change.zone_id);
    if (!zone) return Unexpected(zone.error());
    live.zones.emplace(change.zone_id, std::make_shared<const geo::LiveZone>(std::move(*zone)));
  }
  if (live.removed.empty() && live.zones.empty()) return compiled;
  return geo::version_with(std::move(live));
}

}  // namespace

/// The referee on the sources as compiled, opened once: on the thread of the first planner.
struct LiveAirspace::Referees {
  std::mutex mutex;
  std::shared_ptr<const geo::Referee> compiled;
};

LiveAirspace::LiveAirspace(OpenedRegion region)
    : region_(std::move(region)), now_(region_.airspace), referees_(std::make_shared<Referees>()) {}

Expected<void> LiveAirspace::place(OperatorCommand& command, const DispatchState& state) const {
  if (command.verb != OperatorVerb::insert_zone && command.verb != OperatorVerb::remove_zone) return {};
  // The state may be a command ahead of the version that is followed: two of them can come in one turn.
  const auto present = version_of(region_.airspace, state.zone_changes);
  if (!present) return Unexpected(present.error());
  if (command.verb == OperatorVerb::remove_zone) {
    const auto next = geo::remove_zone(*present, command.target);
    if (!next) return Unexpected(next.error());
    command.args.airspace_hash = (*next)->hash;
    return {};
  }
  auto zone = maps::read_live_zone(command.args.zone_document, **present, "args.zone");
  if (!zone) return Unexpected(zone.error());
  if (zone->id != command.target) {
    return fail(ErrorCode::bad_request,
                fmt::format("the zone calls itself \"{}\", the command \"{}\"", zone->id, command.target), "target");
  }
  const auto next = geo::insert_zone(*present, *zone);
  if (!next) return Unexpected(next.error());
  command.args.zone = std::make_shared<const geo::LiveZone>(std::move(*zone));
  command.args.airspace_hash = (*next)->hash;
  return {};
}

Expected<void> LiveAirspace::restore(const DispatchState& state) {
  const auto version = version_of(region_.airspace, state.zone_changes);
  if (!version) return Unexpected(version.error());
  now_ = *version;
  document_ = now_->live ? maps::live_zones_document(*now_) : std::string();
  return {};
}

Expected<bool> LiveAirspace::follow(const DispatchState& state) {
  if (state.airspace_hash.empty() || state.airspace_hash == now_->hash) return false;
  const auto version = version_of(region_.airspace, state.zone_changes);
  if (!version) {
    Error error = version.error();
    error.code = ErrorCode::store_unavailable;
    return Unexpected(std::move(error));
  }
  if ((*version)->hash != state.airspace_hash) {
    return fail(ErrorCode::store_unavailable,
                fmt::format("the zones in the journal lead to the airspace {}, not to {}", (*version)->hash,
                            state.airspace_hash),
                "journal");
  }
  now_ = *version;
  document_ = now_->live ? maps::live_zones_document(*now_) : std::string();
  return true;
}

PlannerPool::MakePlanner LiveAirspace::planner() const {
  return [referees = referees_, dir = region_.airspace_dir, airspace = now_,
          document = document_]() -> Expected<std::shared_ptr<const planner::Planner>> {
    const std::lock_guard lock(referees->mutex);
    if (!referees->compiled) {
      auto loaded = maps::load_referee(dir);
      if (!loaded) return Unexpected(loaded.error());
      referees->compiled = *loaded;
    }
    auto referee = referees->compiled;
    if (!document.empty()) {
      auto with_zones = maps::with_live_zones(referee, document, "live zones");
      if (!with_zones) return Unexpected(with_zones.error());
      referee = *with_zones;
    }
    return std::make_shared<const planner::Planner>(airspace, referee);
  };
}

}  // namespace swiftlet::dispatch
