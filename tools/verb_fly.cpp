#include <fmt/core.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "dispatch/drone_link/drone_fleet.hpp"
#include "dispatch/keys/key_file.hpp"
#include "sim/drone_agent.hpp"
#include "tools/finite_range.hpp"
#include "tools/verb.hpp"

namespace swiftlet::tools {
namespace {

using namespace std::chrono_literals;

volatile std::sig_atomic_t stop_wanted = 0;

struct FlyOptions {
  std::string endpoint = "tcp://127.0.0.1:7002";
  std::size_t drones = 1;
  std::string vehicle = "courier-4";
  std::string wind = "0,0";
  std::string gusts = "on";
  double telemetry_hz = 2.0;
  double swap_s = 30.0;
  std::string server_key;
  std::string key;
};

std::string drone_name(std::size_t number) { return fmt::format("D{:02}", number); }

Expected<geo::Wind> parse_wind(const std::string& text) {
  geo::Wind wind;
  char rest = 0;
  const int read = std::sscanf(text.c_str(), "%lf,%lf%c", &wind.speed_m_s, &wind.from_deg, &rest);
  const bool in_range =
      wind.speed_m_s >= 0.0 && wind.speed_m_s <= 60.0 && wind.from_deg >= 0.0 && wind.from_deg <= 360.0;
  if (read != 2 || !in_range) {
    return fail(ErrorCode::usage, fmt::format("'{}' should be SPEED_M_S,FROM_DEG within 0–60 m/s and 0–360°", text),
                "--wind");
  }
  return wind;
}

/// The keys of drones D01, D02 … in a folder, or of the one drone whose file is given.
Expected<drone_link::LinkKeys> keys_of(const FlyOptions& options) {
  if (options.server_key.empty() && options.key.empty()) return drone_link::LinkKeys{};
  if (options.server_key.empty() || options.key.empty()) {
    return fail(ErrorCode::usage, "--server-key and --key belong together",
                options.key.empty() ? "--key" : "--server-key");
  }
  const auto server = dispatch::read_public_key(options.server_key);
  if (!server) return Unexpected(server.error());
  drone_link::LinkKeys keys{.server_public_key = *server};
  const bool folder = std::filesystem::is_directory(options.key);
  if (!folder && options.drones != 1) {
    return fail(ErrorCode::usage, "for more than one drone it should be a folder with D01.key_secret and so on",
                "--key");
  }
  for (std::size_t i = 1; i <= options.drones; ++i) {
    const auto file = folder ? std::filesystem::path(options.key) / (drone_name(i) + ".key_secret")
                             : std::filesystem::path(options.key);
    const auto pair = dispatch::read_key_pair(file);
    if (!pair) return Unexpected(pair.error());
    keys.drones.push_back(*pair);
  }
  return keys;
}

Expected<std::vector<sim::AgentOptions>> fleet_of(const FlyOptions& options, std::uint64_t seed) {
  const auto profile = planner::load_vehicle(options.vehicle);
  if (!profile) return Unexpected(profile.error());
  const auto wind = parse_wind(options.wind);
  if (!wind) return Unexpected(wind.error());
  // With a key of its own a drone is who the key says; it need not name itself.
  const bool one_key = !options.key.empty() && !std::filesystem::is_directory(options.key);
  std::vector<sim::AgentOptions> fleet;
  for (std::size_t i = 1; i <= options.drones; ++i) {
    fleet.push_back({.drone = one_key ? std::filesystem::path(options.key).stem().string() : drone_name(i),
                     .profile = *profile,
                     .air = {.wind = *wind, .gusts = options.gusts == "on", .seed = seed * 1000 + i},
                     .telemetry_hz = options.telemetry_hz,
                     .swap_s = options.swap_s});
  }
  return fleet;
}

/// A drone's connection takes four file descriptors, and as many again while it is made anew: more than a shell usually
/// lets a process have, so the limit is raised as far as that needs.
Expected<void> make_room_for(std::size_t drones) {
  const rlim_t wanted = 64 + 8 * drones;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return {};
  limit.rlim_cur = wanted;
  if (limit.rlim_max >= wanted && ::setrlimit(RLIMIT_NOFILE, &limit) == 0) return {};
  return fail(
      ErrorCode::usage,
      fmt::format("{} drones need {} open files; the hard limit is {} (ulimit -Hn)", drones, wanted, limit.rlim_max),
      "--drones");
}

int fly(const FlyOptions& options, const Globals& globals) {
  const auto drones = fleet_of(options, globals.seed);
  if (!drones) return report(drones.error(), globals);
  auto keys = keys_of(options);
  if (!keys) return report(keys.error(), globals);
  if (const auto room = make_room_for(options.drones); !room) return report(room.error(), globals);

  const bool chatty = globals.log_level != "error";
  const auto log = [chatty](std::string_view drone, std::string_view what) {
    if (chatty) fmt::print(stderr, "fly: {}: {}\n", drone, what);
  };
  std::signal(SIGINT, [](int) { stop_wanted = SIGINT; });
  std::signal(SIGTERM, [](int) { stop_wanted = SIGTERM; });
  try {
    drone_link::DroneFleet fleet(options.endpoint, sim::agents_of(*drones), log, std::move(*keys));
    bool said_ready = false;
    while (stop_wanted == 0) {
      fleet.turn(10ms);
      if (!said_ready && fleet.ready()) {
        said_ready = true;
        const nlohmann::ordered_json line{{"ready", true}, {"pid", ::getpid()}, {"drones", drones->size()}};
        fmt::print("{}\n", line.dump());
        std::fflush(stdout);
      }
    }
  } catch (const std::invalid_argument& error) {
    return report(Error{.code = ErrorCode::usage, .message = error.what(), .where = "--connect"}, globals);
  }
  log("fleet", "stopped");
  return stop_wanted == SIGINT ? traits(ErrorCode::interrupted).exit_status : 0;
}

}  // namespace

void add_fly(CLI::App& app, VerbContext context) {
  CLI::App* verb = app.add_subcommand("fly", "Simulated drones over the real drone link, until interrupted");
  auto options = std::make_shared<FlyOptions>();
  verb->add_option("--connect", options->endpoint, "The service's drone link")->envname("SWIFTLET_ENDPOINT");
  verb->add_option("--drones", options->drones, "How many: D01, D02 …")->check(CLI::Range(1, 1000));
  verb->add_option("--vehicle", options->vehicle, "Profile by name or file");
  verb->add_option("--wind", options->wind, "Mean wind, SPEED_M_S,FROM_DEG");
  verb->add_option("--gusts", options->gusts, "Turbulence about the mean wind")->check(CLI::IsMember({"on", "off"}));
  verb->add_option("--telemetry-hz", options->telemetry_hz, "Reports a service second")->check(FiniteRange(1.0, 5.0));
  verb->add_option("--swap-s", options->swap_s, "How long a battery swap takes")->check(FiniteRange(0.0, 3600.0));
  verb->add_option("--server-key", options->server_key, "The service's public key, server.key")
      ->envname("SWIFTLET_SERVER_KEY");
  verb->add_option("--key", options->key, "The drone's NAME.key_secret, or a folder with D01.key_secret …")
      ->envname("SWIFTLET_KEY");
  verb->callback([options, context] { context.exit_status = fly(*options, context.globals); });
}

}  // namespace swiftlet::tools
