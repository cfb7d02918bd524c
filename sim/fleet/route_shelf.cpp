#include "sim/fleet/route_shelf.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "planner/energy.hpp"
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

void RouteShelf::use(const planner::Planner& planner) {
  planner_ = &planner;
  kept_.clear();
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
  const std::string from = name_of(job.request.from);
  const std::string to = name_of(job.request.to);
  if (from.empty() || to.empty()) return {};
  return fmt::format("{}>{}|{}|{}|{}", from, to, job.vehicle, payload_class_kg(job, profiles_.at(job.vehicle)),
                     job.request.policy.min_height_agl_m);
}

std::string RouteShelf::zones(const planner::Route& route, UtcTime depart) const {
  return planner::ViewCache::key(planner_->airspace(),
                                 {.policy = route.policy,
                                  .from = after(depart, -route.time_uncertainty_s),
                                  .to = after(depart, route.duration_s + route.time_uncertainty_s),
                                  .authorisations = route.authorisations});
}

planner::Route RouteShelf::plan(const dispatch::PlanJob& job, double payload_kg) const {
  planner::PlanRequest request = job.request;
  request.from = plain(request.from);
  request.to = plain(request.to);
  request.payload_kg = payload_kg;
  return planner_->plan(request, profiles_.at(job.vehicle));
}

const planner::Route* RouteShelf::fitting(const planner::Route& route, const dispatch::PlanJob& job) const {
  const planner::VehicleProfile& vehicle = profiles_.at(job.vehicle);
  const double battery_wh = job.request.battery_wh.value_or(vehicle.battery_wh);
  const planner::PowerModel power(vehicle, job.request.payload_kg);
  const double hold_wh = route.policy.hold_s * power.hover_w() / 3600.0;
  const bool enough = route.energy_wh + hold_wh <= battery_wh * (1.0 - route.policy.energy_reserve_fraction);
  return enough ? &route : nullptr;
}

std::vector<dispatch::PlanAnswer> RouteShelf::answer(const std::vector<dispatch::PlanJob>& jobs, unsigned threads) {
  std::vector<dispatch::PlanAnswer> answers(jobs.size());
  std::vector<std::string> keys;
  std::vector<std::size_t> open;  // to be planned for the shelf: the first job of each key
  std::set<std::string> asked;
  for (std::size_t k = 0; k < jobs.size(); ++k) {
    keys.push_back(key(jobs[k]));
    const auto found = kept_.find(keys[k]);
    const bool holds =
        found != kept_.end() && zones(found->second.route, jobs[k].request.depart) == found->second.zones;
    if (!holds && !keys[k].empty() && asked.insert(keys[k]).second) open.push_back(k);
  }
  std::vector<planner::Route> made(open.size());
  parallel_chunks(open.size(), 1, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      dispatch::PlanJob job = jobs[open[k]];
      job.request.battery_wh.reset();  // the shelf's route is for a full battery; what is aboard is looked at below
      made[k] = plan(job, payload_class_kg(job, profiles_.at(job.vehicle)));
    }
  });
  planned_ += open.size();
  for (std::size_t k = 0; k < open.size(); ++k) {
    if (made[k].status != planner::RouteStatus::ok) continue;
    kept_.insert_or_assign(keys[open[k]], Kept{.route = made[k], .zones = zones(made[k], made[k].depart)});
  }

  for (std::size_t k = 0; k < jobs.size(); ++k) {
    answers[k].job = jobs[k].id;
    const auto found = keys[k].empty() ? kept_.end() : kept_.find(keys[k]);
    const planner::Route* known =
        found != kept_.end() && zones(found->second.route, jobs[k].request.depart) == found->second.zones
            ? fitting(found->second.route, jobs[k])
            : nullptr;
    if (known == nullptr) {
      answers[k].route = plan(jobs[k], jobs[k].request.payload_kg);
      ++planned_;
    } else {
      planner::Route& route = answers[k].route;
      route = *known;
      route.depart = jobs[k].request.depart;
      const double battery_wh = jobs[k].request.battery_wh.value_or(profiles_.at(jobs[k].vehicle).battery_wh);
      route.certificate.energy_reserve_wh = battery_wh - route.energy_wh;
      ++remembered_;
    }
    answers[k].route.id = jobs[k].request.id;
    answers[k].route.planning = {};  // how long it took is no part of the day
  }
  return answers;
}

}  // namespace swiftlet::sim
