#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <csignal>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "dispatch/clients/cpp/merchant_client.hpp"
#include "geo/utc_time.hpp"
#include "tools/finite_range.hpp"
#include "tools/verb.hpp"

namespace swiftlet::tools {
namespace {

using nlohmann::json;

volatile std::sig_atomic_t interrupted = 0;

struct OrderOptions {
  dispatch::MerchantConnection connection;
  std::string server_key;
  std::string key;
  double timeout_s = 20.0;  // the service itself gives up after 15

  std::string pickup;
  std::string dropoff;
  double mass_kg = 1.0;
  std::string ready_at;
  std::string deliver_by;

  std::string client_order_id;
  std::string quote_id;
  std::string note;
  int priority = 5;

  std::string order_id;
  std::string reason = "by the merchant";
  std::vector<std::string> states;
  int limit = 50;
};

Expected<dispatch::MerchantClient> connect(const OrderOptions& options) {
  dispatch::MerchantConnection connection = options.connection;
  connection.patience = std::chrono::milliseconds(static_cast<std::int64_t>(options.timeout_s * 1000.0));
  if (options.server_key.empty() != options.key.empty()) {
    return fail(ErrorCode::usage, "--server-key and --key belong together",
                options.key.empty() ? "--key" : "--server-key");
  }
  if (!options.key.empty()) {
    const auto server = dispatch::read_public_key(options.server_key);
    if (!server) return Unexpected(server.error());
    const auto own = dispatch::read_key_pair(options.key);
    if (!own) return Unexpected(own.error());
    connection.server_public_key = *server;
    connection.own = *own;
  }
  return dispatch::MerchantClient::open(std::move(connection));
}

/// A pad's id, or "LON,LAT".
json stop_of(const std::string& text) {
  const auto number = [](std::string_view part) -> std::optional<double> {
    double value = 0.0;
    const auto [end, ec] = std::from_chars(part.data(), part.data() + part.size(), value);
    return ec == std::errc() && end == part.data() + part.size() ? std::optional(value) : std::nullopt;
  };
  const auto comma = text.find(',');
  if (comma != std::string::npos) {
    const auto lon = number(std::string_view(text).substr(0, comma));
    const auto lat = number(std::string_view(text).substr(comma + 1));
    if (lon && lat) return {{"lon", *lon}, {"lat", *lat}};
  }
  return {{"pad", text.starts_with("pad:") ? text.substr(4) : text}};
}

json wish_of(const OrderOptions& options) {
  json body{{"pickup", stop_of(options.pickup)},
            {"dropoff", stop_of(options.dropoff)},
            {"parcel", {{"mass_kg", options.mass_kg}}}};
  if (!options.ready_at.empty()) body["ready_at"] = options.ready_at;
  if (!options.deliver_by.empty()) body["deliver_by"] = options.deliver_by;
  return body;
}

/// Not to be given twice by anybody: an order that is sent again must carry the id of the first time.
std::string new_client_order_id() {
  std::random_device device;
  return fmt::format("cli-{:08x}{:08x}{:08x}", device(), device(), device());
}

/// "12:03:05" of an instant in JSON; "–" where there is none.
std::string clock_time(const json& object, const char* field) {
  const auto found = object.find(field);
  if (found == object.end() || !found->is_string()) return "–";
  const std::string text = *found;
  return text.size() >= 19 ? text.substr(11, 8) : text;
}

void print_promise(const json& told) {
  fmt::print("pick-up {}  delivery {} (nine in ten between {} and {})", clock_time(told, "pickup_eta"),
             clock_time(told, "delivery_eta"), clock_time(told, "p05"), clock_time(told, "p95"));
}

void print_order(const json& order) {
  fmt::print("{:<9} {:<24} {:<10} ", order.value("order_id", ""), order.value("client_order_id", ""),
             order.value("state", ""));
  if (order.contains("delivered_at")) {
    fmt::print("delivered {}, promised {}\n", clock_time(order, "delivered_at"),
               clock_time(order, "promised_delivery_eta"));
  } else {
    fmt::print("delivery {}, promised {}\n", clock_time(order, "delivery_eta"),
               clock_time(order, "promised_delivery_eta"));
  }
}

std::string to_text(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

using Asked = Expected<json> (*)(const OrderOptions&, dispatch::MerchantClient&);
using Shown = void (*)(const json&);

/// One request, its reply printed.
int ask(const OrderOptions& options, const Globals& globals, Asked asked, Shown shown) {
  auto client = connect(options);
  if (!client) return report(client.error(), globals);
  const auto told = asked(options, *client);
  if (!told) return report(told.error(), globals);
  if (globals.json) {
    fmt::print("{}\n", to_text(*told));
  } else {
    shown(*told);
  }
  // An answer that no drone can come is an answer, but not the one that was hoped for.
  return told->value("serviceable", true) ? 0 : 4;
}

Expected<json> quote(const OrderOptions& options, dispatch::MerchantClient& client) {
  return client.ask("quote", wish_of(options));
}

void show_quote(const json& told) {
  if (!told.value("serviceable", false)) {
    fmt::print("not serviceable: {}\n", told["reason"].value("message", ""));
    return;
  }
  fmt::print("{}  ", told.value("quote_id", ""));
  print_promise(told);
  fmt::print("  {:.2f} {}  valid until {}\n", told["fee"].value("amount_minor", 0.0) / 100.0,
             told["fee"].value("currency", ""), clock_time(told, "expires_at"));
}

Expected<json> create(const OrderOptions& options, dispatch::MerchantClient& client) {
  json body = wish_of(options);
  body["client_order_id"] = options.client_order_id.empty() ? new_client_order_id() : options.client_order_id;
  body["priority"] = options.priority;
  if (!options.quote_id.empty()) body["quote_id"] = options.quote_id;
  if (!options.note.empty()) body["note"] = options.note;
  return client.ask("order.create", std::move(body));
}

void show_created(const json& told) {
  fmt::print("{}  {}  ", told.value("order_id", ""), told.value("state", ""));
  print_promise(told);
  fmt::print("\n");
}

Expected<json> get(const OrderOptions& options, dispatch::MerchantClient& client) {
  if (options.order_id.empty() == options.client_order_id.empty()) {
    return fail(ErrorCode::usage, "give the order's id, or --client-order-id", "ORDER");
  }
  return client.ask("order.get", options.order_id.empty() ? json{{"client_order_id", options.client_order_id}}
                                                          : json{{"order_id", options.order_id}});
}

void show_order(const json& order) {
  print_order(order);
  for (const json& step : order["history"]) {
    fmt::print("  {}  {}{}\n", clock_time(step, "at"), step.value("state", ""),
               step.contains("cause") ? " because of " + step.value("cause", "") : "");
  }
}

Expected<json> list(const OrderOptions& options, dispatch::MerchantClient& client) {
  json body{{"limit", options.limit}};
  if (!options.states.empty()) body["states"] = options.states;
  return client.ask("order.list", std::move(body));
}

void show_list(const json& told) {
  for (const json& order : told["orders"]) print_order(order);
  if (!told["next_cursor"].is_null()) fmt::print("and more\n");
}

Expected<json> cancel(const OrderOptions& options, dispatch::MerchantClient& client) {
  return client.ask("order.cancel", {{"order_id", options.order_id}, {"reason", options.reason}});
}

Expected<json> ready(const OrderOptions& options, dispatch::MerchantClient& client) {
  return client.ask("order.ready", {{"order_id", options.order_id}, {"ready_at", options.ready_at}});
}

void show_state(const json& told) { fmt::print("{}  {}\n", told.value("order_id", ""), told.value("state", "")); }

bool is_end(const std::string& state) {
  return state == "delivered" || state == "returned" || state == "cancelled" || state == "failed";
}

/// Prints an order's steps and its ETA each second, until it ends. 0 only if it was delivered.
int track(const OrderOptions& options, const Globals& globals) {
  auto client = connect(options);
  if (!client) return report(client.error(), globals);
  const auto order = get(options, *client);
  if (!order) return report(order.error(), globals);
  const std::string id = order->value("order_id", "");
  std::string state = order->value("state", "");
  globals.json ? fmt::print("{}\n", to_text(*order)) : print_order(*order);
  std::signal(SIGINT, [](int) { interrupted = 1; });
  const auto heard = [&](const json& frame) {
    if (frame["type"] == "order.event" && frame["body"].value("order_id", "") == id) {
      state = frame["body"].value("state", "");
      if (globals.json) {
        fmt::print("{}\n", to_text(frame));
      } else {
        fmt::print("{}  {}{}\n", clock_time(frame["body"], "at"), state,
                   frame["body"].contains("cause") ? " because of " + frame["body"].value("cause", "") : "");
      }
    } else if (frame["type"] == "eta") {
      for (const json& line : frame["body"]["orders"]) {
        if (line.value("order_id", "") != id) continue;
        if (globals.json) {
          fmt::print("{}\n", to_text(json{{"type", "eta"}, {"at", frame["at"]}, {"body", line}}));
        } else {
          fmt::print("{}  {:<10} arrives {} in {:5.1f} s{}\n", clock_time(frame, "at"), line.value("stage", ""),
                     clock_time(line, "eta"), line.value("remaining_s", 0.0),
                     line.contains("cause") ? ", moved by " + line.value("cause", "") : "");
        }
      }
    }
    std::fflush(stdout);
    return !is_end(state);
  };
  if (!is_end(state)) {
    if (const auto listened = client->listen({}, heard, [] { return interrupted != 0; }); !listened) {
      return report(listened.error(), globals);
    }
  }
  return state == "delivered" ? 0 : 4;
}

void add_wish(CLI::App& verb, OrderOptions& options) {
  verb.add_option("--from", options.pickup, "Pick-up: a pad, or LON,LAT")->required();
  verb.add_option("--to", options.dropoff, "Drop-off: a pad, or LON,LAT")->required();
  verb.add_option("--mass-kg", options.mass_kg, "Of the parcel")->capture_default_str();
  verb.add_option("--ready-at", options.ready_at, "When it can be picked up, RFC 3339; now if left out");
  verb.add_option("--deliver-by", options.deliver_by, "RFC 3339");
}

}  // namespace

void add_order(CLI::App& app, VerbContext context) {
  auto* orders = app.add_subcommand("order", "A merchant's client: quote, order, follow, cancel");
  orders->require_subcommand(1);
  // Each has options of its own: the environment is read for all of them, whichever is asked for.
  const auto verb = [&](const char* name, const char* what, Asked asked, Shown shown) {
    auto options = std::make_shared<OrderOptions>();
    auto* command = orders->add_subcommand(name, what);
    command->add_option("--connect", options->connection.endpoint, "The service's merchants' port")
        ->envname("SWIFTLET_ENDPOINT");
    command->add_option("--server-key", options->server_key, "The service's public key, server.key")
        ->envname("SWIFTLET_SERVER_KEY");
    command->add_option("--key", options->key, "The merchant's NAME.key_secret")->envname("SWIFTLET_KEY");
    command->add_option("--timeout-s", options->timeout_s, "How long an answer is waited for")
        ->check(FiniteRange(0.1, 600.0));
    command->callback([=] {
      context.exit_status =
          asked == nullptr ? track(*options, context.globals) : ask(*options, context.globals, asked, shown);
    });
    return std::pair<CLI::App&, OrderOptions&>(*command, *options);
  };
  const auto [estimate, estimated] = verb("quote", "When a parcel would arrive, and for how much", quote, show_quote);
  add_wish(estimate, estimated);
  const auto [make, made] = verb("create", "Order a delivery", create, show_created);
  add_wish(make, made);
  make.add_option("--client-order-id", made.client_order_id,
                  "The merchant's own id; the same id and order again get the same answer");
  make.add_option("--quote-id", made.quote_id, "A quote to hold the service to");
  make.add_option("--priority", made.priority, "Among the merchant's own orders")->check(CLI::Range(0, 9));
  make.add_option("--note", made.note, "For whoever receives it");
  for (const auto& [one, which] : {verb("get", "One order, whole", get, show_order),
                                   verb("track", "Follow an order to its end, a line a second", nullptr, nullptr)}) {
    one.add_option("ORDER", which.order_id, "The service's id of the order");
    one.add_option("--client-order-id", which.client_order_id, "The merchant's own id");
  }
  const auto [all, wanted] = verb("list", "Orders, the oldest first", list, show_list);
  all.add_option("--state", wanted.states, "Only in this state; may be repeated");
  all.add_option("--limit", wanted.limit, "At most so many")->check(CLI::Range(1, 200));
  const auto [stop, stopped] = verb("cancel", "Cancel an order, or call it back", cancel, show_state);
  stop.add_option("ORDER", stopped.order_id, "The service's id of the order")->required();
  stop.add_option("--reason", stopped.reason, "For the record");
  const auto [when, said] = verb("ready", "Say when the parcel is ready after all", ready, show_state);
  when.add_option("ORDER", said.order_id, "The service's id of the order")->required();
  when.add_option("--at", said.ready_at, "RFC 3339")->required();
}

}  // namespace swiftlet::tools
