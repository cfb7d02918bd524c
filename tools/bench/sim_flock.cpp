#include "tools/bench/sim_flock.hpp"

#include <fmt/core.h>

#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>

#include "dispatch/core/core.hpp"
#include "sim/fleet/onboard_fleet.hpp"
#include "sim/parallel_chunks.hpp"

namespace swiftlet::tools {
namespace {

constexpr dispatch::ConnectionId kFirst = 1000;
constexpr std::int64_t kWarmUp_s = 300;

double wall_now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

class Flock {
 public:
  Flock(const planner::Planner& planner, const planner::VehicleProfile& vehicle,
        const std::vector<planner::Route>& routes, std::size_t drones, unsigned threads, std::uint64_t seed)
      : routes_(routes),
        threads_(threads),
        config_(config_of(planner, vehicle, routes, drones)),
        core_(config_),
        fleet_(config_, planner.airspace().frame, scenario_, sim::WindProfile{}, seed),
        legs_(drones, 0),
        aloft_(drones, false),
        watches_(sim::OnboardFleet::kSteps, sim::SeparationWatch(sim::ProtectedZone{})),
        contacts_(sim::OnboardFleet::kSteps) {
    for (const planner::Route& route : routes) shared_.push_back(std::make_shared<const planner::Route>(route));
    core_.start(now());
    sim::RandomStream random(seed, 9);
    for (std::size_t i = 0; i < drones; ++i) depart(i, std::floor(random.uniform(6.0, static_cast<double>(kWarmUp_s))));
  }

  FlockResult run(double seconds) {
    while (second_ < kWarmUp_s + 60) turn();
    FlockResult result;
    const double flown_before = fleet_.flown_s();
    const std::uint64_t looked_before = record_.drone_steps();
    const double began = wall_now();
    for (double t = 0.0; t < seconds; ++t) turn();
    result.wall_s = wall_now() - began;
    result.flown_s = fleet_.flown_s() - flown_before;
    result.looked_at = record_.drone_steps() - looked_before;
    result.simulated_s = seconds;
    return result;
  }

 private:
  static dispatch::FleetConfig config_of(const planner::Planner& planner, const planner::VehicleProfile& vehicle,
                                         const std::vector<planner::Route>& routes, std::size_t drones) {
    dispatch::FleetConfig config;
    config.airspace_name = planner.airspace().name;
    config.airspace_hash = planner.airspace().hash;
    config.policy = planner.airspace().policy;
    config.frame_origin = planner.airspace().frame.centre();
    config.pads = planner.airspace().pads;
    config.profiles.emplace(vehicle.name, vehicle);
    config.merchants = {"merchant"};
    geo::Pad base{.id = "BASE", .name = "starts", .kind = geo::PadKind::hub, .slots = {}};
    for (std::size_t i = 0; i < drones; ++i) {
      base.slots.push_back(routes[i % routes.size()].waypoints.front().position);
      config.drones.push_back({.id = fmt::format("D{:05}", i + 1),
                               .profile = vehicle.name,
                               .home_pad = "BASE",
                               .home_slot = static_cast<int>(i)});
    }
    config.pads.push_back(std::move(base));
    return config;
  }

  [[nodiscard]] UtcTime now() const {
    return UtcTime{} + std::chrono::hours(24 * 365 * 56) + std::chrono::seconds(second_);
  }

  void depart(std::size_t i, double in_s) {
    const std::size_t pair = i % routes_.size() / 2 * 2;
    const std::size_t side = (i + legs_[i]) % 2;
    auto route = shared_[pair + side];
    if (in_s > 0.0) {
      planner::Route later = *route;
      later.depart = now() + std::chrono::seconds(static_cast<std::int64_t>(in_s));
      route = std::make_shared<const planner::Route>(std::move(later));
    }
    ++legs_[i];
    fleet_.take(i, {.epoch = 1,
                    .mission_no = legs_[i],
                    .flight_id = "bench",
                    .route = std::move(route),
                    .purpose = dispatch::LegPurpose::divert});
  }

