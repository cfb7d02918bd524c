#pragma once

#include <map>
#include <mutex>
#include <string>

#include "planner/planner.hpp"

// What `swiftlet plan` and the Python module do alike: a request comes in as the contract's JSON, its answer goes out
// as the contract's JSON.
namespace swiftlet::tools {

/// What requests leave out.
struct PlanDefaults {
  planner::PlanRequest request;
  std::string vehicle = "courier-4";  ///< by name or file
  planner::PlanOptions options;
};

struct PlanAnswer {
  planner::Route route;
  std::string line;        ///< swiftlet.route/1, without an end of line
  bool malformed = false;  ///< the request could not even be read
};

/// Answers plan requests of one airspace. Vehicle profiles are read once. Safe to use from any number of threads.
class PlanDesk {
 public:
  PlanDesk(const planner::Planner& planner, PlanDefaults defaults)
      : planner_(planner), defaults_(std::move(defaults)) {}

  /// `request`: one JSON object. Always an answer.
  [[nodiscard]] PlanAnswer answer(const std::string& request);

 private:
  [[nodiscard]] Expected<const planner::VehicleProfile*> vehicle(const std::string& name);

  const planner::Planner& planner_;
  PlanDefaults defaults_;
  std::mutex mutex_;
  std::map<std::string, planner::VehicleProfile> vehicles_;
};

/// What stands where an answer would stand for a request that is not planned: what the request says of itself as far as
/// it can be read, and what it leaves out as it would have been.
[[nodiscard]] PlanAnswer unplanned(const geo::Airspace& airspace, const PlanDefaults& defaults,
                                   const std::string& request, const Error& error,
                                   planner::RouteStatus status = planner::RouteStatus::refused);

}  // namespace swiftlet::tools
