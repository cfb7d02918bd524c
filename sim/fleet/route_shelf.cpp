#include "sim/fleet/route_shelf.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include "planner/flight_check.hpp"
#include "planner/flight_window.hpp"
#include "planner/view_cache.hpp"
#include "sim/parallel_chunks.hpp"

namespace swiftlet::sim {
namespace {

constexpr double kPayloadStep_kg = 0.5;

double payload_class_kg(const dispatch::PlanJob& job, const planner::VehicleProfile& vehicle) {
  const double rounded = std::ceil(job.request.payload_kg / kPayloadStep_kg - 1e-9) * kPayloadStep_kg;
  return std::min(rounded, std::max(vehicle.max_payload_kg, job.request.payload_kg));
}

std::string name_of(const planner::Place& place) {
  if (const auto* pad = std::get_if<planner::PadRef>(&place)) return fmt::format("{}/{}", pad->pad, pad->slot);
  if (const auto* point = std::get_if<planner::GroundPoint>(&place)) {
    return fmt::format("@{:.8f},{:.8f},{:.3f}", point->at.lon_deg, point->at.lat_deg, point->deck_height_agl_m);
  }
  return {};
}

}  // namespace

RouteShelf::RouteShelf(const planner::Planner& planner, const std::map<std::string, planner::VehicleProfile>& profiles,
                       const std::vector<geo::Pad>& laid_out)
    : planner_(&planner), profiles_(profiles) {
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

std::string RouteShelf::key(const dispatch::PlanJob& job) const {
  const planner::PlanRequest& request = job.request;
  const std::string from = name_of(request.from);
  const std::string to = name_of(request.to);
  const bool is_plain = !request.arrive_by && request.alternatives == 0 && !request.explain;
  if (from.empty() || to.empty() || !is_plain) return {};
  std::string key = fmt::format("{}|{}>{}|{}|{:a}|{}|{:a}|", planner_->airspace().hash, from, to, job.vehicle,
                                payload_class_kg(job, profiles_.at(job.vehicle)), static_cast<int>(request.objective),
                                request.max_ground_risk.value_or(std::numeric_limits<double>::infinity()));
  for (const std::string& zone : request.authorisations) key += fmt::format("{}:{},", zone.size(), zone);
  // Views do not depend on these two.
  key += fmt::format("|{:a},{:a}|", request.policy.energy_reserve_fraction, request.policy.hold_s);
  return key + air_and_zones(job);
}

std::string RouteShelf::air_and_zones(const dispatch::PlanJob& job) const {
  const planner::PlanRequest& request = job.request;
  const geo::Airspace& airspace = planner_->airspace();
  const planner::VehicleProfile& vehicle = profiles_.at(job.vehicle);
  // As long as a full battery may last: what is aboard is looked at later.
  planner::PlanRequest longest = request;
  longest.battery_wh.reset();
  longest.payload_kg = 0.0;
  const geo::ViewOptions in_air = planner::view_options(request, planner::longest_flight_s(longest, vehicle));
  std::string key = planner::ViewCache::key(airspace, in_air);
  if (request.wind) {
    key += fmt::format("|{:a},{:a},{:a}", request.wind->speed_m_s, request.wind->from_deg, request.wind->at_height_m);
  }
  // A zone that is in force for a part of that time binds some departures and lets others go.
  const bool zones_change = std::any_of(airspace.zones.begin(), airspace.zones.end(), [&](const geo::Geozone& zone) {
    return zone.blocks(request.authorisations) && zone.active_within(in_air.from, in_air.to) &&
           !zone.active_throughout(in_air.from, in_air.to);
  });
  const bool wind_changes = !request.wind && !airspace.wind_field.uniform();
  return zones_change || wind_changes ? key + "|" + format_rfc3339(request.depart) : key;
}

planner::Route RouteShelf::plan(const dispatch::PlanJob& job, double payload_kg) const {
  planner::PlanRequest request = job.request;
  request.from = plain(request.from);
  request.to = plain(request.to);
  request.payload_kg = payload_kg;
  return planner_->plan(request, profiles_.at(job.vehicle));
}

const planner::Route* RouteShelf::fitting(const std::string& key, const dispatch::PlanJob& job) const {
  const auto found = kept_.find(key);
  if (found == kept_.end()) return nullptr;
  const planner::Route& route = found->second;
  const planner::VehicleProfile& vehicle = profiles_.at(job.vehicle);
  const planner::PowerModel power(vehicle, job.request.payload_kg);
  return planner::check_energy(job.request, vehicle, power, route.energy_wh, 0.0) ? nullptr : &route;
}

std::map<std::size_t, planner::Route> RouteShelf::prove(const std::vector<dispatch::PlanJob>& jobs,
                                                        const std::vector<std::string>& keys, unsigned threads) {
  std::vector<std::size_t> open;  // the first job of each key that is new
  std::set<std::string> asked;
  for (std::size_t k = 0; k < jobs.size(); ++k) {
    if (!keys[k].empty() && !kept_.contains(keys[k]) && asked.insert(keys[k]).second) open.push_back(k);
  }
  std::vector<planner::Route> made(open.size());
  parallel_chunks(open.size(), 1, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      dispatch::PlanJob job = jobs[open[k]];
      job.request.battery_wh.reset();  // the shelf's route is for a full battery; what is aboard is looked at later
      made[k] = plan(job, payload_class_kg(job, profiles_.at(job.vehicle)));
    }
  });
  planned_ += open.size();
  std::map<std::size_t, planner::Route> refused;
  for (std::size_t k = 0; k < open.size(); ++k) {
    const dispatch::PlanJob& job = jobs[open[k]];
    const bool asks_just_that =
        !job.request.battery_wh && payload_class_kg(job, profiles_.at(job.vehicle)) == job.request.payload_kg;
    if (made[k].status == planner::RouteStatus::ok) {
      kept_.emplace(keys[open[k]], std::move(made[k]));
    } else if (asks_just_that) {
      refused.emplace(open[k], std::move(made[k]));
    }
  }
  return refused;
}

