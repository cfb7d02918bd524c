#pragma once

#include <cstdint>
#include <string>

#include "geo/error.hpp"

namespace CLI {
class App;
}

namespace swiftlet::tools {

/// What every verb takes.
struct Globals {
  bool json = false;
  std::uint64_t seed = 1;
  int threads = 0;  ///< 0: as many as there are cores
  std::string log_level = "info";
};

/// What a verb was set up with, and where it leaves the exit status of its run.
struct VerbContext {
  const Globals& globals;
  int& exit_status;
};

/// Prints the error (one JSON object with --json, else a line on standard error); its exit status.
int report(const Error& error, const Globals& globals);

// One function a verb, each in its own file: it adds the subcommand and its callback.
void add_accounts(CLI::App& app, VerbContext context);
void add_bench(CLI::App& app, VerbContext context);
void add_bridge(CLI::App& app, VerbContext context);
void add_completion(CLI::App& app, VerbContext context);
void add_config(CLI::App& app, VerbContext context);
void add_doctor(CLI::App& app, VerbContext context);
void add_export(CLI::App& app, VerbContext context);
void add_fly(CLI::App& app, VerbContext context);
void add_keys(CLI::App& app, VerbContext context);
void add_map(CLI::App& app, VerbContext context);
void add_order(CLI::App& app, VerbContext context);
void add_plan(CLI::App& app, VerbContext context);
void add_predict(CLI::App& app, VerbContext context);
void add_replay(CLI::App& app, VerbContext context);
void add_serve(CLI::App& app, VerbContext context);
void add_simulate(CLI::App& app, VerbContext context);
void add_verify(CLI::App& app, VerbContext context);

}  // namespace swiftlet::tools
