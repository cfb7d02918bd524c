#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "tools/verb.hpp"

namespace swiftlet::tools {

int report(const Error& error, const Globals& globals) {
  if (globals.json) {
    nlohmann::ordered_json out{{"schema", "swiftlet.error/1"}, {"code", name(error.code)}, {"message", error.message}};
    if (!error.where.empty()) out["where"] = error.where;
    if (!error.hint.empty()) out["hint"] = error.hint;
    fmt::print("{}\n", out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  } else {
    fmt::print(stderr, "swiftlet: {}\n", describe(error));
  }
  return traits(error.code).exit_status;
}

}  // namespace swiftlet::tools

int main(int argc, char** argv) {
  using namespace swiftlet::tools;
  CLI::App app{"Swiftlet plans and runs low-altitude drone deliveries over a real city."};
  app.set_version_flag("--version", std::string("swiftlet " SWIFTLET_VERSION));
  app.require_subcommand(1);
  app.fallthrough();

  Globals globals;
  int exit_status = 0;
  app.add_flag("--json", globals.json, "Machine-readable output on standard output");
  app.add_option("--seed", globals.seed, "Seed of everything random");
  app.add_option("--threads", globals.threads, "Worker threads; 0 for one a core")->check(CLI::Range(0, 1024));
  app.add_option("--log-level", globals.log_level, "error, warn, info or debug")
      ->check(CLI::IsMember({"error", "warn", "info", "debug"}));

  const VerbContext context{.globals = globals, .exit_status = exit_status};
  add_bench(app, context);
  add_map(app, context);
  add_fly(app, context);
  add_plan(app, context);
  add_serve(app, context);
  add_verify(app, context);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    fmt::print(stderr, "swiftlet: internal: {}\n", error.what());
    return 1;
  }
  return exit_status;
}
