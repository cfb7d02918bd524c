#pragma once

#include <functional>
#include <memory>
#include <string>

#include "planner/planner.hpp"

namespace swiftlet::sim {

/// The planner, with its referee, for the version of the airspace that a document of live zones
/// (swiftlet.live_zones/1) describes.
using PlannerWithZones = std::function<Expected<std::shared_ptr<const planner::Planner>>(const std::string& document)>;

}  // namespace swiftlet::sim
