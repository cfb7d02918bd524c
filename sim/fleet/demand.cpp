#include "sim/fleet/demand.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <optional>

#include "geo/config_table.hpp"
#include "geo/local_frame.hpp"
#include "sim/motion/random_stream.hpp"

namespace swiftlet::sim {
namespace {

constexpr std::uint64_t kTimes = 101;
constexpr std::uint64_t kOrders = 102;

double rate_per_s(const Scenario& s, double at_s) {
  double per_h = 0.0;
  for (const auto& h : s.demand) {
    if (at_s >= s.second_of(h.from_h) && at_s < s.second_of(h.to_h)) per_h += h.orders_per_h;
  }
  for (const auto& u : s.surges) {
    if (at_s >= s.second_of(u.from_h) && at_s < s.second_of(u.to_h)) per_h *= u.factor;
  }
  return per_h / 3600.0;
}

/// Draws what a kitchen and a customer make of an order; each number has its own place in the order's stream.
void draw_people(const Scenario& s, RandomStream& random, WishedOrder& order) {
  const double said = s.preparation_s * std::exp(s.preparation_spread * random.normal());
  const double error = s.readiness_error_s * random.normal();
  const bool late = random.uniform() < s.late_share;
  const double late_s = s.late_s * random.uniform(0.5, 1.5);
  const bool slow = random.uniform() < s.slow_share;
  const double slow_s = s.slow_s * random.uniform(0.5, 1.5);
  order.said_ready_s = order.at_s + said;
  order.truly_ready_s = std::max(order.at_s, order.said_ready_s + error + (late ? late_s : 0.0));
  order.slow_s = slow ? slow_s : 0.0;
}

std::optional<double> number(std::string_view text) {
  double value = 0.0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> fields(1);
  for (const char c : line) {
    if (c == '\r') continue;
    if (c == ',') {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

bool is_kiosk(const geo::Pad& pad) { return pad.kind != geo::PadKind::hub; }

Expected<std::vector<WishedOrder>> read_csv(const Scenario& s, const std::vector<geo::Pad>& pads, std::uint64_t seed) {
  std::ifstream in(s.demand_csv);
  if (!in) return fail(ErrorCode::file_not_found, "cannot be read", s.demand_csv.string());
  std::vector<std::string> known;
  for (const geo::Pad& pad : pads) known.push_back(pad.id);
  std::vector<WishedOrder> orders;
  std::string line;
  for (int n = 1; std::getline(in, line); ++n) {
    const auto broken = [&](const std::string& why) {
      return fail(ErrorCode::value_invalid, why, fmt::format("{}:{}", s.demand_csv.string(), n));
    };
    if (n == 1 && line.starts_with("time")) continue;
    if (line.empty() || line == "\r") continue;
    const auto fields = split(line);
    if (fields.size() < 5 || fields.size() > 6) {
      return broken(
          fmt::format("has {} fields; should be time_s,id,from,to,priority and perhaps mass_kg", fields.size()));
    }
    const auto at = number(fields[0]);
    const auto priority = number(fields[4]);
    const auto mass = fields.size() == 6 ? number(fields[5]) : std::optional(s.parcel_least_kg);
    if (!at || *at < 0.0) return broken(fmt::format("time_s \"{}\" must be a number of 0 or more", fields[0]));
    if (!priority || *priority < 0.0 || *priority > 9.0 || *priority != std::floor(*priority)) {
      return broken(fmt::format("priority \"{}\" must be a whole number from 0 to 9", fields[4]));
    }
    if (!mass || *mass <= 0.0) return broken("mass_kg must be a number above 0");
    for (const std::size_t k : {std::size_t{2}, std::size_t{3}}) {
      if (std::find(known.begin(), known.end(), fields[k]) != known.end()) continue;
      const std::string near = nearest_word(fields[k], known);
      return broken(fmt::format("no pad \"{}\" in the region{}", fields[k],
                                near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near)));
    }
    if (fields[2] == fields[3]) return broken("goes from a pad to itself");
    WishedOrder order{.at_s = *at,
                      .id = fields[1],
                      .pickup = fields[2],
                      .dropoff = fields[3],
                      .mass_kg = *mass,
                      .priority = static_cast<int>(*priority)};
    RandomStream random(seed + kOrders, static_cast<std::uint64_t>(n));
    draw_people(s, random, order);
    orders.push_back(std::move(order));
  }
  std::stable_sort(orders.begin(), orders.end(),
                   [](const WishedOrder& a, const WishedOrder& b) { return a.at_s < b.at_s; });
  if (orders.empty()) return fail(ErrorCode::value_invalid, "has no orders", s.demand_csv.string());
  return orders;
}

}  // namespace

Expected<std::vector<WishedOrder>> make_demand(const Scenario& s, const std::vector<geo::Pad>& pads,
                                               std::uint64_t seed) {
  if (!s.demand_csv.empty()) return read_csv(s, pads, seed);
  std::vector<const geo::Pad*> kiosks;
  for (const geo::Pad& pad : pads) {
    if (is_kiosk(pad)) kiosks.push_back(&pad);
  }
  if (kiosks.size() < 2) return fail(ErrorCode::value_invalid, "the region has fewer than two kiosks", s.file.string());
  if (s.kitchens >= static_cast<int>(kiosks.size())) {
    return fail(ErrorCode::value_invalid,
                fmt::format("kitchens = {} leaves none of the {} kiosks to deliver to", s.kitchens, kiosks.size()),
                s.file.string() + ": demand.kitchens");
  }
  // Kitchens are spread over the kiosks as they come.
  std::vector<const geo::Pad*> pickups = kiosks;
  std::vector<const geo::Pad*> dropoffs = kiosks;
  if (s.kitchens > 0) {
    pickups.clear();
    dropoffs.clear();
    for (std::size_t k = 0; k < kiosks.size(); ++k) {
      const bool kitchen = k * static_cast<std::size_t>(s.kitchens) / kiosks.size() !=
                           (k + 1) * static_cast<std::size_t>(s.kitchens) / kiosks.size();
      (kitchen ? pickups : dropoffs).push_back(kiosks[k]);
    }
  }
  const geo::LocalFrame frame(kiosks.front()->slots.front().lonlat());
  const auto place = [&](const geo::Pad& pad) { return frame.to_local(pad.slots.front().lonlat()); };

  double most_per_s = 0.0;
  for (double t = 0.0; t < s.duration_s(); t += 60.0) most_per_s = std::max(most_per_s, rate_per_s(s, t));
  std::vector<WishedOrder> orders;
  if (most_per_s <= 0.0) return fail(ErrorCode::value_invalid, "the demand is nought all day", s.file.string());
  RandomStream times(seed + kTimes);
  for (double t = times.exponential(most_per_s); t < s.duration_s(); t += times.exponential(most_per_s)) {
    // Thinning: the rate of the moment over the highest.
    if (times.uniform() * most_per_s >= rate_per_s(s, t)) continue;
    RandomStream random(seed + kOrders, orders.size() + 1);
    WishedOrder order{.at_s = std::floor(t), .id = fmt::format("c{:06}", orders.size() + 1)};
    const geo::Pad* from = pickups[random.next() % pickups.size()];
    std::vector<const geo::Pad*> reachable;
    for (const geo::Pad* to : dropoffs) {
      if (to != from && (s.reach_m <= 0.0 || (place(*to) - place(*from)).norm() <= s.reach_m)) reachable.push_back(to);
    }
    const std::uint64_t pick = random.next();
    order.mass_kg = std::round(random.uniform(s.parcel_least_kg, s.parcel_most_kg) * 100.0) / 100.0;
    order.priority = random.uniform() < s.priority_share ? 9 : 5;
    draw_people(s, random, order);
    if (reachable.empty()) continue;
    order.pickup = from->id;
    order.dropoff = reachable[pick % reachable.size()]->id;
    orders.push_back(std::move(order));
  }
  return orders;
}

}  // namespace swiftlet::sim
