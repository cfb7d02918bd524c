#include "planner/recorded_flight.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>

namespace swiftlet::planner {
namespace {

struct Column {
  std::string_view name;
  double FlightSample::*member;
  double least, most;
};

constexpr std::array kColumns{
    Column{"time_s", &FlightSample::time_s, -1e9, 1e10},
    Column{"airspeed_m_s", &FlightSample::airspeed_m_s, 0.0, 150.0},
    Column{"vertical_speed_m_s", &FlightSample::vertical_speed_m_s, -100.0, 100.0},
    Column{"air_density_kg_m3", &FlightSample::air_density_kg_m3, 0.1, 2.0},
    Column{"payload_kg", &FlightSample::payload_kg, 0.0, 10000.0},
};

std::vector<std::string_view> cells_of(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::vector<std::string_view> out;
  for (;;) {
    const auto comma = line.find(',');
    std::string_view cell = line.substr(0, comma);
    while (cell.starts_with(' ')) cell.remove_prefix(1);
    while (cell.ends_with(' ')) cell.remove_suffix(1);
    out.push_back(cell);
    if (comma == std::string_view::npos) return out;
    line.remove_prefix(comma + 1);
  }
}

std::optional<double> number_in(std::string_view cell) {
  double value = 0.0;
  const auto [end, ec] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (ec != std::errc() || end != cell.data() + cell.size()) return std::nullopt;
  return value;
}

class Reader {
 public:
  explicit Reader(const std::string& source) : source_(source) {}

  Expected<std::vector<RecordedFlight>> read(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      const std::string_view line = text.substr(at, end - at);
      at = end + 1;
      ++line_;
      const auto ok = line_ == 1 ? head(cells_of(line)) : row(line);
      if (!ok) return Unexpected(ok.error());
    }
    if (flights_.empty()) return fail(ErrorCode::value_invalid, "holds no flight", source_);
    for (const RecordedFlight& flight : flights_) {
      if (flight.samples.size() < 2) {
        return fail(ErrorCode::value_invalid, fmt::format("flight {} has one sample: two are needed", flight.name),
                    source_);
      }
    }
    return std::move(flights_);
  }

 private:
  [[nodiscard]] Unexpected wrong(const std::string& message) const {
    return fail(ErrorCode::value_invalid, message, fmt::format("{}:{}", source_, line_));
  }

  Expected<void> head(const std::vector<std::string_view>& cells) {
    width_ = cells.size();
    const auto find = [&](std::string_view name) -> Expected<std::size_t> {
      const auto found = std::find(cells.begin(), cells.end(), name);
      if (found == cells.end()) return wrong(fmt::format("the column {} is missing", name));
      return static_cast<std::size_t>(found - cells.begin());
    };
    const auto flight = find("flight");
    if (!flight) return Unexpected(flight.error());
    flight_at_ = *flight;
    for (std::size_t k = 0; k < kColumns.size(); ++k) {
      const auto at = find(kColumns[k].name);
      if (!at) return Unexpected(at.error());
      at_[k] = *at;
    }
    return {};
  }

  Expected<void> row(std::string_view line) {
    if (line.empty() || line == "\r") return {};
    const auto cells = cells_of(line);
    if (cells.size() != width_) return wrong(fmt::format("has {} columns, the head has {}", cells.size(), width_));
    FlightSample sample;
    for (std::size_t k = 0; k < kColumns.size(); ++k) {
      const Column& column = kColumns[k];
      const auto value = number_in(cells[at_[k]]);
      if (!value || !(*value >= column.least && *value <= column.most)) {
        return wrong(fmt::format("{} = \"{}\" must be a number from {} to {}", column.name, cells[at_[k]], column.least,
                                 column.most));
      }
      sample.*column.member = *value;
    }
    const std::string name(cells[flight_at_]);
    if (flights_.empty() || flights_.back().name != name) {
      if (!names_.insert(name).second) return wrong(fmt::format("the rows of flight {} do not stand together", name));
      flights_.push_back({.name = name, .samples = {}});
    }
    auto& samples = flights_.back().samples;
    if (!samples.empty() && sample.time_s <= samples.back().time_s) {
      return wrong(fmt::format("time_s = {} must be later than {}", sample.time_s, samples.back().time_s));
    }
    samples.push_back(sample);
    return {};
  }

  const std::string& source_;
  int line_ = 0;
  std::size_t width_ = 0;
  std::size_t flight_at_ = 0;
  std::array<std::size_t, kColumns.size()> at_{};
  std::set<std::string> names_;
  std::vector<RecordedFlight> flights_;
};

}  // namespace

Expected<std::vector<RecordedFlight>> parse_recorded_flights(std::string_view text, const std::string& source) {
  return Reader(source).read(text);
}

Expected<double> energy_wh(const RecordedFlight& flight, const VehicleProfile& vehicle) {
  double joules = 0.0;
  double power_before_w = 0.0;
  for (std::size_t k = 0; k < flight.samples.size(); ++k) {
    const FlightSample& s = flight.samples[k];
    if (s.payload_kg > vehicle.max_payload_kg) {
      return fail(
          ErrorCode::payload_too_heavy,
          fmt::format("payload_kg = {}: {} carries at most {}", s.payload_kg, vehicle.name, vehicle.max_payload_kg),
          fmt::format("flight {}", flight.name));
    }
    const double power_w =
        PowerModel(vehicle, s.payload_kg, s.air_density_kg_m3).power_w(s.airspeed_m_s, s.vertical_speed_m_s);
    if (k > 0) joules += 0.5 * (power_w + power_before_w) * (s.time_s - flight.samples[k - 1].time_s);
    power_before_w = power_w;
  }
  return joules / 3600.0;
}

}  // namespace swiftlet::planner