  void hear() {
    for (const auto& said : said_) {
      core_.on_drone_message(now(), {.connection = kFirst + said.drone, .authenticated = config_.drones[said.drone].id},
                             said.message);
    }
    core_.tick(now());
    dispatch::Effects effects = core_.take_effects();
    for (const dispatch::OutgoingFrame& out : effects.to_drones) {
      const auto frame = nlohmann::json::parse(out.frame);
      const std::size_t i = out.to - kFirst;
      if (frame["type"] == "reply") fleet_.linked(i, 1);
      if (frame["type"] == "event.ack") fleet_.acknowledge(i, frame["body"]["event_no"].get<std::uint64_t>());
    }
  }

  void turn() {
    said_.clear();
    fleet_.act(static_cast<double>(second_), now(), said_);
    hear();
    fleet_.fly(static_cast<double>(second_), 2.5, -3.0, 1.0, threads_);
    sim::parallel_chunks(sim::OnboardFleet::kSteps, 1, threads_, [&](std::size_t begin, std::size_t end) {
      for (std::size_t step = begin; step < end; ++step) {
        watches_[step].look(fleet_.in_air(static_cast<int>(step)), contacts_[step]);
      }
    });
    for (int step = 0; step < sim::OnboardFleet::kSteps; ++step) {
      record_.take(contacts_[static_cast<std::size_t>(step)], static_cast<double>(second_));
      record_.add_flown(fleet_.in_air(step).size());
    }
    for (std::size_t i = 0; i < fleet_.size(); ++i) {
      const bool flies = fleet_.flying(i);
      if (aloft_[i] && !flies) arrived_.push_back(i);
      aloft_[i] = flies;
    }
    ++second_;
    // It has a second to say that it landed before it is sent back.
    for (const std::size_t i : std::exchange(turning_, std::exchange(arrived_, {}))) depart(i, 0.0);
  }

  const std::vector<planner::Route>& routes_;
  unsigned threads_;
  sim::Scenario scenario_;
  dispatch::FleetConfig config_;
  dispatch::Core core_;
  sim::OnboardFleet fleet_;
  std::vector<std::shared_ptr<const planner::Route>> shared_;
  std::vector<std::uint64_t> legs_;
  std::vector<char> aloft_;
  std::vector<std::size_t> arrived_;
  std::vector<std::size_t> turning_;
  std::vector<sim::OnboardFleet::Said> said_;
  std::vector<sim::SeparationWatch> watches_;
  std::vector<std::vector<sim::SeparationWatch::Contact>> contacts_;
  sim::SeparationRecord record_;
  std::int64_t second_ = 0;
};

}  // namespace

std::vector<planner::Route> shuttle_routes(const planner::Planner& planner, const planner::VehicleProfile& vehicle,
                                           std::size_t pairs, std::uint64_t seed) {
  std::vector<planner::PadRef> slots;
  for (const geo::Pad& pad : planner.airspace().pads) {
    for (std::size_t k = 0; k < pad.slots.size(); ++k) slots.push_back({.pad = pad.id, .slot = static_cast<int>(k)});
  }
  sim::RandomStream random(seed, 3);
  std::vector<planner::Route> routes;
  for (std::size_t tries = 0; routes.size() < 2 * pairs && tries < 20 * pairs; ++tries) {
    const planner::PadRef a = slots[random.next() % slots.size()];
    const planner::PadRef b = slots[random.next() % slots.size()];
    if (a.pad == b.pad) continue;
    planner::PlanRequest request;
    request.id = "shuttle";
    request.depart = parse_rfc3339("2026-11-23T10:00:00Z").value();
    request.policy = planner.airspace().policy;
    request.from = a;
    request.to = b;
    planner::Route there = planner.plan(request, vehicle);
    std::swap(request.from, request.to);
    planner::Route back = planner.plan(request, vehicle);
    if (there.status != planner::RouteStatus::ok || back.status != planner::RouteStatus::ok) continue;
    // They are flown at any time: the benchmark's clock is its own.
    there.depart = back.depart = UtcTime{};
    routes.push_back(std::move(there));
    routes.push_back(std::move(back));
  }
  return routes;
}

FlockResult fly_flock(const planner::Planner& planner, const planner::VehicleProfile& vehicle,
                      const std::vector<planner::Route>& routes, std::size_t drones, double seconds, unsigned threads,
                      std::uint64_t seed) {
  return Flock(planner, vehicle, routes, drones, threads, seed).run(seconds);
}

}  // namespace swiftlet::tools
