#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <memory>
#include <string>

#include "dispatch/service/service.hpp"
#include "tools/verb.hpp"

namespace swiftlet::tools {
namespace {

std::atomic<bool> stop_asked{false};
std::atomic<bool> interrupted{false};
std::atomic<bool> renewal_asked{false};
const dispatch::WakeUp* wake_up_for_signals = nullptr;

void on_stop_signal(int signal) {
  if (signal == SIGINT) interrupted.store(true);
  stop_asked.store(true);
  if (wake_up_for_signals != nullptr) wake_up_for_signals->signal();
}

void on_hangup(int /*signal*/) {
  renewal_asked.store(true);
  if (wake_up_for_signals != nullptr) wake_up_for_signals->signal();
}

int serve(const std::string& file, const Globals& globals) {
  const auto config = dispatch::read_service_config(file);
  if (!config) return report(config.error(), globals);
  const dispatch::WakeUp wake_up;
  wake_up_for_signals = &wake_up;
  struct sigaction action {};
  action.sa_handler = on_stop_signal;
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
  action.sa_handler = on_hangup;
  sigaction(SIGHUP, &action, nullptr);

  int status = 0;
  try {
    dispatch::Service service(*config, {.planner_threads = globals.threads > 0 ? globals.threads : 1,
                                        .log_level = dispatch::log_level(globals.log_level)});
    if (const auto served = service.run(stop_asked, renewal_asked, wake_up); !served)
      status = report(served.error(), globals);
  } catch (const std::exception& error) {
    // A broken invariant: what is on disk is whole, so stopping is safe and going on is not.
    status = report(Error{.code = ErrorCode::internal, .message = error.what()}, globals);
  }
  wake_up_for_signals = nullptr;
  // Stopped by a supervisor it has done what it was asked to; stopped from the keyboard it was interrupted.
  return status == 0 && interrupted ? traits(ErrorCode::interrupted).exit_status : status;
}

}  // namespace

void add_serve(CLI::App& app, VerbContext context) {
  auto* command = app.add_subcommand("serve", "Run the dispatch service");
  auto file = std::make_shared<std::string>();
  command->add_option("--config", *file, "The service's configuration, TOML")->required();
  command->footer(
      "The configuration: swiftlet config init. Merchants come by ZeroMQ, and by HTTP where it has [merchant_http];\n"
      "their webhooks stand in [[merchant]]. SIGHUP: the webhooks are read again; keys, tokens, accounts and "
      "certificates\n"
      "are followed all the while; all else needs a restart.");
  command->callback([file, context] { context.exit_status = serve(*file, context.globals); });
}

}  // namespace swiftlet::tools
