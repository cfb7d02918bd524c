#include "tools/plan_all_pairs.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <fstream>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "geo/policy_fields.hpp"
#include "planner/route_json.hpp"

namespace swiftlet::tools {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;
using planner::Route;
using planner::RouteStatus;

Error refused_output(const fs::path& file) {
  return {.code = ErrorCode::output_refused, .message = "cannot be written", .where = file.string()};
}

/// What has to be the same for an unfinished run to be gone on with.
std::string fingerprint(const AllPairsTask& task) {
  ordered_json policy;
  for (const geo::PolicyField& field : geo::policy_fields())
    policy[std::string(field.key)] = task.request.policy.*field.member;
  policy[std::string(geo::kFlyUnder)] = task.request.policy.fly_under;
  ordered_json of{{"schema", "swiftlet.all_pairs_part/1"},
                  {"airspace_hash", task.planner.airspace().hash},
                  {"vehicle", task.vehicle.name},
                  {"objective", planner::name(task.request.objective)},
                  {"depart", format_rfc3339(task.request.depart)},
                  {"payload_kg", task.request.payload_kg},
                  {"planner", task.options.planner},
                  {"seed", task.options.seed},
                  {"effort", task.options.effort.value_or(-1)},
                  {"policy", policy},
                  {"authorisations", task.request.authorisations}};
  if (task.request.battery_wh) of["battery_wh"] = *task.request.battery_wh;
  if (task.request.arrive_by) of["arrive_by"] = format_rfc3339(*task.request.arrive_by);
  if (task.request.max_ground_risk) of["max_ground_risk"] = *task.request.max_ground_risk;
  if (task.request.wind) of["wind"] = {task.request.wind->speed_m_s, task.request.wind->from_deg};
  return of.dump();
}

/// A route as a feature, without what differs from run to run.
std::string feature_of(const Route& route) {
  ordered_json properties = planner::to_json(route);
  ordered_json geometry = nullptr;
  if (route.status == RouteStatus::ok) {
    ordered_json line = ordered_json::array();
    for (const planner::Waypoint& w : route.waypoints)
      line.push_back({w.position.lon_deg, w.position.lat_deg, w.position.alt_msl_m});
    geometry = {{"type", "LineString"}, {"coordinates", std::move(line)}};
  }
  properties.erase("waypoints");
  properties.erase("planning");
  return ordered_json{
      {"type", "Feature"}, {"id", route.id}, {"geometry", std::move(geometry)}, {"properties", std::move(properties)}}
      .dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

class AllPairs {
 public:
  explicit AllPairs(const AllPairsTask& task) : task_(task), part_(task.out.string() + ".part") {
    for (const geo::Pad& from : task.planner.airspace().pads) {
      for (const geo::Pad& to : task.planner.airspace().pads) {
        if (from.id != to.id) pairs_.emplace_back(from.id, to.id);
      }
    }
    features_.resize(pairs_.size());
  }

  Expected<AllPairsSummary> run() {
    if (pairs_.empty()) {
      return fail(ErrorCode::bad_request, fmt::format("{} has fewer than two pads", task_.planner.airspace().name),
                  "--all-pairs");
    }
    if (const auto done = take_up(); !done) return Unexpected(done.error());
    plan_missing();
    if (!kept_.good()) return Unexpected(refused_output(part_));
    if (const auto done = write(); !done) return Unexpected(done.error());
    return count();
  }

 private:
  [[nodiscard]] std::string id_of(std::size_t k) const { return pairs_[k].first + " - " + pairs_[k].second; }

  /// Reads what an earlier run has kept; what it was killed in the middle of writing is left out.
  Expected<void> take_up() {
    const std::string head = fingerprint(task_);
    std::map<std::string, std::size_t> number_of;
    for (std::size_t k = 0; k < pairs_.size(); ++k) number_of.emplace(id_of(k), k);
    std::string known = head + "\n";
    if (std::ifstream in(part_, std::ios::binary); in) {
      std::string line;
      if (std::getline(in, line) && line != head) {
        return fail(
            ErrorCode::bad_request,
            "is an unfinished run of another task (airspace, policy, departure …); remove it, or ask for the same",
            part_.string());
      }
      while (std::getline(in, line) && !in.eof()) {
        const auto json = nlohmann::json::parse(line, nullptr, false);
        if (!json.is_object() || !json.contains("id") || !json["id"].is_string()) continue;
        const auto at = number_of.find(json["id"].get<std::string>());
        if (at == number_of.end() || !features_[at->second].empty()) continue;
        known += line + "\n";
        features_[at->second] = std::move(line);
        ++resumed_;
      }
    }
    kept_.open(part_, std::ios::binary | std::ios::trunc);
    kept_ << known << std::flush;
    if (!kept_) return Unexpected(refused_output(part_));
    return {};
  }

  void plan_missing() {
    std::vector<std::size_t> missing;
    for (std::size_t k = 0; k < pairs_.size(); ++k) {
      if (features_[k].empty()) missing.push_back(k);
    }
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      for (std::size_t n = next++; n < missing.size(); n = next++) {
        const std::size_t k = missing[n];
        planner::PlanRequest request = task_.request;
        request.id = id_of(k);
        request.from = planner::PadRef{.pad = pairs_[k].first};
        request.to = planner::PadRef{.pad = pairs_[k].second};
        std::string feature = feature_of(task_.planner.plan(request, task_.vehicle, task_.options));
        const std::lock_guard lock(mutex_);
        kept_ << feature << '\n' << std::flush;
        features_[k] = std::move(feature);
        show_progress(++answered_ + resumed_);
      }
    };
    std::vector<std::jthread> workers;
    for (unsigned t = 0; t < task_.threads; ++t) workers.emplace_back(work);
    workers.clear();
    if (terminal_) fmt::print(stderr, "\r\033[K");
  }

  void show_progress(std::size_t done) const {
    if (!terminal_) return;
    constexpr std::size_t kWidth = 40;
    const std::size_t filled = kWidth * done / pairs_.size();
    fmt::print(stderr, "\r[{:<{}}] {}/{}", std::string(filled, '#'), kWidth, done, pairs_.size());
    std::fflush(stderr);
  }

  Expected<void> write() {
    const fs::path beside = task_.out.string() + ".new";
    {
      std::ofstream out(beside, std::ios::binary);
      out << R"({"type":"FeatureCollection","features":[)" << '\n';
      for (std::size_t k = 0; k < features_.size(); ++k)
        out << features_[k] << (k + 1 < features_.size() ? ",\n" : "\n");
      out << "]}\n";
      out.close();
      if (!out) return Unexpected(refused_output(beside));
    }
    std::error_code ec;
    fs::rename(beside, task_.out, ec);
    if (ec) return Unexpected(refused_output(task_.out));
    kept_.close();
    fs::remove(part_, ec);
    return {};
  }

  [[nodiscard]] AllPairsSummary count() const {
    AllPairsSummary summary{.pairs = pairs_.size(), .resumed = resumed_};
    for (const std::string& feature : features_) {
      const auto status = nlohmann::json::parse(feature).at("properties").at("status").get<std::string>();
      summary.ok += status == planner::name(RouteStatus::ok) ? 1 : 0;
      summary.infeasible += status == planner::name(RouteStatus::infeasible) ? 1 : 0;
    }
    return summary;
  }

  const AllPairsTask& task_;
  fs::path part_;
  std::vector<std::pair<std::string, std::string>> pairs_;
  std::vector<std::string> features_;  ///< by pair; empty until it is answered
  std::mutex mutex_;
  std::ofstream kept_;
  std::size_t answered_ = 0;
  std::size_t resumed_ = 0;
  bool terminal_ = isatty(STDERR_FILENO) == 1;
};

}  // namespace

Expected<AllPairsSummary> plan_all_pairs(const AllPairsTask& task) { return AllPairs(task).run(); }

}  // namespace swiftlet::tools
