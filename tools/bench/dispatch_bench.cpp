#include "tools/bench/dispatch_bench.hpp"

#include <fmt/core.h>
#include <stdlib.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "dispatch/clients/cpp/merchant_client.hpp"
#include "dispatch/clients/cpp/order_load.hpp"
#include "dispatch/core/record.hpp"
#include "dispatch/keys/key_store.hpp"
#include "dispatch/store/group_commit_speed.hpp"
#include "tools/bench/child_process.hpp"

namespace swiftlet::tools {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr double kSaturating = 6000.0;  // orders a second: more than the service takes
constexpr std::size_t kGroup = 64;

/// A directory that goes with this value.
struct Scratch {
  fs::path path;
  Scratch() {
    std::string name = (fs::temp_directory_path() / "swiftlet-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path = name;
  }
  ~Scratch() {
    std::error_code ignored;
    if (!path.empty()) fs::remove_all(path, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
};

void write_config(const fs::path& file, const fs::path& region, const fs::path& dir) {
  std::ofstream(file) << fmt::format(
      "[service]\nregion = \"{}\"\ndata_dir = \"{}\"\n[merchants]\nbind = \"tcp://127.0.0.1:*\"\nrate_per_s = 100000\n"
      "burst = 100000\n[drones]\nbind = \"tcp://127.0.0.1:*\"\n[http]\nbind = \"127.0.0.1:0\"\n[security]\nkeys_dir = "
      "\"{}\"\n[[drone]]\nid = \"D01\"\nhome_pad = \"H1\"\n",
      region.string(), (dir / "data").string(), (dir / "keys").string());
}

struct Stage {
  Scratch scratch;
  std::unique_ptr<ChildProcess> service;
  std::unique_ptr<ChildProcess> drone;
  std::string merchants_endpoint;
  dispatch::OrderLoad load;

  [[nodiscard]] fs::path keys() const { return scratch.path / "keys"; }

  Expected<void> start_service() {
    service = std::make_unique<ChildProcess>(
        std::vector<std::string>{"serve", "--config", (scratch.path / "serve.toml").string(), "--log-level", "error"},
        true);
    const auto line = service->next_line(180s);
    const auto ready = line ? nlohmann::json::parse(*line, nullptr, false) : nlohmann::json();
    if (!ready.is_object() || !ready.value("ready", false)) {
      return fail(ErrorCode::internal, "the service did not come up", "bench dispatch");
    }
    merchants_endpoint = ready["merchants"];
    drone = std::make_unique<ChildProcess>(
        std::vector<std::string>{"fly", "--connect", ready["drones"].get<std::string>(), "--drones", "1",
                                 "--telemetry-hz", "1", "--server-key", (keys() / "server.key").string(), "--key",
                                 (keys() / "D01.key_secret").string(), "--log-level", "error"},
        false);
    return {};
  }

  Expected<void> set_up(const DispatchBenchOptions& options) {
    const dispatch::KeyStore store(keys());
    if (auto made = store.create("server", "server"); !made) return made;
    if (auto made = store.create("drone", "D01"); !made) return made;
    for (int m = 1; m <= options.merchants; ++m) {
      const std::string name = fmt::format("M{}", m);
      if (auto made = store.create("merchant", name); !made) return made;
      const auto pair = dispatch::read_key_pair(keys() / (name + ".key_secret"));
      if (!pair) return Unexpected(pair.error());
      load.merchants.push_back(*pair);
    }
    const auto server = dispatch::read_public_key(keys() / "server.key");
    if (!server) return Unexpected(server.error());
    load.server_public_key = *server;
    load.seed = options.seed;
    write_config(scratch.path / "serve.toml", options.region, scratch.path);
    if (auto started = start_service(); !started) return started;
    load.endpoint = merchants_endpoint;
    return read_pads();
  }

  [[nodiscard]] Expected<dispatch::MerchantClient> client() const {
    return dispatch::MerchantClient::open(
        {.endpoint = merchants_endpoint, .server_public_key = load.server_public_key, .own = load.merchants.front()});
  }

  Expected<void> read_pads() {
    auto merchant = client();
    if (!merchant) return Unexpected(merchant.error());
    const auto pads = merchant->ask("pads.list", nlohmann::json::object());
    if (!pads) return Unexpected(pads.error());
    for (const auto& pad : (*pads)["pads"]) {
      if (pad["kind"] == "kiosk") load.pads.push_back(pad["id"]);
    }
    return load.pads.size() >= 2 ? Expected<void>() : fail(ErrorCode::usage, "a region with two kiosks", "--region");
  }
};

/// An order as the journal has it, for the measure of SQLite alone.
std::string typical_record() {
  const UtcTime at = *parse_rfc3339("2026-11-21T10:00:00Z");
  const dispatch::EtaDistribution eta{.eta = at, .p05 = at, .p10 = at, .p90 = at, .p95 = at};
  return dispatch::serialise(dispatch::OrderAccepted{
      .order_id = "O000001",
      .merchant = "M1",
      .client_order_id = "load-1",
      .request_hash = "sha256:" + std::string(64, '0'),
      .wish = {.pickup = {.pad = "K01"}, .dropoff = {.pad = "K02"}, .parcel = {.mass_kg = 0.5}, .ready_at = at},
      .promise = {.pickup_eta = at, .delivery = eta},
      .fee = {.amount_minor = 300, .currency = "EUR"}});
}

void add_load(FigureSheet& sheet, const dispatch::LoadResult& result, bool full) {
  const double share =
      static_cast<double>(result.accepted) / static_cast<double>(std::max<std::uint64_t>(result.sent, 1));
  sheet.add({.name = "dispatch.orders.accepted_share",
             .value = share,
             .unit = "share",
             .bar = 0.95,
             .lower_is_better = false});
  sheet.add({.name = "dispatch.orders.durable_per_s",
             .value = static_cast<double>(result.accepted) / std::max(result.lasted_s, 1e-9),
             .unit = "1/s",
             .bar = 0.95 * 1000.0,
             .lower_is_better = false});
  sheet.add({.name = "dispatch.orders.ack_p50_ms",
             .value = quantile(result.acknowledged_ms, 0.5),
             .unit = "ms",
             .bar = 15.0});
  sheet.add({.name = "dispatch.orders.ack_p99_ms",
             .value = quantile(result.acknowledged_ms, 0.99),
             .unit = "ms",
             .bar = 60.0});
  sheet.add({.name = "dispatch.orders.load_s", .value = full ? 60.0 : result.lasted_s, .unit = "s"});
  if (!result.first_refusal.empty()) fmt::print(stderr, "bench dispatch: first refusal: {}\n", result.first_refusal);
}

double load_average() {
  double one = 0.0;
  return ::getloadavg(&one, 1) == 1 ? one : 0.0;
}

}  // namespace

Expected<FigureSheet> bench_dispatch(const DispatchBenchOptions& options) {
  Stage stage;
  const double load_before = load_average();
  if (auto set_up = stage.set_up(options); !set_up) return Unexpected(set_up.error());
  fmt::print(stderr, "bench dispatch: proving the routes of {} pads\n", stage.load.pads.size());
  const auto proven = dispatch::prove_all_pairs(stage.load, 120s);
  if (!proven) return Unexpected(proven.error());

  FigureSheet sheet;
  sheet.add({.name = "dispatch.load_average_before", .value = load_before, .unit = "1"});
  stage.load.orders_per_s = options.orders_per_s;
  stage.load.lasts = std::chrono::seconds(options.full ? 60 : options.seconds);
  const auto steady = dispatch::run_order_load(stage.load);
  if (!steady) return Unexpected(steady.error());
  add_load(sheet, *steady, options.full);

  dispatch::OrderLoad flood = stage.load;
  flood.orders_per_s = kSaturating;
  flood.lasts = 3s;
  flood.seed = options.seed + 1000;
  const auto raw = dispatch::raw_group_commits_per_s(stage.scratch.path / "raw.db", typical_record(), kGroup, 2s);
  if (!raw) return Unexpected(raw.error());
  sheet.add({.name = "dispatch.sqlite.raw_group_commit_per_s", .value = *raw, .unit = "1/s"});
  flood.client_ids_begin = 10'000'000;
  const auto saturated = dispatch::run_order_load(flood);
  if (!saturated) return Unexpected(saturated.error());
  const double reached = static_cast<double>(saturated->accepted) / std::max(saturated->lasted_s, 1e-9);
  sheet.add({.name = "dispatch.orders.saturation_per_s", .value = reached, .unit = "1/s"});
  sheet.add({.name = "dispatch.orders.saturation_of_raw_share",
             .value = reached / *raw,
             .unit = "share",
             .bar = 0.2,
             .lower_is_better = false});

  const std::uint64_t orders = steady->accepted + saturated->accepted;
  stage.service->kill_now();
  const auto killed = Clock::now();
  if (auto started = stage.start_service(); !started) return Unexpected(started.error());
  auto merchant = stage.client();
  if (!merchant) return Unexpected(merchant.error());
  if (const auto hello = merchant->ask("hello", nlohmann::json::object()); !hello) return Unexpected(hello.error());
  sheet.add({.name = "dispatch.restart.after_kill_s",
             .value = std::chrono::duration<double>(Clock::now() - killed).count(),
             .unit = "s",
             .bar = 2.0});
  sheet.add({.name = "dispatch.restart.orders_in_journal", .value = static_cast<double>(orders), .unit = "1"});
  const auto first = merchant->ask("order.get", {{"client_order_id", "load-0"}});
  sheet.add({.name = "dispatch.restart.first_order_lost", .value = first ? 0.0 : 1.0, .unit = "1", .bar = 0.0});
  return sheet;
}

}  // namespace swiftlet::tools
