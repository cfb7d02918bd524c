#include "dispatch/service/live_airspace.hpp"

#include <fmt/core.h>

#include "maps/live_zone_reader.hpp"
#include "maps/referee/referee.hpp"
#include "planner/planner.hpp"

namespace swiftlet::dispatch {
namespace {

constexpr const char* kField = "args.zone";

bool is_known(const geo::Airspace& airspace, const std::string& zone_id) {
  for (const geo::Geozone& zone : airspace.zones) {
    if (zone.id == zone_id) return true;
  }
  return false;
}

}  // namespace

LiveAirspace::LiveAirspace(geo::AirspacePtr compiled, std::filesystem::path airspace_dir)
    : compiled_(std::move(compiled)), version_(compiled_), judge_(std::make_shared<Judge>()) {
  judge_->airspace_dir = std::move(airspace_dir);
}

Expected<void> LiveAirspace::place(OperatorCommand& command) const {
  if (command.verb == OperatorVerb::remove_zone) {
    const auto next = geo::remove_zone(version_, command.target);
    if (!next) return Unexpected(next.error());
    command.args.airspace_hash = (*next)->hash;
    return {};
  }
  if (command.verb != OperatorVerb::insert_zone) return {};
  auto zone = maps::read_live_zone(command.args.zone_document, *version_, kField);
  if (!zone) return Unexpected(zone.error());
  if (zone->id != command.target) {
    return fail(ErrorCode::bad_request,
                fmt::format("\"{}\" should be the zone's own id, \"{}\"", command.target, zone->id), "target");
  }
  command.args.zone = std::make_shared<const geo::LiveZone>(*zone);
  const auto next = geo::insert_zone(version_, std::move(*zone));
  if (!next) return Unexpected(next.error());
  command.args.airspace_hash = (*next)->hash;
  return {};
}

Expected<bool> LiveAirspace::follow(const DispatchState& state) {
  const std::string& wanted = state.zone_changes.empty() ? compiled_->hash : state.airspace_hash;
  if (wanted == version_->hash) return false;
  geo::AirspacePtr version = compiled_;
  for (const ZoneChange& change : state.zone_changes) {
    Expected<geo::AirspacePtr> next = version;
    if (!change.published.empty()) {
      auto zone = maps::read_live_zone(change.published, *version, "journal");
      if (!zone) return Unexpected(zone.error());
      next = is_known(*version, change.zone_id) ? geo::change_zone(version, std::move(*zone))
                                                : geo::insert_zone(version, std::move(*zone));
    } else if (is_known(*version, change.zone_id)) {
      next = geo::remove_zone(version, change.zone_id);
    }
    if (!next) return Unexpected(next.error());
    version = *next;
  }
  if (version->hash != wanted) {
    return fail(ErrorCode::internal,
                fmt::format("the zones of the journal make the airspace {}, not {}", version->hash, wanted));
  }
  version_ = std::move(version);
  return true;
}

PlannerPool::MakePlanner LiveAirspace::maker() const {
  return [version = version_, judge = judge_]() -> Expected<std::shared_ptr<const planner::Planner>> {
    const std::lock_guard lock(judge->mutex);
    if (!judge->referee) {
      auto referee = maps::load_referee(judge->airspace_dir);
      if (!referee) return Unexpected(referee.error());
      judge->referee = std::move(*referee);
    }
    std::shared_ptr<const geo::Referee> referee = judge->referee;
    if (version->live) {
      auto live = maps::with_live_zones(referee, maps::live_zones_document(*version), "live zones");
      if (!live) return Unexpected(live.error());
      referee = std::move(*live);
    }
    return std::make_shared<const planner::Planner>(version, std::move(referee));
  };
}

}  // namespace swiftlet::dispatch
