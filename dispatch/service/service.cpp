#include "dispatch/service/service.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "dispatch/core/core.hpp"
#include "dispatch/gateway/gateway.hpp"
#include "dispatch/service/clock_anchor.hpp"
#include "dispatch/service/service_loop.hpp"

namespace swiftlet::dispatch {
namespace {

// A fleet that reconnects all at once after a restart needs time and room to be let in.
constexpr auto kDroneHandshake = std::chrono::milliseconds(5000);
constexpr int kDroneBacklog = 4096;

std::optional<CurveDoor> door_for(PeerRole role, const std::optional<KeyPair>& server, const Peers* peers) {
  if (!server) return std::nullopt;
  return CurveDoor{.server = *server,
                   .lets_in = [role, peers](const std::string& key) { return peers->has_role(key, role); }};
}

/// The core with its whole past.
Expected<void> recover(Core& core, const Journal& journal, const Log& log) {
  try {
    const auto count = journal.replay([&](const Record& record) { core.replay(record); });
    if (!count) return Unexpected(count.error());
    log.write(LogLevel::info, fmt::format("{} records replayed", *count));
    // The hash puts the whole state into words, which takes as long as the replay: for whoever compares two of them.
    if (log.writes(LogLevel::debug)) log.write(LogLevel::debug, "state " + state_hash(core.state()));
  } catch (const std::exception& error) {
    return fail(ErrorCode::store_unavailable, fmt::format("the journal contradicts itself: {}", error.what()));
  }
  return {};
}

/// Lines of the log for what a door has to complain of.
std::function<void(const std::string&)> complaint(const Log& log, std::string door) {
  return [&log, door = std::move(door)](const std::string& what) {
    log.write(LogLevel::warn, fmt::format("{}: {}", door, what));
  };
}

/// The console's door. Nothing where its usual port is taken and the configuration names no other: then orders and
/// drones are served without it, and the log says so.
Expected<std::unique_ptr<Gateway>> open_gateway(const ServiceConfig& config, const DataDir& data_dir,
                                                const geo::AirspacePtr& airspace, const Log& log) {
  auto gateway = Gateway::open({.address = config.http.bind.address,
                                .port = config.http.bind.port,
                                .tls = config.http.bind.tls,
                                .accounts = config.http.accounts,
                                .console_dir = config.http.console_dir,
                                .audit_log = data_dir.path() / "audit.jsonl",
                                .tracks_dir = data_dir.path() / "tracks",
                                .behind_proxy = config.http.bind.behind_proxy,
                                .speed = config.speed,
                                .complain = complaint(log, "the console's door")},
                               airspace);
  if (gateway || config.http.bind.named || gateway.error().code != ErrorCode::value_invalid) return gateway;
  log.write(LogLevel::warn, "no console: " + describe(gateway.error()));
  return nullptr;
}

/// The merchants' HTTP door; nothing where the configuration has none.
Expected<std::unique_ptr<MerchantDoor>> open_merchant_door(const ServiceConfig& config, const Peers* peers,
                                                           const Log& log) {
  if (!config.merchant_http) return nullptr;
  const HttpBind& bind = *config.merchant_http;
  return MerchantDoor::open({.address = bind.address,
                             .port = bind.port,
                             .tls = bind.tls,
                             .merchant_of = [peers](const std::string& token) { return peers->token_owner(token); },
                             .everybody = peers == nullptr ? ServiceLoop::kDevMerchant : "",
                             .complain = complaint(log, "the merchants' door")});
}

struct Webhooks {
  std::unique_ptr<WebhookSender> sender;
  std::unique_ptr<WebhookLink> link;
};

/// Nothing in it where no merchant has a webhook.
Expected<Webhooks> open_webhooks(const WebhookConfig& config, const Journal& journal, const DispatchState& state,
                                 const WakeUp& wake_up, const Log& log) {
  if (config.endpoints.empty()) return Webhooks{};
  const auto kept = journal.webhook_cursors();
  if (!kept) return Unexpected(kept.error());
  Webhooks opened;
  opened.sender = std::make_unique<WebhookSender>(config.endpoints, config.patience, [&wake_up] { wake_up.signal(); });
  opened.link = std::make_unique<WebhookLink>(config.endpoints, *kept, state, *opened.sender, log);
  return opened;
}

/// How the merchants' doors stand.
MerchantsPicture picture_of(const MerchantDoor* door, const Webhooks& webhooks, const DispatchState& state) {
  MerchantsPicture seen;
  if (door != nullptr) {
    seen.http_replies = door->replies();
    seen.certificate_trouble = door->certificate_trouble();
  }
  if (webhooks.link) seen.webhooks = webhooks.link->picture(state);
  return seen;
}

void print_ready(const RouterSocket& merchants, const RouterSocket& drones, const Gateway* gateway,
                 const MerchantDoor* merchant_door) {
  nlohmann::ordered_json ready{{"ready", true},
                               {"pid", ::getpid()},
                               {"merchants", merchants.endpoint()},
                               {"drones", drones.endpoint()},
                               {"http", gateway != nullptr ? nlohmann::ordered_json(gateway->url()) : nullptr}};
  if (merchant_door != nullptr) ready["merchant_http"] = merchant_door->url();
  fmt::print("{}\n", ready.dump());
  std::fflush(stdout);
}

}  // namespace

Expected<void> Service::run(const std::atomic<bool>& stop, std::atomic<bool>& renew, const WakeUp& wake_up) {
  const Log log(options_.log_level);
  const auto data_dir = DataDir::hold(config_.data_dir);
  if (!data_dir) return Unexpected(data_dir.error());
  const auto region = open_region(config_.region, data_dir->path() / "airspace");
  if (!region) return Unexpected(region.error());
  auto fleet = set_up_fleet(config_, *region->airspace);
  if (!fleet) return Unexpected(fleet.error());
  auto journal = Journal::open(data_dir->path() / config_.store_file);
  if (!journal) return Unexpected(journal.error());
  TrackLog tracks(data_dir->path() / "tracks");

  Core core(*fleet);
  if (auto recovered = recover(core, *journal, log); !recovered) return recovered;
  LiveAirspace airspace(*region);
  if (auto restored = airspace.restore(core.state()); !restored) return restored;
  PlannerPool planners(airspace.planner(), fleet->profiles, std::max(options_.planner_threads, 1), wake_up);

  std::unique_ptr<Peers> peers;
  std::optional<KeyPair> server;
  if (config_.has_keys()) {
    const auto pair = read_key_pair(config_.keys_dir / "server.key_secret");
    if (!pair) return Unexpected(pair.error());
    server = *pair;
    peers = std::make_unique<Peers>(config_.keys_dir, log);
  }
  auto merchants = RouterSocket::bind(
      {.endpoint = config_.merchants_bind, .door = door_for(PeerRole::merchant, server, peers.get())});
  if (!merchants) return Unexpected(merchants.error());
  auto drones = RouterSocket::bind({.endpoint = config_.drones_bind,
                                    .handshake = kDroneHandshake,
                                    .backlog = kDroneBacklog,
                                    .door = door_for(PeerRole::drone, server, peers.get())});
  if (!drones) return Unexpected(drones.error());

  const auto anchor_file = data_dir->path() / "clock.json";
  const ServiceClock clock(
      service_time_at_start(ServiceClock::wall(), core.state().last_at, config_.speed, read_clock_anchor(anchor_file)),
      config_.speed);
  auto webhooks = open_webhooks(config_.webhooks, *journal, core.state(), wake_up, log);
  if (!webhooks) return Unexpected(webhooks.error());
  auto door = open_merchant_door(config_, peers.get(), log);
  if (!door) return Unexpected(door.error());
  auto gateway = open_gateway(config_, *data_dir, airspace.version(), log);
  if (!gateway) return Unexpected(gateway.error());
  std::unique_ptr<ConsoleLink> console;
  if (*gateway) {
    console = std::make_unique<ConsoleLink>(ConsoleLink::Parts{
        .core = core,
        .journal = *journal,
        .planners = planners,
        .clock = clock,
        .gateway = **gateway,
        .airspace = airspace,
        .policy = fleet->policy,
        .default_vehicle = fleet->drones.empty() ? "courier-4" : fleet->drones.front().profile,
        .merchants = [&core, &webhooks, door = door->get()] { return picture_of(door, *webhooks, core.state()); }});
    (*gateway)->start([&wake_up] { wake_up.signal(); });
  }
  std::unique_ptr<MerchantDoorLink> merchant_door;
  if (*door) {
    merchant_door = std::make_unique<MerchantDoorLink>(**door);
    (*door)->start([&wake_up] { wake_up.signal(); });
  }
  ServiceLoop loop({.core = core,
                    .journal = *journal,
                    .tracks = tracks,
                    .planners = planners,
                    .airspace = airspace,
                    .merchants = *merchants,
                    .drones = *drones,
                    .peers = peers.get(),
                    .clock = clock,
                    .clock_anchor = anchor_file,
                    .speed = config_.speed,
                    .console = console.get(),
                    .merchant_door = merchant_door.get(),
                    .webhooks = webhooks->link.get(),
                    .renew_webhooks = [&]() -> Expected<WebhookLink*> {
                      const auto config = read_service_config(config_.file);
                      if (!config) return Unexpected(config.error());
                      auto renewed = open_webhooks(config->webhooks, *journal, core.state(), wake_up, log);
                      if (!renewed) return Unexpected(renewed.error());
                      webhooks = std::move(renewed);
                      return webhooks->link.get();
                    },
                    .wake_up = wake_up,
                    .log = log});
  core.start(clock.now(), airspace.hash());
  if (auto settled = loop.settle(); !settled) return settled;
  print_ready(*merchants, *drones, gateway->get(), door->get());
  return loop.run(stop, renew);
}

}  // namespace swiftlet::dispatch
