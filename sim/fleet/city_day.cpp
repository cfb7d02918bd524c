#include "sim/fleet/city_day.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <set>

#include "dispatch/core/core.hpp"
#include "sim/fleet/event_log.hpp"
#include "sim/fleet/onboard_fleet.hpp"
#include "sim/fleet/route_shelf.hpp"
#include "sim/fleet/weather.hpp"
#include "sim/parallel_chunks.hpp"

namespace swiftlet::sim {
namespace {

using dispatch::Core;
using dispatch::Effects;
using nlohmann::json;
using Fault = Scenario::ScriptedFault;

constexpr dispatch::ConnectionId kMerchantConnection = 1;
constexpr dispatch::ConnectionId kFirstDrone = 1000;
constexpr double kEtaEvery_s = 30.0;
constexpr double kAuditEvery_s = 60.0;
constexpr double kAfterHours_s = 7200.0;
constexpr double kTellLate_s = 30.0;
constexpr double kSagShare = 0.15;
constexpr double kMotorShare = 0.15;
constexpr std::size_t kMostComplaints = 20;
constexpr std::size_t kWorthAThread = 200;

double wall_now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

/// The type of a frame without reading all of it: keys are sorted, so it stands near the end.
std::string_view type_of(const std::string& frame) {
  constexpr std::string_view kKey = "\"type\":\"";
  const auto at = frame.rfind(kKey);
  if (at == std::string::npos) return {};
  const auto begin = at + kKey.size();
  return std::string_view(frame).substr(begin, frame.find('"', begin) - begin);
}

class CityDay {
 public:
  CityDay(const Scenario& scenario, const RehearsedDay& day, const planner::Planner& planner, const DayOptions& options)
      : scenario_(scenario),
        day_(day),
        options_(options),
        core_(std::make_unique<Core>(day.config)),
        shelf_(planner, day.config.profiles, day.laid_out),
        fleet_(day.config, planner.airspace().frame, scenario, WindProfile{}, options.seed),
        weather_(scenario, options.seed),
        chance_(options.seed, 4242),
        watches_(OnboardFleet::kSteps, SeparationWatch(ProtectedZone{})),
        contacts_(OnboardFleet::kSteps) {
    for (std::size_t k = 0; k < day.orders.size(); ++k) index_.emplace(day.orders[k].id, k);
    for (const Fault& fault : scenario.faults) keeps_journal_ |= fault.kind == Fault::Kind::service_crash;
    outcome_.orders.resize(day.orders.size());
    connection_of_.resize(fleet_.size());
    for (std::size_t i = 0; i < fleet_.size(); ++i) connect(i);
  }

  Expected<FleetOutcome> run() {
    if (auto opened = log_.open(options_.log_file); !opened) return Unexpected(opened.error());
    const double began = wall_now();
    core_->start(now());
    settle();
    for (; !over(); ++second_) {
      if (options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed)) {
        outcome_.complete = false;
        break;
      }
      turn();
      if (options_.progress && second_ % 60 == 0) options_.progress(static_cast<double>(second_));
    }
    finish();
    auto hash = log_.finish();
    if (!hash) return Unexpected(hash.error());
    outcome_.log_hash = *hash;
    outcome_.wall_s = wall_now() - began;
    return std::move(outcome_);
  }

 private:
  [[nodiscard]] double now_s() const { return static_cast<double>(second_); }
  [[nodiscard]] UtcTime now() const { return scenario_.begin + std::chrono::seconds(second_); }
  [[nodiscard]] double seconds(UtcTime t) const { return seconds_between(scenario_.begin, t); }

  [[nodiscard]] bool over() const {
    if (now_s() < scenario_.duration_s()) return false;
    if (now_s() >= scenario_.duration_s() + kAfterHours_s) return true;
    return fleet_.flying() == 0 && live_orders_ == 0 && unanswered_.empty();
  }

