#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "dispatch/keys/key_file.hpp"
#include "dispatch/keys/key_ring.hpp"
#include "dispatch/service/fleet_setup.hpp"
#include "dispatch/service/service_config.hpp"
#include "maps/airspace_store.hpp"
#include "maps/compile.hpp"
#include "maps/region_manifest.hpp"
#include "tools/verb.hpp"

namespace swiftlet::tools {
namespace {

namespace fs = std::filesystem;

constexpr const char* kStart = R"(# swiftlet serve --config FILE. Relative paths start where the service is started.
[service]
region = "maps/regions/harbour/region.toml"   # a region, or a compiled airspace: swiftlet map build
data_dir = "swiftlet-data"                     # journal, tracks and compiled airspace; one service at a time
speed = 1.0                                    # of the service's clock; above 1 for rehearsals

[merchants]
bind = "tcp://127.0.0.1:7001"                  # * as the port: any free one, told by the ready line
patience_s = 3600.0                            # an order that nothing can move for so long is ended, without a fee
rate_per_s = 50.0                              # requests a merchant, and how many at once
burst = 200

# [merchant_http]                              # the same API over HTTP, with tokens: swiftlet keys token M1
# bind = "127.0.0.1:7443"                      # loopback, or with tls_cert and tls_key (PEM), or behind_proxy = true

[drones]
bind = "tcp://127.0.0.1:7002"

[http]
bind = "127.0.0.1:7080"                        # the console; loopback, or tls_cert and tls_key, or behind_proxy = true
# accounts = "accounts"                        # who may log in: swiftlet accounts create operator NAME

[store]
url = "sqlite:swiftlet.db"                     # in data_dir

[security]
mode = "curve"                                 # "none": no keys, loopback only, one merchant
keys_dir = "keys"                              # swiftlet keys create server server

# [[merchant]]                                 # what operators call it, limits of its own, where its events go
# id = "M1"
# webhook_url = "https://shop.example/swiftlet"
# webhook_secret_file = "keys/M1.webhook_secret"   # swiftlet keys webhook M1

[[drone]]                                      # one a drone; each takes a slot of its home pad
id = "D01"
profile = "courier-4"
home_pad = "H1"
)";

int init(const std::string& out, const Globals& globals) {
  if (out.empty()) {
    fmt::print("{}", kStart);
    return 0;
  }
  if (fs::exists(out)) {
    return report({.code = ErrorCode::output_refused, .message = "there already, and not overwritten", .where = out},
                  globals);
  }
  std::ofstream file(out);
  file << kStart << std::flush;
  if (!file) return report({.code = ErrorCode::output_refused, .message = "cannot be written", .where = out}, globals);
  if (globals.json) fmt::print("{}\n", nlohmann::ordered_json{{"written", out}}.dump());
  return 0;
}

Expected<geo::AirspacePtr> airspace_of(const fs::path& region) {
  if (fs::is_directory(region)) {
    auto stored = maps::load_airspace(region);
    if (!stored) return Unexpected(stored.error());
    return *stored;
  }
  const auto manifest = maps::read_region_manifest(region);
  if (!manifest) return Unexpected(manifest.error());
  auto compiled = maps::compile(*manifest);
  if (!compiled) return Unexpected(compiled.error());
  return std::make_shared<const geo::Airspace>(std::move(compiled->airspace));
}

/// All that `serve` would refuse, found without starting it: nothing is bound and nothing written.
std::vector<Error> problems_of(const dispatch::ServiceConfig& config) {
  std::vector<Error> problems;
  const auto airspace = airspace_of(config.region);
  if (!airspace) {
    problems.push_back(airspace.error());
  } else if (const auto fleet = dispatch::set_up_fleet(config, **airspace); !fleet) {
    problems.push_back(fleet.error());
  }
  if (config.has_keys()) {
    const auto pair = dispatch::read_key_pair(config.keys_dir / "server.key_secret");
    if (!pair) {
      problems.push_back(pair.error());
      if (problems.back().hint.empty()) {
        problems.back().hint = fmt::format("swiftlet keys create server server --dir {}", config.keys_dir.string());
      }
    }
    const auto ring = dispatch::KeyRing::read(config.keys_dir);
    problems.insert(problems.end(), ring.refused().begin(), ring.refused().end());
  }
  return problems;
}

int check(const std::string& file, const Globals& globals) {
  const auto config = dispatch::read_service_config(file);
  const std::vector<Error> problems = one_by_one(config ? problems_of(*config) : std::vector{config.error()});
  if (globals.json) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const Error& p : problems) {
      list.push_back({{"code", name(p.code)}, {"message", p.message}, {"where", p.where}, {"hint", p.hint}});
    }
    const nlohmann::ordered_json out{
        {"schema", "swiftlet.config_check/1"}, {"ok", problems.empty()}, {"problems", list}};
    fmt::print("{}\n", out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  } else {
    for (const Error& p : problems) fmt::print(stderr, "swiftlet: {}\n", describe(p));
    if (problems.empty()) {
      fmt::print("{}: ok: {} drones, region {}, data in {}\n", file, config->drones.size(), config->region.string(),
                 config->data_dir.string());
    }
  }
  return problems.empty() ? 0 : traits(problems.front().code).exit_status;
}

}  // namespace

void add_config(CLI::App& app, VerbContext context) {
  auto* config = app.add_subcommand("config", "The dispatch service's configuration");
  config->require_subcommand(1);
  auto path = std::make_shared<std::string>();
  auto* start = config->add_subcommand("init", "A configuration to start from, on standard output or to a new file");
  start->add_option("--out", *path, "The file to write; never one that is there");
  start->callback([path, context] { context.exit_status = init(*path, context.globals); });
  auto* test =
      config->add_subcommand("check", "Finds all that serve would refuse: region, fleet, keys; writes nothing");
  test->add_option("FILE", *path, "The configuration, TOML")->required();
  test->callback([path, context] { context.exit_status = check(*path, context.globals); });
}

}  // namespace swiftlet::tools
