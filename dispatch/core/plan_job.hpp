#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "planner/plan_request.hpp"
#include "planner/route_json.hpp"

namespace swiftlet::dispatch {

/// A route that the core wants.
struct PlanJob {
  std::uint64_t id = 0;
  std::string vehicle = {};
  planner::PlanRequest request = {};
  bool urgent = false;  ///< a drone waits for it
};

/// A route as the journal and its drone get it: the text, and what is read back from that text, so that what is flown
/// is what is journalled, to the digit. Writing and reading take longer than all that the core does with a route.
struct WrittenRoute {
  planner::RouteText text = {};
  std::shared_ptr<const planner::Route> read = {};  ///< null where the text cannot be read: our bug
};

struct PlanAnswer {
  std::uint64_t job = 0;
  planner::Route route = {};
  std::shared_ptr<const WrittenRoute> written = {};  ///< of a proven route that a drone waits for
};

/// The answer to a job, written where it has to be: on the planner's threads, not on the core's.
[[nodiscard]] PlanAnswer answer_to(const PlanJob& job, planner::Route route);

}  // namespace swiftlet::dispatch
