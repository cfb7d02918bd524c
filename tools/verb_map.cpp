#include <CLI/CLI.hpp>

#include "tools/map_verbs.hpp"

namespace swiftlet::tools {

void add_map(CLI::App& app, VerbContext context) {
  CLI::App* map = app.add_subcommand("map", "Compile, check and look at airspaces");
  map->require_subcommand(1);
  add_map_build(*map, context);
  add_map_check(*map, context);
  add_map_info(*map, context);
  add_map_diff(*map, context);
  add_map_export_zones(*map, context);
}

}  // namespace swiftlet::tools
