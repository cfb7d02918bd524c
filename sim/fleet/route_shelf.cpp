#include "sim/fleet/route_shelf.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "planner/flight_check.hpp"
#include "sim/fleet/packed_route.hpp"
#include "sim/fleet/route_key.hpp"
#include "sim/parallel_chunks.hpp"

namespace swiftlet::sim {
namespace {

using planner::PlanRequest;
using planner::Route;
using planner::RouteStatus;

constexpr double kPayloadStep_kg = 0.5;

double payload_class_kg(double payload_kg, const planner::VehicleProfile& vehicle) {
  const double rounded = std::ceil(payload_kg / kPayloadStep_kg - 1e-9) * kPayloadStep_kg;
  return std::min(rounded, std::max(vehicle.max_payload_kg, payload_kg));
}

/// Whether the answer holds for this departure only: what a zone forbids it allows at another time, and says when. What
/// went wrong by itself may go right again.
bool is_of_its_departure(const Route& route) {
  if (route.status == RouteStatus::ok) return false;
  using enum ErrorCode;
  const Error error = route.error.value_or(Error{});
  return error.code == no_fly_zone || error.code == internal || error.code == airspace_damaged ||
         (error.cause && error.cause->kind == "geozone");
}

/// Whether any load and any battery would be refused the same: wind stops the frame, or no way at all is flyable in it,
/// before energy is asked about. Beforehand a planner asks only whether load and battery are possible numbers.
bool is_of_any_load(const Route& refusal, const PlanRequest& own, const planner::VehicleProfile& vehicle) {
  const double battery_wh = own.battery_wh.value_or(vehicle.battery_wh);
  return refusal.error && refusal.error->code == ErrorCode::wind_too_strong && own.payload_kg >= 0.0 &&
         own.payload_kg <= vehicle.max_payload_kg && battery_wh >= 0.0 && battery_wh <= vehicle.battery_wh;
}

}  // namespace

RouteShelf::RouteShelf(const planner::Planner& planner, const std::map<std::string, planner::VehicleProfile>& profiles,
                       const std::vector<geo::Pad>& laid_out, RouteStore& store)
    : planner_(&planner), store_(store) {
  for (const auto& [name, profile] : profiles) {
    const auto hash = vehicle_hash(profile);
    types_.emplace(name, Type{.profile = &profile, .words = hash.value_or(name), .known_to_all = hash.has_value()});
  }
  for (const geo::Pad& pad : laid_out) laid_out_.emplace(pad.id, &pad);
}

planner::Place RouteShelf::plain(const planner::Place& place) const {
  const auto* ref = std::get_if<planner::PadRef>(&place);
  if (ref == nullptr) return place;
  const auto found = laid_out_.find(ref->pad);
  if (found == laid_out_.end()) return place;
  return planner::GroundPoint{.at = found->second->slots.at(static_cast<std::size_t>(ref->slot)).lonlat(),
                              .deck_height_agl_m = 0.0};
}

RouteShelf::Question RouteShelf::question(const dispatch::PlanJob& job) const {
  Question question{.type = &types_.at(job.vehicle)};
  const planner::VehicleProfile& profile = *question.type->profile;
  PlanRequest& own = question.own.request = job.request;
  own.from = plain(own.from);
  own.to = plain(own.to);
  PlanRequest& shared = question.shared.request = own;
  shared.battery_wh.reset();
  shared.payload_kg = payload_class_kg(own.payload_kg, profile);
  for (Asked* asked : {&question.shared, &question.own}) {
    asked->key = route_key(planner_->airspace(), asked->request, profile, question.type->words);
  }
  return question;
}

std::optional<Route> RouteShelf::unpacked(const std::string& answer, const Asked& asked, const Type& type) const {
  Route route = planner::unanswered(planner_->airspace(), asked.request, type.profile->name, {});
  return unpack(answer, route) ? std::optional(std::move(route)) : std::nullopt;
}

std::optional<Route> RouteShelf::remembered(const Asked& asked, const Type& type) const {
  if (!asked.key) return std::nullopt;
  const auto kept = store_.find(*asked.key);
  return kept && kept->judged ? unpacked(kept->answer, asked, type) : std::nullopt;
}

void RouteShelf::judge(const std::vector<Question>& questions, unsigned threads) {
  struct Suspect {
    const Asked* asked;
    const Type* type;
    std::string answer;
    bool passes = false;
  };
  std::vector<Suspect> suspects;
  std::set<std::string_view> seen;
  for (const Question& one : questions) {
    for (const Asked* asked : {&one.shared, &one.own}) {
      if (!asked->key || !seen.insert(*asked->key).second) continue;
      auto kept = store_.find(*asked->key);
      if (kept && !kept->judged) {
        suspects.push_back({.asked = asked, .type = one.type, .answer = std::move(kept->answer)});
      }
    }
  }
  parallel_chunks(suspects.size(), 1, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      Suspect& one = suspects[k];
      const auto route = unpacked(one.answer, *one.asked, *one.type);
      one.passes = route && (route->status != RouteStatus::ok || planner_->passes_again(*route));
    }
  });
  for (const Suspect& one : suspects) store_.note_verdict(*one.asked->key, one.passes);
}

