#pragma once

#include "tools/verb.hpp"

namespace swiftlet::tools {

// One function a verb of `swiftlet map`, each in its own file.
void add_map_build(CLI::App& map, VerbContext context);
void add_map_check(CLI::App& map, VerbContext context);
void add_map_info(CLI::App& map, VerbContext context);
void add_map_diff(CLI::App& map, VerbContext context);
void add_map_export_zones(CLI::App& map, VerbContext context);

}  // namespace swiftlet::tools
