#include "sim/fleet/onboard_fleet.hpp"

#include <algorithm>
#include <cmath>

#include "planner/emergency_path.hpp"
#include "sim/parallel_chunks.hpp"

namespace swiftlet::sim {
namespace {

using dispatch::DroneEventKind;
using dispatch::LegPurpose;

constexpr double kReportFlying_s = 1.0;
constexpr double kReportGround_s = 2.0;
constexpr double kRepeat_s = 1.0;
constexpr std::size_t kChunk = 64;

}  // namespace

OnboardFleet::OnboardFleet(const dispatch::FleetConfig& config, const geo::LocalFrame& frame, const Scenario& scenario,
                           const WindProfile& profile, std::uint64_t seed)
    : scenario_(scenario), frame_(frame), motion_(config.drones.size(), profile), in_air_(kSteps) {
  for (std::size_t i = 0; i < config.drones.size(); ++i) {
    const dispatch::RegisteredDrone& registered = config.drones[i];
    Drone drone;
    drone.type = &config.profiles.at(registered.profile);
    drone.id = registered.id;
    drone.random = RandomStream(seed, 5000 + i);
    drone.ageing = drone.random.uniform(0.0, scenario.ageing_most);
    drone.hello_at_s = std::floor(drone.random.uniform(0.0, 5.0));
    drone.next_report_s = drone.hello_at_s + 1.0;
    drone.n = 1;
    drone.event_no = 1;
    drone.position = config.find_pad(registered.home_pad)->slots.at(static_cast<std::size_t>(registered.home_slot));
    drone.p_enu = frame_.to_local(drone.position);
    motion_.fit(i, *drone.type, pack_of(drone), drone.random.next());
    motion_.place(i, drone.p_enu);
    drones_.push_back(std::move(drone));
  }
  track_.resize(drones_.size() * kSteps * 3);
  steps_flown_.resize(drones_.size());
}

BatteryPack OnboardFleet::pack_of(const Drone& drone) const {
  return {drone.type->battery_wh, drone.ageing, scenario_.temperature_deg_c};
}

void OnboardFleet::linked(std::size_t i, std::uint64_t epoch) {
  drones_[i].linked = true;
  drones_[i].epoch = std::max(drones_[i].epoch, epoch);
  drones_[i].next_repeat_s = 0.0;
}

void OnboardFleet::cut(std::size_t i, double hello_at_s) {
  drones_[i].linked = false;
  drones_[i].hello_at_s = hello_at_s;
}

void OnboardFleet::lose_link(std::size_t i, double until_s) {
  drones_[i].silent_until_s = std::max(drones_[i].silent_until_s, until_s);
}

void OnboardFleet::break_down(std::size_t i) {
  Drone& drone = drones_[i];
  if (drone.broken) return;
  drone.broken = true;
  if (motion_.flying(i)) {
    ++came_down_;
    motion_.come_down(i);
    std::erase(flying_, i);
  }
}

void OnboardFleet::take(std::size_t i, const MissionAboard& mission) {
  Drone& drone = drones_[i];
  // As a drone on the link refuses: a lower epoch, an old mission number, and another mission under the same number.
  if (drone.broken || mission.epoch < drone.epoch || mission.mission_no < drone.mission_no) return;
  drone.epoch = mission.epoch;
  if (mission.mission_no == drone.mission_no) return;
  drone.mission = mission;
  drone.mission_no = mission.mission_no;
  drone.has_mission = true;
  drone.departed = motion_.flying(i);
  if (drone.departed) motion_.redirect(i, std::make_shared<const FlightPath>(*mission.route, frame_));
  if (drone.task == Task::loading) drone.task = Task::none;
}

dispatch::CommandAck OnboardFleet::take_command(std::size_t i, std::uint64_t epoch, std::uint64_t command_seq,
                                                const std::string& verb) {
  Drone& drone = drones_[i];
  const auto refuse = [&](std::string why) {
    return dispatch::CommandAck{.command_seq = command_seq, .accepted = false, .reason = std::move(why)};
  };
  if (epoch < drone.epoch) return refuse("an old epoch");
  if (command_seq < drone.command_seq) return refuse("an old command");
  if (!motion_.flying(i)) return refuse("not flying");
  if (drone.lands_out && verb != "land") return refuse("it is coming down");
  if (verb != "hold" && verb != "resume" && verb != "return" && verb != "land") return refuse("cannot " + verb);
  const bool again = command_seq == drone.command_seq;
  drone.epoch = epoch;
  drone.command_seq = command_seq;
  if (!again) obey(i, verb);
  return {.command_seq = command_seq, .accepted = true, .reason = {}};
}

void OnboardFleet::obey(std::size_t i, const std::string& verb) {
  Drone& drone = drones_[i];
  const auto follow = [&](const planner::Route& route) {
    motion_.redirect(i, std::make_shared<const FlightPath>(route, frame_));
  };
  if (verb == "land") {
    drone.lands_out = true;
    follow(planner::straight_down(drone.position, motion_.height_agl_m(i), *drone.type));
  } else if (verb == "return") {
    follow(planner::back_along(*drone.mission.route, motion_.path_clock_s(i), drone.position));
  }
  motion_.hold(i, verb == "hold");
}

void OnboardFleet::acknowledge(std::size_t i, std::uint64_t event_no) {
  std::erase_if(drones_[i].unacknowledged, [&](const auto& event) { return event.event_no == event_no; });
}

void OnboardFleet::say(std::size_t i, DroneEventKind kind, UtcTime at, std::vector<Said>& said,
                       const std::string& detail) {
  Drone& drone = drones_[i];
  dispatch::DroneEvent event{.event_no = drone.event_no++, .kind = kind, .at = at, .detail = detail};
  drone.unacknowledged.push_back(event);
  if (drone.linked) said.push_back({i, std::move(event)});
}

void OnboardFleet::land(std::size_t i, double now_s, UtcTime now, std::vector<Said>& said) {
  Drone& drone = drones_[i];
  const double ago_s = now_s - drone.landed_at_s;
  say(i, DroneEventKind::landed, after(now, -ago_s), said);
  if (drone.lands_out) {
    drone.lands_out = false;
    drone.has_mission = false;  // nothing more until somebody comes
    return;
  }
  switch (drone.mission.purpose) {
    case LegPurpose::pickup: {
      drone.task = Task::loading;
      const double from_s = std::max(now_s, drone.mission.truly_ready_s);
      drone.task_ends_s = from_s + drone.random.uniform(4.0, 8.0);
      break;
    }
    case LegPurpose::deliver:
      drone.task = Task::releasing;
      drone.task_ends_s = now_s + drone.random.uniform(2.0, 4.0) + drone.mission.slow_s;
      break;
    case LegPurpose::divert:
      break;  // stands there until it is sent home
    default:
      drone.task = Task::swapping;
      drone.task_ends_s = now_s + scenario_.swap_s * drone.random.uniform(0.8, 1.2);
      break;
  }
}

void OnboardFleet::finish_task(std::size_t i, UtcTime now, std::vector<Said>& said) {
  Drone& drone = drones_[i];
  const Task task = drone.task;
  drone.task = Task::none;
  if (task == Task::loading) {
    drone.payload_kg = drone.mission.parcel_kg;
    say(i, DroneEventKind::loaded, now, said);
  } else if (task == Task::releasing) {
    drone.payload_kg = 0.0;
    say(i, DroneEventKind::released, now, said);
  } else {
    drone.payload_kg = 0.0;
    used_wh_ += motion_.used_wh(i);
    motion_.swap(i, pack_of(drone));
    motion_.set_thrust_share(i, 1.0);  // whoever changes the battery looks at the motors too
    ++swaps_;
    if (drone.departed) drone.has_mission = false;
    say(i, DroneEventKind::swapped, now, said);
  }
}

std::string OnboardFleet::phase(std::size_t i) const {
  if (motion_.flying(i)) return motion_.holding(i) ? "holding" : std::string(planner::name(motion_.phase(i)));
  switch (drones_[i].task) {
    case Task::loading:
      return "loading";
    case Task::releasing:
      return "landing";
    case Task::swapping:
      return "swapping";
    case Task::none:
      break;
  }
  return "idle";
}

void OnboardFleet::report(std::size_t i, UtcTime now, std::vector<Said>& said) {
  Drone& drone = drones_[i];
  const geo::Enu3 v = motion_.flying(i) ? motion_.v_enu(i) : geo::Enu3::Zero();
  said.push_back({i, dispatch::Telemetry{.n = drone.n++,
                                         .at = now,
                                         .position = drone.position,
                                         .v_e_m_s = v.x(),
                                         .v_n_m_s = v.y(),
                                         .v_u_m_s = v.z(),
                                         .battery_wh = motion_.battery_wh(i),
                                         .phase = phase(i),
                                         .mission_no = drone.mission_no,
                                         .payload_kg = drone.payload_kg}});
}

void OnboardFleet::act(double now_s, UtcTime now, std::vector<Said>& said) {
  for (std::size_t i = 0; i < drones_.size(); ++i) {
    Drone& drone = drones_[i];
    if (drone.broken || now_s < drone.silent_until_s) continue;
    if (!drone.linked) {
      if (now_s < drone.hello_at_s) continue;
      drone.hello_at_s = now_s + 5.0;
      said.push_back({i, dispatch::DroneHello{.drone = drone.id,
                                              .profile = drone.type->name,
                                              .position = drone.position,
                                              .battery_wh = motion_.battery_wh(i),
                                              .flight_id = drone.has_mission ? drone.mission.flight_id : "",
                                              .mission_no = drone.mission_no,
                                              .last_command_seq = drone.command_seq}});
    } else if (now_s >= drone.next_repeat_s) {
      drone.next_repeat_s = now_s + kRepeat_s;
      for (const auto& event : drone.unacknowledged) said.push_back({i, event});
    }
  }
  for (std::size_t i = 0; i < drones_.size(); ++i) {
    Drone& drone = drones_[i];
    if (drone.broken) continue;
    const bool is_flying = motion_.flying(i);
    if (drone.was_flying && !is_flying) land(i, now_s, now, said);
    drone.was_flying = is_flying;
    if (!is_flying) {
      if (drone.task != Task::none) {
        if (now_s >= drone.task_ends_s) finish_task(i, now, said);
      } else if (drone.has_mission && !drone.departed && now >= drone.mission.route->depart) {
        drone.departed = true;
        drone.was_flying = true;
        motion_.depart(i, std::make_shared<const FlightPath>(*drone.mission.route, frame_), drone.payload_kg);
        flying_.insert(std::lower_bound(flying_.begin(), flying_.end(), i), i);
        say(i, DroneEventKind::takeoff, now, said);
      }
    }
    if (now_s >= drone.next_report_s) {
      drone.next_report_s = now_s + (drone.was_flying ? kReportFlying_s : kReportGround_s);
      if (drone.linked && now_s >= drone.silent_until_s) report(i, now, said);
    }
  }
}

void OnboardFleet::fly(double now_s, double wind_e, double wind_n, double gust_strength, unsigned threads) {
  parallel_chunks(flying_.size(), kChunk, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      const std::size_t i = flying_[k];
      motion_.set_wind(i, wind_e, wind_n);
      motion_.set_wake(i, 1.0, gust_strength);
      int step = 0;
      for (; step < kSteps && motion_.flying(i) && !motion_.cut_off(i); ++step) {
        motion_.step(i);
        const geo::Enu3 p = motion_.p_enu(i);
        float* place = &track_[(i * kSteps + static_cast<std::size_t>(step)) * 3];
        place[0] = static_cast<float>(p.x());
        place[1] = static_cast<float>(p.y());
        place[2] = static_cast<float>(p.z());
      }
      steps_flown_[i] = step;
      drones_[i].p_enu = motion_.p_enu(i);
      GeoPoint at = frame_.to_geo(drones_[i].p_enu);
      at.lon_deg = std::round(at.lon_deg * 1e8) / 1e8;
      at.lat_deg = std::round(at.lat_deg * 1e8) / 1e8;
      at.alt_msl_m = std::round(at.alt_msl_m * 1e3) / 1e3;
      drones_[i].position = at;
    }
  });
  for (auto& step : in_air_) step.clear();
  std::vector<std::size_t> down;
  for (const std::size_t i : flying_) {
    const bool landed = !motion_.flying(i);
    // In the step in which it touches down it stands already.
    const int aloft = landed ? steps_flown_[i] - 1 : steps_flown_[i];
    for (int step = 0; step < aloft; ++step) {
      const float* place = &track_[(i * kSteps + static_cast<std::size_t>(step)) * 3];
      in_air_[static_cast<std::size_t>(step)].push_back({static_cast<std::uint32_t>(i), place[0], place[1], place[2]});
    }
    flown_s_ += steps_flown_[i] * FleetMotion::kStep_s;
    if (landed) {
      drones_[i].landed_at_s = now_s + steps_flown_[i] * FleetMotion::kStep_s;
      down.push_back(i);
    } else if (motion_.cut_off(i)) {
      down.push_back(i);
    }
  }
  for (const std::size_t i : down) {
    if (motion_.flying(i)) {
      break_down(i);
    } else {
      std::erase(flying_, i);
    }
  }
}

}  // namespace swiftlet::sim
