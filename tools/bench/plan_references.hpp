#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "geo/error.hpp"

namespace swiftlet::tools {

/// The best cost that anyone has found for one request: made by `swiftlet bench plan --full`, kept in tests/reference.
struct PlanReference {
  std::string region;
  std::string airspace_hash;
  double ceiling_agl_m = 0.0;
  LonLat from;
  LonLat to;
  double cost_s = 0.0;
  std::string by;  ///< the planner that found it
  double lower_bound_s = 0.0;
  std::string commit;
  std::string date;
};

/// Errors: file_not_found, bad_json.
[[nodiscard]] Expected<std::vector<PlanReference>> read_references(const std::filesystem::path& file);

/// Written whole or not at all. Errors: output_refused.
[[nodiscard]] Expected<void> write_references(const std::vector<PlanReference>& references,
                                              const std::filesystem::path& file);

}  // namespace swiftlet::tools
