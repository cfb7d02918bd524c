#pragma once

#include <map>
#include <string>

#include "geo/error.hpp"
#include "geo/utc_time.hpp"

namespace swiftlet::dispatch {

/// Who was refused a way of late, and why: flights that stand on the ground, by flight, and orders, whichever drone
/// was to carry them. Not durable: after a restart the planner is asked again, and says the same again.
class Refusals {
 public:
  void note_flight(const std::string& flight_id, UtcTime now, const Error& error) {
    flights_[flight_id] = {now, error};
  }
  void note_order(const std::string& order_id, UtcTime now, const Error& error) { orders_[order_id] = {now, error}; }
  void forget_flight(const std::string& flight_id) { flights_.erase(flight_id); }
  void forget_order(const std::string& order_id) { orders_.erase(order_id); }
  /// Forgets what was refused too long ago to count: whoever still wants the way has asked again since.
  void forget_old(UtcTime now);

  /// nullptr where nothing was refused lately.
  [[nodiscard]] const Error* of_flight(const std::string& flight_id) const { return find(flights_, flight_id); }
  [[nodiscard]] const Error* of_order(const std::string& order_id) const { return find(orders_, order_id); }

 private:
  struct Refusal {
    UtcTime at;
    Error error;
  };
  using ById = std::map<std::string, Refusal>;
  static const Error* find(const ById& known, const std::string& id) {
    const auto found = known.find(id);
    return found == known.end() ? nullptr : &found->second.error;
  }

  ById flights_;
  ById orders_;
};

}  // namespace swiftlet::dispatch