  void connect(std::size_t i) {
    connection_of_[i] = kFirstDrone + next_connection_++;
    drone_on_[connection_of_[i]] = i;
  }

  bool drops() { return scenario_.lost_messages > 0.0 && chance_.uniform() < scenario_.lost_messages; }
  bool doubles() { return scenario_.doubled_messages > 0.0 && chance_.uniform() < scenario_.doubled_messages; }

  void turn() {
    const double core_began = wall_now();
    weather_.advance(now_s());
    script();
    operate();
    chance_faults();
    said_.clear();
    fleet_.act(now_s(), now(), said_);
    for (const OnboardFleet::Said& one : said_) hear(one);
    place_orders();
    for (const dispatch::PlanAnswer& answer : std::exchange(answers_, {})) core_->on_plan_answer(now(), answer);
    core_->tick(now());
    settle();
    if (second_ % static_cast<int>(kEtaEvery_s) == 0) sample_etas();
    if (second_ % static_cast<int>(kAuditEvery_s) == 0) audit();
    outcome_.core_s += wall_now() - core_began;
    plan();
    const double motion_began = wall_now();
    fleet_.fly(now_s(), weather_.east_m_s(), weather_.north_m_s(), scenario_.gust_strength, options_.threads);
    watch_separation();
    record_tracks();
    outcome_.motion_s += wall_now() - motion_began;
  }

  void hear(const OnboardFleet::Said& said) {
    const bool is_hello = std::holds_alternative<dispatch::DroneHello>(said.message);
    if (!is_hello && drops()) return;
    const dispatch::DronePeer peer{.connection = connection_of_[said.drone],
                                   .authenticated = day_.config.drones[said.drone].id};
    core_->on_drone_message(now(), peer, said.message);
    if (!is_hello && doubles()) core_->on_drone_message(now(), peer, said.message);
  }

  /// Everything that the core wants done after this turn's inputs.
  void settle() {
    Effects effects = core_->take_effects();
    for (dispatch::Record& record : effects.records) {
      log_.add(record);
      follow(record);
      if (keeps_journal_) journal_.push_back(std::move(record));
    }
    outcome_.records = log_.lines();
    for (const dispatch::OutgoingFrame& frame : effects.to_drones) deliver(frame);
    for (const dispatch::OutgoingFrame& frame : effects.to_merchants) take_reply(frame);
    for (dispatch::PlanJob& job : effects.plans) jobs_.push_back(std::move(job));
    for (const dispatch::OperatorResult& result : effects.to_operators) {
      ++outcome_.faults[result.state == "done" ? "operator_act" : "operator_act_refused"];
    }
    for (const dispatch::Notice& notice : effects.notices)
      outcome_.alarms += notice.level == dispatch::NoticeLevel::alarm;
  }

  void follow(const dispatch::Record& record) {
    if (std::holds_alternative<dispatch::OrderAccepted>(record.body)) ++live_orders_;
    if (const auto* mission = std::get_if<dispatch::MissionIssued>(&record.body)) {
      outcome_.traffic_delays_s.push_back(mission->traffic_delay_s);
    }
    const auto* moved = std::get_if<dispatch::OrderMoved>(&record.body);
    if (moved == nullptr) return;
    if (dispatch::is_terminal(moved->to)) --live_orders_;
    if (moved->to != dispatch::OrderState::airborne) return;
    const auto known = index_.find(core_->state().orders.at(moved->order_id).client_order_id);
    if (known != index_.end()) outcome_.orders[known->second].taken_off_s = seconds(record.at);
  }

