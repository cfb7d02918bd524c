#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dispatch/core/effects.hpp"
#include "geo/pad.hpp"
#include "planner/planner.hpp"
#include "sim/fleet/route_store.hpp"

namespace swiftlet::sim {

/// The planner behind the dispatch core, with a memory: what it answered once, a proven route or a refusal, is given
/// again where it would answer the same (route_key()). The clock is moved to another departure and nothing else. Routes
/// are planned for a full battery and a payload rounded up to half a kilogram, so that more requests share them; where
/// the battery aboard is not enough for that one, or there is none, the request itself is answered. Everything that is
/// not remembered is planned by the real planner and passed by the real referee; what an earlier run has left in the
/// store is passed by the referee again before it is given out for the first time.
/// The same jobs get the same answers whatever the number of threads and whatever was asked before, in this run or
/// another.
class RouteShelf {
 public:
  /// `laid_out` are pads that the airspace does not know: their slots are planned for as bare points. All references
  /// must outlive this.
  RouteShelf(const planner::Planner& planner, const std::map<std::string, planner::VehicleProfile>& profiles,
             const std::vector<geo::Pad>& laid_out, RouteStore& store);

  /// One answer a job, in the order of the jobs.
  [[nodiscard]] std::vector<dispatch::PlanAnswer> answer(const std::vector<dispatch::PlanJob>& jobs, unsigned threads);

  /// Plans in another version of the airspace from now on. The planner must outlive this.
  void use(const planner::Planner& planner) { planner_ = &planner; }

  [[nodiscard]] std::size_t planned() const { return planned_; }
  [[nodiscard]] std::size_t remembered() const { return remembered_; }

 private:
  struct Type {
    const planner::VehicleProfile* profile = nullptr;
    std::string words;          ///< that a key names it by
    bool known_to_all = false;  ///< in other runs too
  };
  /// A request and what it is remembered under, if anything.
  struct Asked {
    planner::PlanRequest request = {};
    std::optional<std::string> key = {};
  };
  /// A job as it is planned for: first for any battery and for a payload that others share, then just as it is.
  struct Question {
    const Type* type = nullptr;
    Asked shared = {};
    Asked own = {};
    std::optional<planner::Route> answer = {};
  };
  [[nodiscard]] Question question(const dispatch::PlanJob& job) const;
  [[nodiscard]] planner::Place plain(const planner::Place& place) const;
  [[nodiscard]] std::optional<planner::Route> unpacked(const std::string& answer, const Asked& asked,
                                                       const Type& type) const;
  [[nodiscard]] std::optional<planner::Route> remembered(const Asked& asked, const Type& type) const;
  /// Has the referee pass what an earlier run has left and these questions may be answered with.
  void judge(const std::vector<Question>& questions, unsigned threads);
  /// Answers what is open from memory, and plans what is not there: of requests that are remembered alike only the
  /// first, the others when it turns out not to be kept.
  void settle(std::vector<Question>& questions, Asked Question::*which, unsigned threads);
  /// Takes the answer, if it is one to the question itself.
  void consider(Question& question, const Asked& asked, planner::Route&& route) const;
  void keep(const Asked& asked, const Type& type, const planner::Route& route);

  const planner::Planner* planner_;
  std::map<std::string, Type> types_;
  std::map<std::string, const geo::Pad*> laid_out_;
  RouteStore& store_;
  std::size_t planned_ = 0;
  std::size_t remembered_ = 0;
};

}  // namespace swiftlet::sim
