#include <CLI/CLI.hpp>

#include "tools/simulate/simulate_verbs.hpp"
#include "tools/verb.hpp"

namespace swiftlet::tools {

void add_simulate(CLI::App& app, VerbContext context) {
  CLI::App* simulate = app.add_subcommand("simulate", "Rehearse before a propeller turns");
  simulate->require_subcommand(1);
  add_simulate_fleet(*simulate, context);
  add_simulate_route(*simulate, context);
}

}  // namespace swiftlet::tools