  void deliver(const dispatch::OutgoingFrame& out) {
    const auto to = drone_on_.find(out.to);
    if (to == drone_on_.end() || connection_of_[to->second] != out.to) return;
    const std::size_t i = to->second;
    if (fleet_.silent(i, now_s()) || fleet_.broken(i)) return;
    const std::string_view type = type_of(out.frame);
    if (type != "reply" && drops()) return;
    if (type == "mission") return hand_over_mission(i);
    const json frame = json::parse(out.frame);
    if (type == "event.ack") {
      fleet_.acknowledge(i, frame["body"]["event_no"].get<std::uint64_t>());
    } else if (type == "command") {
      const json& body = frame["body"];
      acks_.push_back(
          {i, fleet_.take_command(i, body["epoch"].get<std::uint64_t>(), body["command_seq"].get<std::uint64_t>(),
                                  body["verb"].get<std::string>())});
    } else if (type == "reply" && frame.value("ok", false)) {
      fleet_.linked(i, frame["body"]["epoch"].get<std::uint64_t>());
    }
    answer_acks();
  }

  void hand_over_mission(std::size_t i) {
    const dispatch::Flight* flight = core_->state().flight_of_drone(day_.config.drones[i].id);
    if (flight == nullptr || !flight->mission) return;
    const dispatch::Order* order = core_->state().order_of(*flight);
    MissionAboard mission{.epoch = core_->state().epoch,
                          .mission_no = flight->mission->mission_no,
                          .flight_id = flight->flight_id,
                          .route = flight->mission->route,
                          .purpose = flight->leg().purpose,
                          .parcel_kg = order != nullptr ? order->wish.parcel.mass_kg : 0.0};
    const auto known = order != nullptr ? index_.find(order->client_order_id) : index_.end();
    if (known != index_.end()) {
      mission.truly_ready_s = day_.orders[known->second].truly_ready_s;
      mission.slow_s = day_.orders[known->second].slow_s;
    }
    fleet_.take(i, mission);
    acks_.push_back({i, dispatch::MissionAck{.mission_no = mission.mission_no, .accepted = true, .reason = {}}});
    answer_acks();
  }

  /// Acknowledgements go back at once; what they lead to is taken with the next turn.
  void answer_acks() {
    for (const OnboardFleet::Said& ack : std::exchange(acks_, {})) hear(ack);
  }

  void ask(const char* type, json body, std::size_t order) {
    const std::string id = fmt::format("r{}", ++last_request_);
    if (order != kNoOrder) unanswered_.emplace(id, order);
    const json frame{{"v", 1}, {"type", type}, {"id", id}, {"body", std::move(body)}};
    core_->on_merchant_frame(now(), {.merchant = day_.config.merchants.front(), .connection = kMerchantConnection},
                             frame.dump());
  }

  void place_orders() {
    for (; next_order_ < day_.orders.size() && day_.orders[next_order_].at_s <= now_s(); ++next_order_) {
      const WishedOrder& wish = day_.orders[next_order_];
      ++outcome_.orders[next_order_].attempts;
      ask("order.create",
          {{"client_order_id", wish.id},
           {"pickup", {{"pad", wish.pickup}}},
           {"dropoff", {{"pad", wish.dropoff}}},
           {"parcel", {{"mass_kg", wish.mass_kg}}},
           {"ready_at", format_rfc3339(after(scenario_.begin, wish.said_ready_s))},
           {"priority", wish.priority}},
          next_order_);
      const bool tells = scenario_.kitchens_tell && wish.truly_ready_s > wish.said_ready_s + kTellLate_s;
      if (tells) to_tell_.emplace(wish.said_ready_s, next_order_);
    }
    while (!to_tell_.empty() && to_tell_.begin()->first <= now_s()) {
      const std::size_t k = to_tell_.begin()->second;
      to_tell_.erase(to_tell_.begin());
      if (outcome_.orders[k].order_id.empty()) continue;
      ask("order.ready",
          {{"order_id", outcome_.orders[k].order_id},
           {"ready_at", format_rfc3339(after(scenario_.begin, day_.orders[k].truly_ready_s))}},
          kNoOrder);
    }
  }

