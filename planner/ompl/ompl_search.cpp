#include "planner/ompl/ompl_search.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <ompl/base/MotionValidator.h>
#include <ompl/base/ProblemDefinition.h>
#include <ompl/base/SpaceInformation.h>
#include <ompl/base/StateSampler.h>
#include <ompl/base/objectives/PathLengthOptimizationObjective.h>
#include <ompl/base/spaces/RealVectorStateSpace.h>
#include <ompl/geometric/PathGeometric.h>
#include <ompl/geometric/planners/informedtrees/ABITstar.h>
#include <ompl/geometric/planners/informedtrees/BITstar.h>
#include <ompl/geometric/planners/prm/LazyPRMstar.h>
#include <ompl/geometric/planners/prm/PRMstar.h>
#include <ompl/geometric/planners/rrt/InformedRRTstar.h>
#include <ompl/geometric/planners/rrt/RRTConnect.h>
#include <ompl/geometric/planners/rrt/RRTstar.h>
#include <ompl/util/Console.h>
#include <ompl/util/RandomNumbers.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <chrono>
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
    if (c == '*') out += "star";
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
  if (name == "rrtstar") return std::make_shared<og::RRTstar>(si);
  if (name == "informedrrtstar") return std::make_shared<og::InformedRRTstar>(si);
  if (name == "prmstar") return std::make_shared<og::PRMstar>(si);
  if (name == "lazyprmstar") return std::make_shared<og::LazyPRMstar>(si);
  if (name == "bitstar" || name == "abitstar") {
    const auto planner = name == "bitstar" ? std::make_shared<og::BITstar>(si) : std::make_shared<og::ABITstar>(si);
    planner->setPruning(false);  // with it 1.5.2 may crash where the straight line is free (ompl#949)
    return planner;
  }
  return nullptr;
}

std::vector<geo::Enu3> positions(const std::vector<const ob::State*>& states) {
  std::vector<geo::Enu3> path;
  path.reserve(states.size());
  for (const ob::State* state : states) path.push_back(position(state));
  return path;
}

/// Which way planners list the states of a path on the way differs; it begins at the start.
std::vector<geo::Enu3> from_start(std::vector<geo::Enu3> path, const geo::Enu3& start, const geo::Enu3& goal) {
  if (!path.empty() && (path.front() - start).norm() > (path.back() - start).norm())
    std::reverse(path.begin(), path.end());
  // Some of them leave the ends out.
  if (path.empty() || (path.front() - start).norm() > 1e-9) path.insert(path.begin(), start);
  if ((path.back() - goal).norm() > 1e-9) path.push_back(goal);
  return path;
}

bool all_free(const geo::AirspaceView& view, const std::vector<geo::Enu3>& path) {
  for (std::size_t k = 0; k + 1 < path.size(); ++k) {
    if (!view.is_free(path[k], path[k + 1])) return false;
  }
  return true;
}

/// The clock of one search, stopped while others look at what it found.
class SearchClock {
 public:
  using Clock = std::chrono::steady_clock;
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(Clock::now() - began_ - elsewhere_.load()).count();
  }
  template <class Work>
  auto pause(Work&& work) {
    const auto from = Clock::now();
    const auto result = work();
    elsewhere_ = elsewhere_.load() + (Clock::now() - from);
    return result;
  }

 private:
  Clock::time_point began_ = Clock::now();
  std::atomic<Clock::duration> elsewhere_{Clock::duration(0)};  ///< PRM* asks for the time in a second thread
};

}  // namespace

const std::vector<std::string>& ompl_planner_names() {
  static const std::vector<std::string> names{"rrtconnect", "rrtstar", "informed_rrtstar", "bitstar",
                                              "abitstar",   "prmstar", "lazyprmstar"};
  return names;
}

bool is_ompl_planner(std::string_view name) {
  const auto& names = ompl_planner_names();
  return std::any_of(names.begin(), names.end(), [&](const std::string& n) { return folded(n) == folded(name); });
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
    return fail(ErrorCode::usage, fmt::format("\"{}\" is no planner that is known; there are {}", options.planner,
                                              fmt::join(ompl_planner_names(), ", ")));
  }
  SearchClock clock;
  std::atomic<bool> enough{false};
  if (options.improved) {
    problem->setIntermediateSolutionCallback(
        [&](const ob::Planner*, const std::vector<const ob::State*>& states, ob::Cost) {
          const double at = clock.seconds();
          const bool go_on = clock.pause([&] {
            const auto path = from_start(positions(states), start_enu, goal_enu);
            return !all_free(view, path) || options.improved(at, path);
          });
          if (!go_on) enough = true;
        });
  }
  planner->setProblemDefinition(problem);
  planner->setup();
  const double limit_s = static_cast<double>(options.time.count()) / 1000.0;
  const auto status =
      planner->solve(ob::PlannerTerminationCondition([&] { return enough || clock.seconds() >= limit_s; }));
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
  if (options.improved) options.improved(clock.seconds(), path);
  return path;
}

}  // namespace swiftlet::planner
