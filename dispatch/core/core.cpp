#include "dispatch/core/core.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "dispatch/core/assigner.hpp"
#include "dispatch/core/contingency.hpp"
#include "dispatch/core/core_context.hpp"
#include "dispatch/core/eta_board.hpp"
#include "dispatch/core/flight_explanation.hpp"
#include "dispatch/core/forecast_judge.hpp"
#include "dispatch/core/operator_desk.hpp"
#include "dispatch/core/slot_claims.hpp"
#include "dispatch/core/standstill.hpp"

namespace swiftlet::dispatch {

struct Core::Parts {
  explicit Parts(FleetConfig config)
      : context(std::move(config)),
        merchants(context),
        flights(context),
        drones(context, flights),
        operators(context),
        etas(context),
        standstills(context),
        judge(context) {}

  void at(UtcTime now) { context.now = std::max({context.now, now, context.state().last_at}); }

  CoreContext context;
  MerchantDesk merchants;
  FlightDesk flights;
  DroneDesk drones;
  OperatorDesk operators;
  EtaBoard etas;
  StandstillDesk standstills;
  ForecastJudge judge;
};

Core::Core(FleetConfig config) : parts_(std::make_unique<Parts>(std::move(config))) {}
Core::~Core() = default;

void Core::replay(const Record& record) { parts_->context.ledger.replay(record); }

void Core::start(UtcTime now, const std::string& airspace_hash) {
  parts_->context.ledger.read_routes();
  parts_->at(now);
  parts_->context.fleet.listen_from(parts_->context.now);
  // Zones that were put up before the stop hold on. The region may have been compiled anew since: its version counts.
  const std::string& hash = !airspace_hash.empty()         ? airspace_hash
                            : state().zone_changes.empty() ? parts_->context.config.airspace_hash
                                                           : state().airspace_hash;
  parts_->context.commit(ServiceStarted{.epoch = state().epoch + 1, .airspace_hash = hash});
}

void Core::on_merchant_frame(UtcTime now, const MerchantPeer& peer, std::string_view frame) {
  parts_->at(now);
  parts_->merchants.on_frame(peer, frame);
}

void Core::on_drone_frame(UtcTime now, const DronePeer& peer, std::string_view frame) {
  parts_->at(now);
  parts_->drones.on_frame(peer, frame);
}

void Core::on_drone_message(UtcTime now, const DronePeer& peer, const DroneMessage& message) {
  parts_->at(now);
  parts_->drones.on_message(peer, std::nullopt, message);
}

void Core::on_plan_answer(UtcTime now, const PlanAnswer& answer) {
  parts_->at(now);
  if (parts_->context.legs.take_answer(answer, parts_->context.now)) {
    parts_->merchants.on_legs_known();
  } else {
    (void)parts_->flights.take_answer(answer);
  }
}

void Core::tick(UtcTime now) {
  parts_->at(now);
  parts_->merchants.tick();
  parts_->drones.tick();
  // One for the whole tick: who is assigned in it was expected to be.
  const FleetOutlook& outlook = parts_->merchants.outlook();
  take_dropoffs(parts_->context);  // before somebody at home takes what they wait for
  assign_orders(parts_->context, outlook);
  watch_flights(parts_->context);
  parts_->flights.tick();
  parts_->standstills.tick(outlook);
  parts_->judge.tick(outlook);
}

OperatorResult Core::preview(UtcTime now, const OperatorCommand& command) {
  parts_->at(now);
  return parts_->operators.preview(command);
}

void Core::on_operator_command(UtcTime now, const OperatorCommand& command) {
  parts_->at(now);
  parts_->operators.carry_out(command);
}

void Core::drain() { parts_->context.draining = true; }

Effects Core::take_effects() {
  Effects taken;
  std::swap(taken, parts_->context.effects);
  return taken;
}

std::vector<std::string> Core::eta_frames(UtcTime now, const std::string& merchant) {
  parts_->at(now);
  return parts_->etas.frames(merchant, parts_->merchants.outlook());
}

FleetPicture Core::picture(UtcTime now, bool whole) {
  parts_->at(now);
  return whole ? whole_picture(parts_->context, parts_->merchants.outlook()) : picture_of_drones(parts_->context);
}

Expected<nlohmann::json> Core::explain_flight(UtcTime now, const std::string& flight_id) {
  parts_->at(now);
  return dispatch::explain_flight(parts_->context, parts_->merchants.outlook(), flight_id);
}

bool Core::knows_profile(const std::string& profile) const { return parts_->context.config.profiles.contains(profile); }

const DispatchState& Core::state() const { return parts_->context.state(); }

std::string multipart_refusal() {
  return error_reply(std::nullopt, Error{.code = ErrorCode::bad_frame, .message = "one frame a message"});
}

}  // namespace swiftlet::dispatch
