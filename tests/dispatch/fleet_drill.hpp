#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "dispatch/core/core.hpp"
#include "tests/dispatch/core_invariants.hpp"
#include "tests/dispatch/paper_drone.hpp"
#include "tests/dispatch/paper_town.hpp"

namespace swiftlet::dispatch::drill {

/// Core, drones, planner and merchants in one room, second by second, with everything drawn from one seed.
class FleetDrill {
 public:
  FleetDrill(FleetConfig config, std::uint64_t seed);

  /// The merchant's reply to a request, once it has come (lets time pass).
  nlohmann::json ask(const std::string& merchant, const std::string& type, nlohmann::json body);
  nlohmann::json create(const std::string& client_order_id, const std::string& pickup, const std::string& dropoff,
                        const std::string& merchant = "M1");
  /// Sends and does not wait; the reply is in replies() some time.
  std::string send(const std::string& merchant, const std::string& type, nlohmann::json body);
  [[nodiscard]] const std::map<std::string, nlohmann::json>& replies() const { return replies_; }

  void connect(PaperDrone& drone);
  void connect_all();
  /// The drone's process starts anew at home, with nothing.
  void reset(PaperDrone& drone);
  void step(double seconds = 1.0);
  void run_for(double seconds);
  /// How many alarms of the last step hold that text.
  [[nodiscard]] int alarms(const std::string& text) const;
  /// An operator's command, carried out.
  OperatorResult operate(OperatorVerb verb, const std::string& target, OperatorArguments args = {});
  /// Until the order is in the state or the time is over; whether it is.
  bool run_until(const std::string& order_id, OrderState state, double at_most_s = 1800.0);
  /// Kill −9: a new core from the journal alone.
  void restart();

  [[nodiscard]] const Order& order(const std::string& order_id) const { return core().state().orders.at(order_id); }
  [[nodiscard]] Core& core() { return *core_; }
  [[nodiscard]] const Core& core() const { return *core_; }
  [[nodiscard]] const std::vector<Record>& journal() const { return journal_; }
  [[nodiscard]] PaperDrone& drone(const std::string& id);
  [[nodiscard]] std::vector<PaperDrone>& drones() { return drones_; }
  [[nodiscard]] UtcTime now() const { return now_; }
  std::mt19937_64& random() { return random_; }
  /// What the planner refuses, by leg ("K1/0>K3/0"); everything else is flown straight.
  std::map<std::string, Error>& refused_legs() { return refused_legs_; }
  /// Merchant "M7" speaks on connection 7.
  [[nodiscard]] static ConnectionId connection_of(const std::string& merchant);
  /// Called with every frame to a merchant.
  void listen(std::function<void(ConnectionId, const std::string&)> on_frame) {
    on_merchant_frame_ = std::move(on_frame);
  }
  /// What went into the side table for personal data.
  [[nodiscard]] const std::vector<PersonalNote>& notes() const { return notes_; }
  /// Drones report only every so many steps: for long days. Events go out at once all the same.
  int& steps_a_report() { return steps_a_report_; }
  double& lost_share() { return lost_share_; }

  /// What must hold at every instant. Empty if it does.
  [[nodiscard]] std::string broken_invariant() const { return drill::broken_invariant(core_->state(), config_); }

 private:
  void settle();
  void answer_plans();
  void report(PaperDrone& drone);
  void tell(const PaperDrone& drone, const std::string& type, nlohmann::json body);
  [[nodiscard]] bool lost();
  [[nodiscard]] double full_wh() const { return config_.profiles.begin()->second.battery_wh; }

  FleetConfig config_;
  std::unique_ptr<Core> core_;
  UtcTime now_;
  std::mt19937_64 random_;
  std::vector<Record> journal_;
  std::vector<PaperDrone> drones_;
  std::deque<std::pair<UtcTime, PlanJob>> plans_;
  std::map<std::string, nlohmann::json> replies_;
  std::map<std::string, Error> refused_legs_;
  ConnectionId last_connection_ = 100;
  std::uint64_t last_request_ = 0;
  std::uint64_t last_command_ = 0;
  std::vector<OperatorResult> operator_results_;
  std::vector<Notice> notices_;
  std::vector<PersonalNote> notes_;
  std::function<void(ConnectionId, const std::string&)> on_merchant_frame_;
  double lost_share_ = 0.0;
  int steps_a_report_ = 1;
  std::uint64_t steps_ = 0;
};

}  // namespace swiftlet::dispatch::drill
