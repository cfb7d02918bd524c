#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "geo/error.hpp"
#include "geo/utc_time.hpp"
#include "geo/wind.hpp"

namespace swiftlet::sim {

/// A day to rehearse, as its TOML file states it. Hours are hours of the day, UTC, counted from the midnight before
/// `begin`. Everything that is not stated has the default here.
struct Scenario {
  struct Hours {
    double from_h = 0.0;
    double to_h = 0.0;
    double orders_per_h = 0.0;
  };
  struct Surge {
    double from_h = 0.0;
    double to_h = 0.0;
    double factor = 1.0;
  };
  struct WeatherChange {
    double at_h = 0.0;
    double speed_m_s = 0.0;
    double from_deg = 0.0;
  };
  /// One thing that goes wrong at a stated time.
  struct ScriptedFault {
    enum class Kind { service_crash, hub_lost, link_loss, battery_sag, motor_degraded };
    Kind kind = Kind::service_crash;
    double at_h = 0.0;
    double lasts_s = 0.0;  ///< link_loss
    double share = 0.0;    ///< of charge lost, of thrust lost, of hubs lost
    int drone = 0;         ///< from 1; 0: every drone in the air
  };

  /// What an operator does at a stated time: a verb of the dispatch core's (weather_hold, ground_stop, close_pad,
  /// insert_zone …) and its target. A zone put up is a circle, prohibited from the ground up.
  struct OperatorAct {
    double at_h = 0.0;
    std::string verb = {};
    std::string target = {};
    double lon_deg = 0.0;
    double lat_deg = 0.0;
    double radius_m = 0.0;
  };

  std::string name = {};
  std::filesystem::path file = {};
  std::string text = {};  ///< the file's bytes, for the reproduction line
  UtcTime begin = {};
  double hours = 1.0;

  std::string vehicle = "courier-4";
  int drones = 10;
  int hubs = 0;  ///< laid out on free ground; 0: the region's own hubs, as many drones as they have slots
  double slots_apart_m = 30.0;
  double swap_s = 60.0;
  double ageing_most = 0.1;
  double temperature_deg_c = 20.0;

  std::vector<Hours> demand = {};
  std::vector<Surge> surges = {};
  std::filesystem::path demand_csv = {};  ///< instead of drawing it
  int kitchens = 0;                       ///< so many of the kiosks are pick-ups only; 0: every kiosk is either
  int kiosks = 0;                         ///< laid out on free ground, in place of the region's own; 0: those
  int kiosk_slots = 4;                    ///< of each that is laid out, fleet.slots_apart_m apart
  double reach_m = 0.0;                   ///< orders go no farther than this; 0: anywhere
  double parcel_least_kg = 0.3;
  double parcel_most_kg = 2.0;
  double priority_share = 0.0;

  double preparation_s = 420.0;     ///< what a kitchen says, in the mean
  double preparation_spread = 0.3;  ///< of what it says, from order to order (logarithm)
  double readiness_error_s = 60.0;  ///< of the truth about what it said
  double late_share = 0.02;
  double late_s = 300.0;
  bool kitchens_tell = true;  ///< a late kitchen says so when the time has come
  double slow_share = 0.0;    ///< customers who take their time at the locker
  double slow_s = 60.0;

  geo::Wind wind = {.speed_m_s = 4.0, .from_deg = 135.0};
  double gust_strength = 1.0;
  double forecast_error_m_s = 0.8;
  std::vector<WeatherChange> weather = {};

  double link_loss_per_h = 0.0;  ///< rates of random faults: a flight hour
  double link_loss_s = 8.0;
  double battery_sag_per_h = 0.0;
  double motor_per_h = 0.0;
  double lost_messages = 0.0;     ///< share, drone to service and back
  double doubled_messages = 0.0;  ///< share
  std::vector<ScriptedFault> faults = {};

  bool deconfliction = true;  ///< flights reserve their air; false only to compare with
  double weather_hold_above_m_s =
      0.0;  ///< the operator stops departures in such wind, and lets them go after; 0: never
  std::vector<OperatorAct> operators = {};

  [[nodiscard]] double duration_s() const { return hours * 3600.0; }
  /// Seconds from `begin` to that hour of the day.
  [[nodiscard]] double second_of(double hour_of_day) const;
};

/// Errors: file_not_found, config_invalid and value_invalid with file:line, config_unknown_key with the nearest key.
/// Files that it names are looked for in `folder`; beside the scenario itself if that is empty.
[[nodiscard]] Expected<Scenario> read_scenario(const std::filesystem::path& file,
                                               const std::filesystem::path& folder = {});

}  // namespace swiftlet::sim
