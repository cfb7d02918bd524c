#include "planner/ompl/ompl_search.hpp"

#include <fmt/core.h>
#include <ompl/base/MotionValidator.h>
#include <ompl/base/ProblemDefinition.h>
#include <ompl/base/SpaceInformation.h>
#include <ompl/base/StateSampler.h>
#include <ompl/base/objectives/PathLengthOptimizationObjective.h>
#include <ompl/base/spaces/RealVectorStateSpace.h>
#include <ompl/geometric/PathGeometric.h>
#include <ompl/geometric/planners/rrt/InformedRRTstar.h>
#include <ompl/geometric/planners/rrt/RRTConnect.h>
#include <ompl/util/Console.h>
#include <ompl/util/RandomNumbers.h>

#include <algorithm>
#include <cctype>
#include <limits>
#include <memory>
#include <mutex>

namespace swiftlet::planner {
namespace {

namespace ob = ompl::base;
namespace og = ompl::geometric;
using Space = ob::RealVectorStateSpace;

geo::Enu3 position(const ob::State* state) {
  const double* v = state->as<Space::StateType>()->values;
  return {v[0], v[1], v[2]};
}

/// OMPL's question "may I go from here to there", answered by the exact segment test.
class ExactMotionValidator : public ob::MotionValidator {
 public:
  ExactMotionValidator(const ob::SpaceInformationPtr& si, const geo::AirspaceView& view)
      : ob::MotionValidator(si), view_(view) {}

  bool checkMotion(const ob::State* from, const ob::State* to) const override {
    return view_.is_free(position(from), position(to));
  }

  /// Where it is blocked the last valid state is given as the start: coarse, but true; and no planner used here asks
  /// more.
  bool checkMotion(const ob::State* from, const ob::State* to,
                   std::pair<ob::State*, double>& last_valid) const override {
    if (checkMotion(from, to)) return true;
    if (last_valid.first != nullptr) si_->copyState(last_valid.first, from);
    last_valid.second = 0.0;
    return false;
  }

 private:
  const geo::AirspaceView& view_;
};

/// Draws altitudes inside the band of the column: under a low ceiling a uniform z would nearly always miss.
class BandSampler : public ob::RealVectorStateSampler {
 public:
  BandSampler(const ob::StateSpace* space, const geo::AirspaceView& view)
      : RealVectorStateSampler(space), view_(view) {}

  void sampleUniform(ob::State* state) override {
    constexpr int kTries = 20;
    double* v = state->as<Space::StateType>()->values;
    const auto& bounds = static_cast<const Space*>(space_)->getBounds();
    for (int k = 0; k < kTries; ++k) {
      v[0] = rng_.uniformReal(bounds.low[0], bounds.high[0]);
      v[1] = rng_.uniformReal(bounds.low[1], bounds.high[1]);
      const auto band = view_.band_at({v[0], v[1]});
      if (!band || !band->open()) continue;
      v[2] = rng_.uniformReal(band->floor_msl_m, band->ceiling_msl_m);
      return;
    }
    RealVectorStateSampler::sampleUniform(state);
  }

 private:
  const geo::AirspaceView& view_;
};

std::string folded(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

/// The box that holds every free state.
ob::RealVectorBounds bounds_of(const geo::AirspaceView& view) {
  const geo::Box2 extent = view.grid().extent();
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (int j = 0; j < view.grid().ny; ++j) {
    for (int i = 0; i < view.grid().nx; ++i) {
      const auto band = view.safe_band(i, j);
      if (!band.open()) continue;
      low = std::min(low, band.floor_msl_m);
      high = std::max(high, band.ceiling_msl_m);
    }
  }
  ob::RealVectorBounds bounds(3);
  for (const unsigned axis : {0U, 1U}) {
    bounds.setLow(axis, extent.min[axis]);
    bounds.setHigh(axis, extent.max[axis]);
  }
  bounds.setLow(2, low);
  bounds.setHigh(2, high);
  return bounds;
}

ob::PlannerPtr make_planner(const std::string& name, const ob::SpaceInformationPtr& si) {
  if (name == "rrtconnect") return std::make_shared<og::RRTConnect>(si);
  if (name == "informedrrtstar") return std::make_shared<og::InformedRRTstar>(si);
  return nullptr;
}

}  // namespace

bool is_ompl_planner(std::string_view name) {
  const std::string n = folded(name);
  return n == "rrtconnect" || n == "informedrrtstar";
}

Expected<std::vector<geo::Enu3>> ompl_path(const geo::AirspaceView& view, const geo::Enu3& start_enu,
                                           const geo::Enu3& goal_enu, const OmplOptions& options) {
  // OMPL's random numbers all hang on one seed of the process, so searches take turns.
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  ompl::msg::setLogLevel(ompl::msg::LOG_NONE);
  ompl::RNG::setSeed(static_cast<std::uint_fast32_t>(options.seed % 0xFFFFFFFFULL + 1));

  const auto space = std::make_shared<Space>(3);
  space->setBounds(bounds_of(view));
  space->setStateSamplerAllocator([&view](const ob::StateSpace* s) { return std::make_shared<BandSampler>(s, view); });
  const auto si = std::make_shared<ob::SpaceInformation>(space);
  si->setStateValidityChecker([&view](const ob::State* s) { return view.is_free(position(s), position(s)); });
  si->setMotionValidator(std::make_shared<ExactMotionValidator>(si, view));
  si->setup();

  const auto problem = std::make_shared<ob::ProblemDefinition>(si);
  ob::ScopedState<Space> start(space);
  ob::ScopedState<Space> goal(space);
  for (int axis = 0; axis < 3; ++axis) {
    start->values[axis] = start_enu[axis];
    goal->values[axis] = goal_enu[axis];
  }
  problem->setStartAndGoalStates(start, goal);
  problem->setOptimizationObjective(std::make_shared<ob::PathLengthOptimizationObjective>(si));

  const ob::PlannerPtr planner = make_planner(folded(options.planner), si);
  if (!planner) {
    return fail(
        ErrorCode::usage,
        fmt::format("\"{}\" is no planner that is known; there are rrtconnect and informed_rrtstar", options.planner));
  }
  planner->setProblemDefinition(problem);
  planner->setup();
  const auto status =
      planner->solve(ob::timedPlannerTerminationCondition(static_cast<double>(options.time.count()) / 1000.0));
  if (status != ob::PlannerStatus::EXACT_SOLUTION) {
    return fail(ErrorCode::deadline_passed,
                fmt::format("{} found no path in {} ms, which proves nothing; give it more time "
                            "or use --planner auto",
                            planner->getName(), options.time.count()));
  }
  std::vector<geo::Enu3> path;
  for (const ob::State* state : problem->getSolutionPath()->as<og::PathGeometric>()->getStates()) {
    path.push_back(position(state));
  }
  return path;
}

}  // namespace swiftlet::planner
