#include <fmt/core.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>

#include "geo/config_table.hpp"
#include "geo/sealed_bytes.hpp"
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

namespace {

/// The verb that a word may have meant, among those that may stand where it stands.
Error unknown_verb(const CLI::App& among, const std::string& word) {
  std::vector<std::string> known;
  for (const CLI::App* verb : among.get_subcommands([](const CLI::App*) { return true; })) {
    known.push_back(verb->get_name());
  }
  const std::string near = nearest_word(word, known);
  return {.code = ErrorCode::usage,
          .message = fmt::format("\"{}\" is no verb; known are {}", word, fmt::join(known, ", ")),
          .where = among.get_parent() == nullptr ? "" : among.get_name(),
          .hint = near.empty() ? "" : fmt::format("did you mean \"{}\"?", near)};
}

Error usage_error(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
  const CLI::App* at = &app;
  std::string path;  // of verbs, as they are typed
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto verbs = at->get_subcommands([](const CLI::App*) { return true; });
    if (verbs.empty() || word.starts_with("-")) continue;
    const auto verb =
        std::find_if(verbs.begin(), verbs.end(), [&](const CLI::App* v) { return v->get_name() == word; });
    if (verb != verbs.end()) {
      at = *verb;
      path += " " + at->get_name();
    } else if (error.get_name() == "RequiredError") {
      return unknown_verb(*at, word);
    }
  }
  return {.code = ErrorCode::usage,
          .message = error.what(),
          .where = path.empty() ? "" : path.substr(1),
          .hint = fmt::format("swiftlet{} --help tells more", path)};
}

/// Output that never arrived is a failure, whatever the verb thought: a full disk, or a reader that is gone.
int after_output(int exit_status, const Globals& globals) {
  const bool earlier = std::ferror(stdout) != 0;
  std::cout.flush();
  const bool now = std::fflush(stdout) != 0;
  const std::string why = now ? fmt::format(": {}", std::strerror(errno)) : "";
  if (!earlier && !now && std::cout.good()) return exit_status;
  Globals words = globals;
  words.json = false;  // there is nowhere to put JSON
  const int status =
      report({.code = ErrorCode::output_refused, .message = "standard output took not all of it" + why}, words);
  return exit_status == 0 ? status : exit_status;
}

}  // namespace
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
  app.add_option("--seed", globals.seed, "Seed of everything random")->check(CLI::NonNegativeNumber);
  app.add_option("--threads", globals.threads, "Worker threads; 0 for one a core")->check(CLI::Range(0, 1024));
  app.add_option("--log-level", globals.log_level, "error, warn, info or debug")
      ->check(CLI::IsMember({"error", "warn", "info", "debug"}));

  const VerbContext context{.globals = globals, .exit_status = exit_status};
  add_bench(app, context);
  add_bridge(app, context);
  add_completion(app, context);
  add_config(app, context);
  add_doctor(app, context);
  add_export(app, context);
  add_fly(app, context);
  add_accounts(app, context);
  add_keys(app, context);
  add_map(app, context);
  add_order(app, context);
  add_plan(app, context);
  add_predict(app, context);
  add_replay(app, context);
  add_serve(app, context);
  add_simulate(app, context);
  add_verify(app, context);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help and --version
    return report(usage_error(app, error, argc, argv), globals);
  } catch (const swiftlet::geo::AirspaceDamaged& damage) {
    return report(damage.error(), globals);
  } catch (const std::exception& error) {
    if (std::ferror(stdout) != 0) return after_output(0, globals);
    fmt::print(stderr, "swiftlet: internal: {}\n", error.what());
    return 1;
  }
  return after_output(exit_status, globals);
}
