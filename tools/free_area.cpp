#include "tools/free_area.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "geo/proven_share.hpp"
#include "maps/airspace_manifest.hpp"

namespace swiftlet::tools {
namespace {

constexpr const char* kSchema = "swiftlet.free_area/1";
constexpr const char* kNumbers[] = {"max_height_agl_m",      "proven_m2",  "possible_m2",
                                    "proven_share_at_least", "components", "largest_component_m2"};

}  // namespace

nlohmann::ordered_json free_area(const geo::AirspacePtr& airspace) {
  auto list = nlohmann::ordered_json::array();
  if (airspace->bounds.grid().cell_count() > kMostCells) return list;
  for (const double ceiling_m : {50.0, 40.0, 35.0}) {
    if (ceiling_m <= airspace->policy.min_height_agl_m) continue;
    const geo::ProvenShare share = geo::proven_share(airspace, ceiling_m);
    list.push_back({{"max_height_agl_m", ceiling_m},
                    {"proven_m2", share.proven_m2},
                    {"possible_m2", share.possible_m2},
                    {"proven_share_at_least", share.at_least()},
                    {"components", share.components},
                    {"largest_component_m2", share.largest_m2}});
  }
  return list;
}

nlohmann::ordered_json stored_free_area(const std::filesystem::path& dir, const std::string& hash) {
  std::ifstream in(dir / maps::kFreeAreaName);
  const auto kept = nlohmann::ordered_json::parse(in, nullptr, false);
  const auto says = [&](const char* key, const std::string& value) {
    return kept.contains(key) && kept.at(key) == value;
  };
  if (!kept.is_object() || !says("schema", kSchema) || !says("hash", hash)) return nullptr;
  const auto shares = kept.find("free_area");
  if (shares == kept.end() || !shares->is_array()) return nullptr;
  const bool sound = std::all_of(shares->begin(), shares->end(), [](const auto& share) {
    return share.is_object() && std::all_of(std::begin(kNumbers), std::end(kNumbers), [&](const char* key) {
             return share.contains(key) && share.at(key).is_number();
           });
  });
  return sound ? *shares : nlohmann::ordered_json();
}

bool store_free_area(const std::filesystem::path& dir, const std::string& hash, const nlohmann::ordered_json& shares) {
  const std::filesystem::path file = dir / maps::kFreeAreaName;
  const std::filesystem::path fresh = file.string() + ".new";
  std::ofstream out(fresh, std::ios::binary);
  out << nlohmann::ordered_json{{"schema", kSchema}, {"hash", hash}, {"free_area", shares}}.dump(2) << '\n';
  out.close();
  std::error_code ec;
  if (out) std::filesystem::rename(fresh, file, ec);
  if (out && !ec) return true;
  std::filesystem::remove(fresh, ec);
  return false;
}

void print_free_area(const nlohmann::ordered_json& shares) {
  for (const auto& share : shares) {
    fmt::print(
        "under {:>3} m  at least {:.2f} % of the exact free area is proven free; {} components of 100 m2 and "
        "more, the largest {:.2f} %\n",
        share.at("max_height_agl_m").get<double>(), 100.0 * share.at("proven_share_at_least").get<double>(),
        share.at("components").get<std::size_t>(),
        100.0 * share.at("largest_component_m2").get<double>() / std::max(1.0, share.at("proven_m2").get<double>()));
  }
}

}  // namespace swiftlet::tools