  void take_reply(const dispatch::OutgoingFrame& out) {
    const json frame = json::parse(out.frame);
    if (!frame.contains("re") || !frame["re"].is_string()) return;
    const auto asked = unanswered_.find(frame["re"].get<std::string>());
    if (asked == unanswered_.end()) return;
    OrderOutcome& order = outcome_.orders[asked->second];
    unanswered_.erase(asked);
    if (!frame["ok"].get<bool>()) {
      order.refusal = frame["error"]["code"].get<std::string>();
      return;
    }
    const json& body = frame["body"];
    const auto time = [&](const char* key) { return seconds(*parse_rfc3339(body[key].get<std::string>())); };
    order.order_id = body["order_id"].get<std::string>();
    order.promised_s = time("delivery_eta");
    order.promised_p05_s = time("p05");
    order.promised_p95_s = time("p95");
  }

  void plan() {
    if (jobs_.empty()) return;
    const double began = wall_now();
    for (dispatch::PlanJob& job : jobs_) job.request.wind = weather_.forecast();
    answers_ = shelf_.answer(std::exchange(jobs_, {}), options_.threads);
    outcome_.planning_s += wall_now() - began;
  }

  void sample_etas() {
    int waiting = 0;
    for (const std::string& text : core_->eta_frames(now(), day_.config.merchants.front())) {
      const json frame = json::parse(text);
      for (const json& line : frame["body"]["orders"]) {
        const dispatch::Order& order = core_->state().orders.at(line["order_id"].get<std::string>());
        waiting += order.state == dispatch::OrderState::accepted;
        const auto known = index_.find(order.client_order_id);
        if (known == index_.end()) continue;
        const auto time = [&](const char* key) {
          return static_cast<float>(seconds(*parse_rfc3339(line[key].get<std::string>())));
        };
        outcome_.etas.push_back({.order = static_cast<std::uint32_t>(known->second),
                                 .at_s = static_cast<float>(now_s()),
                                 .eta_s = time("eta"),
                                 .p05_s = time("p05"),
                                 .p10_s = time("p10"),
                                 .p90_s = time("p90"),
                                 .p95_s = time("p95"),
                                 .stage = order.state});
      }
    }
    if (second_ % 60 != 0) return;
    outcome_.flying_by_minute.push_back(static_cast<int>(fleet_.flying()));
    outcome_.waiting_by_minute.push_back(waiting);
  }

  void record_tracks() {
    if (options_.track_every_s <= 0 || second_ % options_.track_every_s != 0) return;
    for (std::size_t i = 0; i < fleet_.size(); ++i) {
      if (!fleet_.flying(i)) continue;
      outcome_.tracks.push_back({.drone = static_cast<std::uint32_t>(i),
                                 .second = static_cast<std::int32_t>(second_ + 1),
                                 .at = fleet_.position(i)});
    }
  }

  /// What a drone was at: for a report of what went wrong.
  [[nodiscard]] std::string doing(std::size_t i) const {
    const std::string& drone = day_.config.drones[i].id;
    const dispatch::Flight* flight = core_->state().flight_of_drone(drone);
    if (flight == nullptr) return drone + " on no flight";
    const GeoPoint at = fleet_.position(i);
    return fmt::format("{} on {} {} {} from {} to {}, {} at {:.6f},{:.6f},{:.1f}", drone, flight->flight_id,
                       dispatch::name(flight->leg().purpose), dispatch::name(flight->phase), flight->leg().from.key(),
                       flight->leg().to.key(), dispatch::name(flight->steer), at.lon_deg, at.lat_deg, at.alt_msl_m);
  }

  void watch_separation() {
    // Few aircraft are looked at faster than a thread is begun.
    const unsigned threads = fleet_.flying() > kWorthAThread ? options_.threads : 1U;
    parallel_chunks(OnboardFleet::kSteps, 1, threads, [&](std::size_t begin, std::size_t end) {
      for (std::size_t step = begin; step < end; ++step) {
        watches_[step].look(fleet_.in_air(static_cast<int>(step)), contacts_[step]);
      }
    });
    for (int step = 0; step < OnboardFleet::kSteps; ++step) {
      const std::size_t told = outcome_.separation.first().size();
      outcome_.separation.take(contacts_[static_cast<std::size_t>(step)], now_s() + (step + 1) * FleetMotion::kStep_s);
      for (std::size_t k = told; k < outcome_.separation.first().size(); ++k) {
        const Intrusion& one = outcome_.separation.first()[k];
        outcome_.intrusions_told.push_back(doing(one.a) + ", " + doing(one.b));
      }
      outcome_.separation.add_flown(fleet_.in_air(step).size());
    }
  }

