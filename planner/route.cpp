#include "planner/route.hpp"

#include <stdexcept>

namespace swiftlet::planner {

std::string_view name(Objective objective) {
  switch (objective) {
    case Objective::time:
      return "time";
    case Objective::energy:
      return "energy";
    case Objective::length:
      return "length";
    case Objective::risk:
      return "risk";
  }
  return "";
}

std::string_view name(RouteStatus status) {
  switch (status) {
    case RouteStatus::ok:
      return "ok";
    case RouteStatus::infeasible:
      return "infeasible";
    case RouteStatus::refused:
      return "refused";
    case RouteStatus::deadline:
      return "deadline";
  }
  return "";
}

std::string_view name(Phase phase) {
  switch (phase) {
    case Phase::takeoff:
      return "takeoff";
    case Phase::climb:
      return "climb";
    case Phase::cruise:
      return "cruise";
    case Phase::descent:
      return "descent";
    case Phase::landing:
      return "landing";
  }
  return "";
}

double cost_in(Objective objective, const Costs& costs) {
  switch (objective) {
    case Objective::time:
      return costs.time_s;
    case Objective::energy:
      return costs.energy_wh;
    case Objective::length:
      return costs.length_m;
    case Objective::risk:
      return costs.ground_risk.value();
  }
  throw std::logic_error("no such objective");
}

}  // namespace swiftlet::planner
