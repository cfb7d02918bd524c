#include "dispatch/core/leg_book.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace swiftlet::dispatch {
namespace {

constexpr std::size_t kMaxEstimates = 20'000;
constexpr auto kFeasibleFor = std::chrono::minutes(10);
constexpr auto kRefusedFor = std::chrono::minutes(1);
constexpr double kPayloadStep_kg = 0.5;
constexpr double kDetour = 1.15;
constexpr double kUsualClimb_m = 70.0;

}  // namespace

double LegBook::payload_class_kg(const LegQuery& query) const {
  const double most = config_.profiles.at(query.profile).max_payload_kg;
  return std::min(std::ceil(query.payload_kg / kPayloadStep_kg) * kPayloadStep_kg, std::max(most, query.payload_kg));
}

std::size_t LegBook::LegHash::hash(const LegQuery& leg, double payload_kg) {
  std::size_t sum = std::hash<double>{}(payload_kg);
  const auto mix = [&](std::size_t part) { sum = (sum ^ part) * 0x9E3779B97F4A7C15ULL + (sum >> 31U); };
  for (const Spot* spot : {&leg.from, &leg.to}) {
    mix(std::hash<std::string>{}(spot->pad));
    mix(static_cast<std::size_t>(spot->slot));
    if (!spot->pad.empty()) continue;
    mix(std::hash<double>{}(spot->at.lon_deg));
    mix(std::hash<double>{}(spot->at.lat_deg));
  }
  mix(std::hash<std::string>{}(leg.profile));
  return sum;
}

bool LegBook::SameLeg::same(const LegQuery& a, const LegQuery& b) {
  const auto same_place = [](const Spot& s, const Spot& t) {
    return s.pad == t.pad && s.slot == t.slot && (!s.pad.empty() || s.at == t.at);
  };
  return same_place(a.from, b.from) && same_place(a.to, b.to) && a.profile == b.profile;
}

const LegEstimate* LegBook::find(const LegQuery& query, UtcTime now) const {
  const auto found = estimates_.find(LegKeyView{query, payload_class_kg(query)});
  if (found == estimates_.end()) return nullptr;
  const UtcTime until = found->second.planned_for + (found->second.error ? kRefusedFor : kFeasibleFor);
  return now <= until ? &found->second : nullptr;
}

void LegBook::ask(const LegQuery& query, UtcTime now, std::uint64_t job_id, Effects& effects) {
  const LegKey leg{.leg = query, .payload_kg = payload_class_kg(query)};
  if (!open_.insert(leg).second) return;
  asked_.emplace(job_id, leg);
  effects.plans.push_back(
      {.id = job_id,
       .vehicle = query.profile,
       .request = {.id = fmt::format("{}>{}|{}|{}", query.from.key(), query.to.key(), query.profile, leg.payload_kg),
                   .from = query.from.place(),
                   .to = query.to.place(),
                   .depart = now,
                   .payload_kg = leg.payload_kg,
                   .battery_wh = {},
                   .wind = {},
                   .policy = config_.policy,
                   .authorisations = {}}});
}

bool LegBook::take_answer(const PlanAnswer& answer, UtcTime now) {
  const auto asked = asked_.find(answer.job);
  if (asked == asked_.end()) return false;
  const planner::Route& route = answer.route;
  const bool outdated =
      !airspace_hash_.empty() && !route.airspace_hash.empty() && route.airspace_hash != airspace_hash_;
  if (outdated) {
    open_.erase(asked->second);
    asked_.erase(asked);
    return true;
  }
  LegEstimate estimate{.error = {},
                       .duration_s = route.duration_s,
                       .energy_wh = route.energy_wh,
                       .length_m = route.length_m,
                       .planned_for = now};
  if (route.status != planner::RouteStatus::ok) {
    estimate.error = route.error.value_or(Error{.code = ErrorCode::unreachable, .message = "no route"});
  }
  if (estimates_.size() >= kMaxEstimates) estimates_.clear();
  estimates_.insert_or_assign(asked->second, std::move(estimate));
  open_.erase(asked->second);
  asked_.erase(asked);
  return true;
}

void LegBook::note_refused(const LegQuery& query, UtcTime now, const Error& error) {
  estimates_.insert_or_assign(LegKey{.leg = query, .payload_kg = payload_class_kg(query)},
                              LegEstimate{.error = error, .planned_for = now});
}

void LegBook::forget(const std::string& airspace_hash) {
  airspace_hash_ = airspace_hash;
  estimates_.clear();
}

double LegBook::rough_duration_s(const LegQuery& query) const {
  const planner::VehicleProfile& vehicle = config_.profiles.at(query.profile);
  return kDetour * distance_m(query.from.at, query.to.at) / vehicle.cruise_speed_m_s +
         kUsualClimb_m / vehicle.climb_speed_m_s + kUsualClimb_m / vehicle.descent_speed_m_s;
}

}  // namespace swiftlet::dispatch