  void script() {
    for (const Fault& fault : scenario_.faults) {
      if (static_cast<std::int64_t>(scenario_.second_of(fault.at_h)) != second_) continue;
      switch (fault.kind) {
        case Fault::Kind::service_crash:
          crash();
          break;
        case Fault::Kind::hub_lost:
          lose_hubs(fault.share);
          break;
        default:
          for (std::size_t i = 0; i < fleet_.size(); ++i) {
            const bool meant = fault.drone > 0 ? static_cast<std::size_t>(fault.drone) == i + 1 : fleet_.flying(i);
            if (meant) strike(i, fault);
          }
      }
    }
  }

  void operate() {
    for (const Scenario::OperatorAct& act : scenario_.operators) {
      if (static_cast<std::int64_t>(scenario_.second_of(act.at_h)) == second_) command(act);
    }
    if (scenario_.weather_hold_above_m_s <= 0.0) return;
    const bool blows = weather_.forecast().speed_m_s > scenario_.weather_hold_above_m_s;
    if (blows == std::exchange(held_for_weather_, blows)) return;
    command({.verb = blows ? "weather_hold" : "weather_clear"});
  }

  void command(const Scenario::OperatorAct& act) {
    dispatch::OperatorCommand order{.command_id = fmt::format("act{}", ++last_act_),
                                    .by = "scenario",
                                    .verb = *dispatch::operator_verb(act.verb),
                                    .target = act.target,
                                    .args = {.reason = "as the scenario says"}};
    const bool puts_up = order.verb == dispatch::OperatorVerb::insert_zone;
    const bool takes_down = order.verb == dispatch::OperatorVerb::remove_zone;
    if (puts_up || takes_down) {
      if (takes_down) std::erase_if(live_zones_, [&](const json& zone) { return zone["identifier"] == act.target; });
      if (puts_up) live_zones_.push_back(circle(act));
      const json document{{"schema", "swiftlet.live_zones/1"},
                          {"base", day_.config.airspace_hash},
                          {"removed", json::array()},
                          {"zones", live_zones_}};
      auto made = options_.planner_with_zones ? options_.planner_with_zones(document.dump())
                                              : fail(ErrorCode::internal, "no zones can be put up here");
      if (!made) return complain(describe(made.error()));
      planners_.push_back(*made);
      shelf_.use(**made);
      order.args.airspace_hash = (*made)->airspace().hash;
      if (puts_up) {
        order.args.zone = (*made)->airspace().live->zones.at(act.target);
        order.args.zone_document = live_zones_.back().dump();
      }
    }
    core_->on_operator_command(now(), order);
  }

  static json circle(const Scenario::OperatorAct& act) {
    return {{"identifier", act.target},
            {"country", "XXX"},
            {"name", act.target},
            {"type", "COMMON"},
            {"restriction", "PROHIBITED"},
            {"reason", {"OTHER"}},
            {"applicability", {{{"permanent", "YES"}}}},
            {"zoneAuthority", json::array()},
            {"geometry",
             {{{"uomDimensions", "M"},
               {"lowerLimit", 0},
               {"lowerVerticalReference", "AGL"},
               {"upperLimit", 1000},
               {"upperVerticalReference", "AGL"},
               {"horizontalProjection",
                {{"type", "Circle"}, {"center", {act.lon_deg, act.lat_deg}}, {"radius", act.radius_m}}}}}}};
  }

