#include "sim/fleet/scenario_operator.hpp"

#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <utility>

namespace swiftlet::sim {
namespace {

using nlohmann::json;

/// The zone of an insert_zone as it is published: ED-269.
json circle(const Scenario::OperatorAct& act) {
  return {{"identifier", act.target},
          {"country", "XXX"},
          {"name", act.target},
          {"type", "COMMON"},
          {"restriction", "PROHIBITED"},
          {"reason", {"OTHER"}},
          {"applicability", {{{"permanent", "YES"}}}},
          {"zoneAuthority", json::array()},
          {"geometry",
           {{{"uomDimensions", "M"},
             {"lowerLimit", 0},
             {"lowerVerticalReference", "AGL"},
             {"upperLimit", 1000},
             {"upperVerticalReference", "AGL"},
             {"horizontalProjection",
              {{"type", "Circle"}, {"center", {act.lon_deg, act.lat_deg}}, {"radius", act.radius_m}}}}}}};
}

}  // namespace

ScenarioOperator::ScenarioOperator(const Scenario& scenario, std::string airspace_hash,
                                   PlannerWithZones planner_with_zones)
    : scenario_(scenario),
      airspace_hash_(std::move(airspace_hash)),
      planner_with_zones_(std::move(planner_with_zones)) {}

std::vector<std::string> ScenarioOperator::act(const DayClock& clock, const geo::Wind& forecast, dispatch::Core& core,
                                               RouteShelf& shelf) {
  std::vector<std::string> undone;
  const auto carry_out = [&](const Scenario::OperatorAct& act) {
    if (auto done = command(act, clock.now(), core, shelf); !done) undone.push_back(describe(done.error()));
  };
  for (const Scenario::OperatorAct& act : scenario_.operators) {
    if (static_cast<std::int64_t>(scenario_.second_of(act.at_h)) == clock.second) carry_out(act);
  }
  if (scenario_.weather_hold_above_m_s <= 0.0) return undone;
  const bool blows = forecast.speed_m_s > scenario_.weather_hold_above_m_s;
  if (blows != std::exchange(held_for_weather_, blows)) {
    carry_out({.verb = blows ? "weather_hold" : "weather_clear"});
  }
  return undone;
}

Expected<void> ScenarioOperator::command(const Scenario::OperatorAct& act, UtcTime now, dispatch::Core& core,
                                         RouteShelf& shelf) {
  dispatch::OperatorCommand order{.command_id = fmt::format("act{}", ++last_act_),
                                  .by = "scenario",
                                  .verb = *dispatch::operator_verb(act.verb),
                                  .target = act.target,
                                  .args = {.reason = "as the scenario says"}};
  const bool puts_up = order.verb == dispatch::OperatorVerb::insert_zone;
  const bool takes_down = order.verb == dispatch::OperatorVerb::remove_zone;
  if (puts_up || takes_down) {
    if (!planner_with_zones_) return fail(ErrorCode::internal, "no zones can be put up here");
    if (takes_down) std::erase_if(zones_up_, [&](const auto& zone) { return zone.target == act.target; });
    if (puts_up) zones_up_.push_back(act);
    auto made = planner_with_zones_(live_zones());
    if (!made) return Unexpected(made.error());
    planners_.push_back(*made);
    shelf.use(**made);
    order.args.airspace_hash = (*made)->airspace().hash;
    if (puts_up) {
      order.args.zone = (*made)->airspace().live->zones.at(act.target);
      order.args.zone_document = circle(act).dump();
    }
  }
  core.on_operator_command(now, order);
  return {};
}

std::string ScenarioOperator::live_zones() const {
  json zones = json::array();
  for (const Scenario::OperatorAct& act : zones_up_) zones.push_back(circle(act));
  return json{{"schema", "swiftlet.live_zones/1"},
              {"base", airspace_hash_},
              {"removed", json::array()},
              {"zones", std::move(zones)}}
      .dump();
}

}  // namespace swiftlet::sim
