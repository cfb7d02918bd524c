#include "dispatch/core/leg_book.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>

namespace swiftlet::dispatch {
namespace {

constexpr std::size_t kMaxEstimates = 20'000;
constexpr auto kFeasibleFor = std::chrono::minutes(10);
constexpr auto kRefusedFor = std::chrono::minutes(1);
constexpr double kPayloadStep_kg = 0.5;
constexpr double kDetour = 1.15;
constexpr double kUsualClimb_m = 70.0;

}  // namespace

double LegBook::payload_class_kg(const std::string& profile, double payload_kg) const {
  const double most = config_.profiles.at(profile).max_payload_kg;
  return std::min(std::ceil(payload_kg / kPayloadStep_kg) * kPayloadStep_kg, std::max(most, payload_kg));
}

NumberedSpot LegBook::number(const Spot& spot) const {
  if (spot.pad.empty()) return {.pad = 0, .slot = spot.slot, .at = spot.at};
  const auto next = static_cast<std::uint32_t>(pad_numbers_.size() + 1);
  return {.pad = pad_numbers_.try_emplace(spot.pad, next).first->second, .slot = spot.slot, .at = {}};
}

std::uint32_t LegBook::number_of_profile(const std::string& profile) const {
  return static_cast<std::uint32_t>(std::distance(config_.profiles.begin(), config_.profiles.find(profile)));
}

NumberedLeg LegBook::numbered(const LegQuery& query) const {
  return {.from = number(query.from),
          .to = number(query.to),
          .profile = number_of_profile(query.profile),
          .payload_kg = payload_class_kg(query.profile, query.payload_kg)};
}

std::size_t LegBook::LegHash::operator()(const NumberedLeg& leg) const {
  std::size_t sum = std::hash<double>{}(leg.payload_kg) ^ leg.profile;
  const auto mix = [&](std::size_t part) { sum = ((sum ^ part) * 0x9E3779B97F4A7C15ULL) ^ (sum >> 29U); };
  for (const NumberedSpot* spot : {&leg.from, &leg.to}) {
    mix((std::size_t{spot->pad} << 32U) | static_cast<std::uint32_t>(spot->slot));
    if (spot->pad != 0) continue;
    mix(std::hash<double>{}(spot->at.lon_deg));
    mix(std::hash<double>{}(spot->at.lat_deg));
  }
  return sum ^ (sum >> 32U);
}

const LegEstimate* LegBook::find(const NumberedLeg& leg, UtcTime now) const {
  const auto found = estimates_.find(leg);
  if (found == estimates_.end()) return nullptr;
  const UtcTime until = found->second.planned_for + (found->second.error ? kRefusedFor : kFeasibleFor);
  return now <= until ? &found->second : nullptr;
}

void LegBook::ask(const LegQuery& query, UtcTime now, std::uint64_t job_id, Effects& effects) {
  const NumberedLeg leg = numbered(query);
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
  estimates_.insert_or_assign(numbered(query), LegEstimate{.error = error, .planned_for = now});
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