  void strike(std::size_t i, const Fault& fault) {
    switch (fault.kind) {
      case Fault::Kind::link_loss:
        ++outcome_.faults["link_loss"];
        fleet_.lose_link(i, now_s() + fault.lasts_s);
        break;
      case Fault::Kind::battery_sag:
        ++outcome_.faults["battery_sag"];
        fleet_.sag(i, fault.share);
        break;
      default:
        ++outcome_.faults["motor_degraded"];
        fleet_.degrade_motor(i, fault.share);
        break;
    }
  }

  void lose_hubs(double share) {
    std::set<std::string> hubs;
    for (const auto& drone : day_.config.drones) hubs.insert(drone.home_pad);
    auto left = static_cast<std::size_t>(share * static_cast<double>(hubs.size()) + 0.5);
    for (const std::string& hub : hubs) {
      if (left-- == 0) return;
      ++outcome_.faults["hub_lost"];
      for (std::size_t i = 0; i < fleet_.size(); ++i) {
        // Who stands there is cut off from work; who is out comes home and stays.
        if (day_.config.drones[i].home_pad == hub && !fleet_.flying(i)) fleet_.break_down(i);
      }
    }
  }

  void chance_faults() {
    if (scenario_.link_loss_per_h + scenario_.battery_sag_per_h + scenario_.motor_per_h <= 0.0) return;
    for (std::size_t i = 0; i < fleet_.size(); ++i) {
      if (!fleet_.flying(i)) continue;
      if (chance_.uniform() * 3600.0 < scenario_.link_loss_per_h) {
        strike(i, {.kind = Fault::Kind::link_loss,
                   .lasts_s = chance_.exponential(1.0 / std::max(scenario_.link_loss_s, 0.1))});
      }
      if (chance_.uniform() * 3600.0 < scenario_.battery_sag_per_h) {
        strike(i, {.kind = Fault::Kind::battery_sag, .share = kSagShare});
      }
      if (chance_.uniform() * 3600.0 < scenario_.motor_per_h) {
        strike(i, {.kind = Fault::Kind::motor_degraded, .share = kMotorShare});
      }
    }
  }

  /// Kill −9: what was not journalled is gone, and a new core takes over from the journal alone.
  void crash() {
    ++outcome_.crashes;
    const std::string before = dispatch::state_hash(core_->state());
    core_ = std::make_unique<Core>(day_.config);
    for (const dispatch::Record& record : journal_) core_->replay(record);
    if (dispatch::state_hash(core_->state()) != before) complain("the journal does not replay to the same state");
    // Requests on their way to an answer are lost with it; the merchants ask again.
    for (const auto& [id, order] : std::exchange(unanswered_, {})) again_.push_back(order);
    jobs_.clear();
    answers_.clear();
    core_->start(now());
    for (std::size_t i = 0; i < fleet_.size(); ++i) {
      connect(i);
      fleet_.cut(i, now_s() + 1.0 + std::floor(4.0 * chance_.uniform()));
    }
    std::sort(again_.begin(), again_.end());
    for (const std::size_t order : std::exchange(again_, {})) {
      const WishedOrder& wish = day_.orders[order];
      ask("order.create",
          {{"client_order_id", wish.id},
           {"pickup", {{"pad", wish.pickup}}},
           {"dropoff", {{"pad", wish.dropoff}}},
           {"parcel", {{"mass_kg", wish.mass_kg}}},
           {"ready_at", format_rfc3339(after(scenario_.begin, wish.said_ready_s))},
           {"priority", wish.priority}},
          order);
    }
    settle();
  }

  void complain(const std::string& what) {
    if (outcome_.broken_invariants.size() < kMostComplaints) {
      outcome_.broken_invariants.push_back(fmt::format("{}: {}", format_rfc3339(now()), what));
    }
  }