void RouteShelf::consider(Question& question, const Asked& asked, Route&& route) const {
  const PlanRequest& own = question.own.request;
  const planner::VehicleProfile& profile = *question.type->profile;
  const bool is_own = &asked == &question.own || question.shared.key == question.own.key;  // what is shared has a key
  if (!is_own && route.status != RouteStatus::ok && !is_of_any_load(route, own, profile)) return;
  if (!is_own && route.status == RouteStatus::ok) {
    const planner::PowerModel power(profile, own.payload_kg);
    if (planner::check_energy(own, profile, power, route.energy_wh, 0.0)) return;
  }
  if (route.status == RouteStatus::ok) {
    route.certificate.energy_reserve_wh = own.battery_wh.value_or(profile.battery_wh) - route.energy_wh;
  }
  question.answer = std::move(route);
}

void RouteShelf::keep(const Asked& asked, const Type& type, const Route& route) {
  if (!asked.key || is_of_its_departure(route)) return;
  if (auto packed = pack(route)) store_.keep(*asked.key, std::move(*packed), type.known_to_all);
}

void RouteShelf::settle(std::vector<Question>& questions, Asked Question::*which, unsigned threads) {
  std::vector<std::size_t> open;
  for (std::size_t k = 0; k < questions.size(); ++k) {
    // What is remembered under no key is no other's: it is planned just as it is.
    const bool may_be_asked = which == &Question::own || (questions[k].*which).key;
    if (!questions[k].answer && may_be_asked) open.push_back(k);
  }
  for (bool each_alone = false; !open.empty(); each_alone = true) {
    std::vector<std::size_t> to_plan;
    std::vector<std::size_t> alike;
    std::set<std::string_view> asked_for;
    for (const std::size_t k : open) {
      const Asked& asked = questions[k].*which;
      if (auto known = remembered(asked, *questions[k].type)) {
        consider(questions[k], asked, std::move(*known));
        remembered_ += questions[k].answer.has_value();
      } else if (each_alone || !asked.key || asked_for.insert(*asked.key).second) {
        to_plan.push_back(k);
      } else {
        alike.push_back(k);
      }
    }
    std::vector<Route> made(to_plan.size());
    parallel_chunks(to_plan.size(), 1, threads, [&](std::size_t begin, std::size_t end) {
      for (std::size_t k = begin; k < end; ++k) {
        const Question& one = questions[to_plan[k]];
        made[k] = planner_->plan((one.*which).request, *one.type->profile);
      }
    });
    planned_ += to_plan.size();
    for (std::size_t k = 0; k < to_plan.size(); ++k) {
      Question& one = questions[to_plan[k]];
      const Asked& asked = one.*which;
      keep(asked, *one.type, made[k]);
      // The first to ask gets what the others will.
      auto known = remembered(asked, *one.type);
      consider(one, asked, known ? std::move(*known) : std::move(made[k]));
    }
    open = std::move(alike);
  }
}

std::vector<dispatch::PlanAnswer> RouteShelf::answer(const std::vector<dispatch::PlanJob>& jobs, unsigned threads) {
  std::vector<Question> questions;
  questions.reserve(jobs.size());
  for (const dispatch::PlanJob& job : jobs) questions.push_back(question(job));
  judge(questions, threads);
  settle(questions, &Question::shared, threads);
  settle(questions, &Question::own, threads);
  std::vector<dispatch::PlanAnswer> answers(jobs.size());
  parallel_chunks(jobs.size(), 1, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      questions[k].answer->planning = {};  // how long it took is no part of the day
      answers[k] = dispatch::answer_to(jobs[k], std::move(*questions[k].answer));
    }
  });
  return answers;
}

}  // namespace swiftlet::sim