planner::Route RouteShelf::again(const planner::Route& known, const dispatch::PlanJob& job) const {
  planner::Route route = known;
  route.depart = job.request.depart;
  route.certificate.energy_reserve_wh =
      job.request.battery_wh.value_or(profiles_.at(job.vehicle).battery_wh) - route.energy_wh;
  return route;
}

std::vector<dispatch::PlanAnswer> RouteShelf::answer(const std::vector<dispatch::PlanJob>& jobs, unsigned threads) {
  std::vector<std::string> keys;
  keys.reserve(jobs.size());
  for (const dispatch::PlanJob& job : jobs) keys.push_back(key(job));
  std::map<std::size_t, planner::Route> refused = prove(jobs, keys, threads);
  std::vector<dispatch::PlanAnswer> answers(jobs.size());
  std::vector<std::size_t> alone;  // planned for one job only
  for (std::size_t k = 0; k < jobs.size(); ++k) {
    if (const planner::Route* known = fitting(keys[k], jobs[k])) {
      answers[k].route = again(*known, jobs[k]);
      ++remembered_;
    } else if (const auto no = refused.find(k); no != refused.end()) {
      answers[k].route = std::move(no->second);
    } else {
      alone.push_back(k);
    }
  }
  parallel_chunks(alone.size(), 1, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      answers[alone[k]].route = plan(jobs[alone[k]], jobs[alone[k]].request.payload_kg);
    }
  });
  planned_ += alone.size();
  for (std::size_t k = 0; k < jobs.size(); ++k) {
    answers[k].job = jobs[k].id;
    answers[k].route.id = jobs[k].request.id;
    answers[k].route.planning = {};  // how long it took is no part of the day
  }
  return answers;
}

}  // namespace swiftlet::sim