  /// What must hold at every instant.
  void audit() {
    const dispatch::DispatchState& state = core_->state();
    std::map<std::string, std::string> held;
    std::set<std::string> drones;
    for (const auto& [id, flight] : state.flights) {
      if (!drones.insert(flight.drone).second) complain(fmt::format("drone {} is on two flights", flight.drone));
      if (!flight.order_id.empty() && !state.orders.contains(flight.order_id))
        complain(fmt::format("flight {} has no order", id));
      for (const auto& [key, spot] : flight.reserved) {
        const auto [entry, is_new] = held.emplace(key, id);
        if (!is_new) complain(fmt::format("slot {} is held by {} and {}", key, entry->second, id));
      }
    }
    std::int64_t live = 0;
    for (const auto& [id, order] : state.orders) live += dispatch::is_terminal(order.state) ? 0 : 1;
    if (live != live_orders_) complain(fmt::format("{} orders live, {} by the log", live, live_orders_));
  }

  void finish() {
    audit();
    for (std::size_t k = 0; k < next_order_; ++k) {
      OrderOutcome& one = outcome_.orders[k];
      if (one.order_id.empty()) continue;
      const auto found = core_->state().orders.find(one.order_id);
      if (found == core_->state().orders.end()) {
        one.state = "unknown";
        complain(fmt::format("order {} was accepted and is gone", one.order_id));
        continue;
      }
      one.state = dispatch::name(found->second.state);
      if (found->second.delivered_at) one.delivered_s = seconds(*found->second.delivered_at);
    }
    outcome_.simulated_s = now_s();
    outcome_.flown_s = fleet_.flown_s();
    outcome_.used_wh = fleet_.used_wh();
    outcome_.swaps = fleet_.swaps();
    outcome_.came_down = fleet_.came_down();
    outcome_.planned = shelf_.planned();
    outcome_.remembered = shelf_.remembered();
    log_.add_line(fmt::format(R"({{"kind":"end","intrusions":{},"flown_steps":{},"state":"{}"}})",
                              outcome_.separation.intrusions(), outcome_.separation.drone_steps(),
                              dispatch::state_hash(core_->state())));
  }

  static constexpr std::size_t kNoOrder = static_cast<std::size_t>(-1);

  const Scenario& scenario_;
  const RehearsedDay& day_;
  const DayOptions& options_;
  std::unique_ptr<Core> core_;
  RouteShelf shelf_;
  OnboardFleet fleet_;
  Weather weather_;
  RandomStream chance_;
  EventLog log_;
  FleetOutcome outcome_;
  std::int64_t second_ = 0;

  std::map<std::string, std::size_t> index_;  ///< of orders, by the merchant's own id
  std::map<dispatch::ConnectionId, std::size_t> drone_on_;
  std::vector<dispatch::ConnectionId> connection_of_;
  dispatch::ConnectionId next_connection_ = 0;
  std::vector<OnboardFleet::Said> said_;
  std::vector<OnboardFleet::Said> acks_;
  std::vector<dispatch::PlanJob> jobs_;
  std::vector<dispatch::PlanAnswer> answers_;
  std::vector<dispatch::Record> journal_;
  bool keeps_journal_ = false;
  std::vector<SeparationWatch> watches_;
  std::vector<std::vector<SeparationWatch::Contact>> contacts_;

  bool held_for_weather_ = false;
  int last_act_ = 0;
  std::vector<json> live_zones_;
  std::vector<std::shared_ptr<const planner::Planner>> planners_;  ///< of the versions since the first

  std::size_t next_order_ = 0;
  std::uint64_t last_request_ = 0;
  std::map<std::string, std::size_t> unanswered_;
  std::vector<std::size_t> again_;
  std::multimap<double, std::size_t> to_tell_;
  std::int64_t live_orders_ = 0;
};

}  // namespace

Expected<FleetOutcome> rehearse_day(const Scenario& scenario, const RehearsedDay& day, const planner::Planner& planner,
                                    const DayOptions& options) {
  return CityDay(scenario, day, planner, options).run();
}

}  // namespace swiftlet::sim
