#include "tools/bench/plan_references.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

namespace swiftlet::tools {

using nlohmann::ordered_json;

Expected<std::vector<PlanReference>> read_references(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) return fail(ErrorCode::file_not_found, "cannot be read", file.string());
  std::vector<PlanReference> out;
  try {
    for (const auto& r : ordered_json::parse(in).at("references")) {
      out.push_back({.region = r.at("region"),
                     .airspace_hash = r.at("airspace_hash"),
                     .ceiling_agl_m = r.at("ceiling_agl_m"),
                     .from = {r.at("from").at(0), r.at("from").at(1)},
                     .to = {r.at("to").at(0), r.at("to").at(1)},
                     .cost_s = r.at("cost_s"),
                     .by = r.at("by"),
                     .lower_bound_s = r.at("lower_bound_s"),
                     .commit = r.at("commit"),
                     .date = r.at("date")});
    }
  } catch (const nlohmann::json::exception& error) {
    return fail(ErrorCode::bad_json, error.what(), file.string());
  }
  return out;
}

Expected<void> write_references(const std::vector<PlanReference>& references, const std::filesystem::path& file) {
  ordered_json list = ordered_json::array();
  for (const PlanReference& r : references) {
    list.push_back({{"region", r.region},
                    {"airspace_hash", r.airspace_hash},
                    {"ceiling_agl_m", r.ceiling_agl_m},
                    {"from", {r.from.lon_deg, r.from.lat_deg}},
                    {"to", {r.to.lon_deg, r.to.lat_deg}},
                    {"cost_s", r.cost_s},
                    {"by", r.by},
                    {"lower_bound_s", r.lower_bound_s},
                    {"commit", r.commit},
                    {"date", r.date}});
  }
  const std::filesystem::path beside = file.string() + ".part";
  {
    std::ofstream out(beside, std::ios::binary);
    out << ordered_json{{"schema", "swiftlet.plan_references/1"}, {"references", list}}.dump(1) << '\n';
    out.close();
    if (!out) return fail(ErrorCode::output_refused, "cannot be written", beside.string());
  }
  std::error_code ec;
  std::filesystem::rename(beside, file, ec);
  if (ec) return fail(ErrorCode::output_refused, ec.message(), file.string());
  return {};
}

}  // namespace swiftlet::tools
