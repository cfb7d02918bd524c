#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "dispatch/keys/key_file.hpp"
#include "dispatch/mavlink/bridge.hpp"
#include "tools/finite_range.hpp"
#include "tools/verb.hpp"

namespace swiftlet::tools {
namespace {

volatile std::sig_atomic_t stop_wanted = 0;

struct MavlinkArguments {
  std::string endpoint = "tcp://127.0.0.1:7002";
  std::string server_key;
  std::string key;
  std::string drone;
  std::string listen;
  std::string vehicle;
  std::string profile;
  std::string state;
  std::string release;
  std::string signing_key;
  bool no_fence = false;
  int system = 0;
  int own_system = mavlink::kBridge.system;
  int own_component = mavlink::kBridge.component;
  double telemetry_hz = 2.0;
  std::optional<double> loaded_after_s;
  std::optional<double> released_after_s;
  double ready_battery_share = 0.9;
};

Expected<drone_link::LinkKeys> keys_of(const MavlinkArguments& arguments) {
  if (arguments.server_key.empty() && arguments.key.empty()) return drone_link::LinkKeys{};
  if (arguments.server_key.empty() || arguments.key.empty()) {
    return fail(ErrorCode::usage, "--server-key and --key belong together",
                arguments.key.empty() ? "--key" : "--server-key");
  }
  const auto server = dispatch::read_public_key(arguments.server_key);
  if (!server) return Unexpected(server.error());
  const auto own = dispatch::read_key_pair(arguments.key);
  if (!own) return Unexpected(own.error());
  return drone_link::LinkKeys{.server_public_key = *server, .drones = {*own}};
}

/// A key's drone is who the key says it is; without keys the name has to be said.
Expected<std::string> name_of(const MavlinkArguments& arguments) {
  if (!arguments.drone.empty()) return arguments.drone;
  if (!arguments.key.empty()) return std::filesystem::path(arguments.key).stem().string();
  return fail(ErrorCode::usage, "without --key the service has to be told which drone this is, as in D01", "--drone");
}

Expected<mavlink::Handling> handling_of(const MavlinkArguments& arguments) {
  mavlink::Handling handling{.loaded_after_s = arguments.loaded_after_s,
                             .release = {},
                             .released_after_s = arguments.released_after_s,
                             .ready_battery_share = arguments.ready_battery_share};
  if (arguments.release.empty()) return handling;
  const auto command = mavlink::release_command(arguments.release);
  if (!command) return Unexpected(command.error());
  handling.release = *command;
  return handling;
}

Expected<mavlink::UdpPort> port_of(const MavlinkArguments& arguments) {
  if (arguments.vehicle.empty()) return mavlink::UdpPort::listen(arguments.listen, "--listen");
  return mavlink::UdpPort::towards(arguments.vehicle, "--vehicle");
}

int run(const MavlinkArguments& arguments, const Globals& globals) {
  if (arguments.own_system == arguments.system) {
    return report(Error{.code = ErrorCode::usage,
                        .message = "the bridge and its vehicle cannot be one MAVLink system",
                        .where = "--own-system"},
                  globals);
  }
  const auto profile = planner::load_vehicle(arguments.profile);
  if (!profile) return report(profile.error(), globals);
  const auto name = name_of(arguments);
  if (!name) return report(name.error(), globals);
  auto keys = keys_of(arguments);
  if (!keys) return report(keys.error(), globals);
  const auto handling = handling_of(arguments);
  if (!handling) return report(handling.error(), globals);
  auto logbook = mavlink::read_logbook(arguments.state);
  if (!logbook) return report(logbook.error(), globals);
  // What cannot be kept is found out now, not with a vehicle in the air.
  if (const auto kept = mavlink::write_logbook(arguments.state, *logbook); !kept) return report(kept.error(), globals);
  std::optional<mavlink::SigningKey> signing;
  if (!arguments.signing_key.empty()) {
    const auto key = mavlink::read_signing_key(arguments.signing_key);
    if (!key) return report(key.error(), globals);
    signing = *key;
  }
  auto port = port_of(arguments);
  if (!port) return report(port.error(), globals);

  const bool chatty = globals.log_level != "error";
  const auto log = [chatty, drone = *name](std::string_view what) {
    if (chatty) fmt::print(stderr, "bridge: {}: {}\n", drone, what);
  };
  std::signal(SIGINT, [](int) { stop_wanted = SIGINT; });
  std::signal(SIGTERM, [](int) { stop_wanted = SIGTERM; });
  try {
    mavlink::Bridge bridge(std::move(*port), signing, arguments.endpoint, std::move(*keys),
                           {.drone = *name,
                            .profile = *profile,
                            .telemetry_hz = arguments.telemetry_hz,
                            .system = arguments.system,
                            .own = {.system = static_cast<std::uint8_t>(arguments.own_system),
                                    .component = static_cast<std::uint8_t>(arguments.own_component)},
                            .fences = !arguments.no_fence,
                            .handling = *handling,
                            .logbook = arguments.state,
                            .log = log},
                           std::move(*logbook));
    const auto tell = [](const nlohmann::ordered_json& line) {
      fmt::print("{}\n", line.dump());
      std::fflush(stdout);
    };
    tell({{"listening", true}, {"pid", ::getpid()}, {"udp_port", bridge.port()}});
    bool said_ready = false;
    while (stop_wanted == 0) {
      bridge.turn();
      if (!said_ready && bridge.ready()) {
        said_ready = true;
        tell({{"ready", true}, {"drone", *name}});
      }
    }
  } catch (const std::invalid_argument& error) {
    return report(Error{.code = ErrorCode::usage, .message = error.what(), .where = "--connect"}, globals);
  } catch (const mavlink::LogbookLost& lost) {
    return report(lost.error, globals);
  }
  log("stopped; the vehicle goes on with what it has");
  return stop_wanted == SIGINT ? traits(ErrorCode::interrupted).exit_status : 0;
}

void add_mavlink(CLI::App& bridge, VerbContext context) {
  CLI::App* verb = bridge.add_subcommand(
      "mavlink", "A vehicle with PX4 or ArduPilot (multicopter, MAVLink 2 over UDP) as a drone of the fleet");
  auto arguments = std::make_shared<MavlinkArguments>();
  verb->add_option("--connect", arguments->endpoint, "The service's drone link")->envname("SWIFTLET_ENDPOINT");
  verb->add_option("--server-key", arguments->server_key, "The service's public key, server.key")
      ->envname("SWIFTLET_SERVER_KEY");
  verb->add_option("--key", arguments->key, "The drone's NAME.key_secret")->envname("SWIFTLET_KEY");
  verb->add_option("--drone", arguments->drone, "The drone's name; with a key it is the key's");
  auto* listen = verb->add_option("--listen", arguments->listen,
                                  "Where the vehicle sends to, as in udp://0.0.0.0:14550; it is answered there");
  auto* vehicle = verb->add_option("--vehicle", arguments->vehicle, "Or where it listens, udp://HOST:PORT");
  listen->excludes(vehicle);
  verb->add_option("--system", arguments->system, "Its MAVLink system id; 0: the first multicopter that is heard")
      ->check(CLI::Range(0, 254));
  verb->add_option("--own-system", arguments->own_system,
                   "The MAVLink system id that the bridge speaks as; no other ground station on the link may have it "
                   "(QGroundControl and Mission Planner: 255)")
      ->check(CLI::Range(1, 255));
  verb->add_option("--own-component", arguments->own_component, "And its component id")->check(CLI::Range(1, 255));
  verb->add_option("--signing-key", arguments->signing_key,
                   "File with the 64 hexadecimal digits of the key that MAVLink frames are signed with, both ways");
  verb->add_flag(
      "--no-fence", arguments->no_fence,
      "Missions without the geofence around the route and the decks as rally points, for a vehicle that takes "
      "none");
  verb->add_option("--profile", arguments->profile, "Its vehicle profile by name or file: capacity, speeds")
      ->required();
  verb->add_option("--state", arguments->state, "File in which it keeps what it must not forget; made where absent")
      ->required();
  verb->add_option(
          "--loaded-after", arguments->loaded_after_s,
          "Loaded so many seconds after it stands and the parcel is ready. Without: told by MAV_CMD_USER_1 (1, "
          "kg) from the vehicle's own system")
      ->check(FiniteRange(0.0, 3600.0));
  verb->add_option(
      "--release", arguments->release,
      "What lets go of the parcel: gripper, winch or servo:CHANNEL:PWM. Without: told by MAV_CMD_USER_1 (2)");
  verb->add_option("--released-after", arguments->released_after_s,
                   "Released so many seconds after it stands: somebody is there who takes it")
      ->check(FiniteRange(0.0, 3600.0));
  verb->add_option("--ready-battery", arguments->ready_battery_share,
                   "Ready again at home with this share of its battery, or when told by MAV_CMD_USER_1 (3)")
      ->check(FiniteRange(0.05, 1.0));
  verb->add_option("--telemetry-hz", arguments->telemetry_hz, "Reports a service second")->check(FiniteRange(1.0, 5.0));
  verb->callback([arguments, listen, vehicle, context] {
    if (listen->count() == 0 && vehicle->count() == 0) arguments->listen = "udp://0.0.0.0:14550";
    context.exit_status = run(*arguments, context.globals);
  });
}

}  // namespace

void add_bridge(CLI::App& app, VerbContext context) {
  CLI::App* verb = app.add_subcommand("bridge", "Real vehicles on the drone link");
  verb->require_subcommand(1);
  add_mavlink(*verb, context);
}

}  // namespace swiftlet::tools
