#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "geo/error.hpp"

namespace swiftlet::sim {

/// A key of a scenario and the values that it takes in turn: "fleet.drones=50..150:3" is 50, 100 and 150.
struct Sweep {
  std::string section = {};
  std::string key = {};
  std::vector<double> values = {};
};
/// Errors: usage.
[[nodiscard]] Expected<Sweep> parse_sweep(std::string_view text);

/// All combinations of several sweeps, the last running fastest: a value for each sweep.
[[nodiscard]] std::vector<std::vector<double>> sweep_points(const std::vector<Sweep>& sweeps);

/// The scenario's text with that key of that section set: its line is put in the place of the old one, or added. Keys
/// of tables in arrays ([[…]]) cannot be swept. Whether there is such a key is for read_scenario() to say.
[[nodiscard]] std::string with_value(std::string_view text, const std::string& section, const std::string& key,
                                     double value);

}  // namespace swiftlet::sim
