#include "dispatch/core/plan_job.hpp"

namespace swiftlet::dispatch {
namespace {

std::shared_ptr<const WrittenRoute> written(const planner::Route& route) {
  WrittenRoute out{.text = planner::route_text(route), .read = {}};
  if (auto read = planner::parse_route(out.text.json)) {
    out.read = std::make_shared<const planner::Route>(std::move(*read));
  }
  return std::make_shared<const WrittenRoute>(std::move(out));
}

}  // namespace

PlanAnswer answer_to(const PlanJob& job, planner::Route route) {
  route.id = job.request.id;
  PlanAnswer answer{.job = job.id, .route = std::move(route), .written = {}};
  if (job.urgent && answer.route.status == planner::RouteStatus::ok) answer.written = written(answer.route);
  return answer;
}

}  // namespace swiftlet::dispatch
