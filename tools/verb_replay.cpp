#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "dispatch/core/record.hpp"
#include "dispatch/protocol/order_state.hpp"
#include "dispatch/store/data_dir.hpp"
#include "dispatch/store/journal.hpp"
#include "tools/verb.hpp"

namespace swiftlet::tools {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

struct ReplayOptions {
  std::string data_dir;
  std::string store = "swiftlet.db";
  std::string order;
  std::string from;
  std::string to;
  bool quiet = false;
};

/// What of the journal is printed; all of it is replayed.
class Excerpt {
 public:
  static Expected<Excerpt> make(const ReplayOptions& options) {
    Excerpt e;
    e.order_ = options.order;
    for (const auto& [text, instant] : {std::pair{&options.from, &e.from_}, std::pair{&options.to, &e.to_}}) {
      if (text->empty()) continue;
      const auto parsed = parse_rfc3339(*text);
      if (!parsed) return Unexpected(parsed.error());
      *instant = *parsed;
    }
    return e;
  }

  [[nodiscard]] bool has(UtcTime at, const ordered_json& body) const {
    if ((from_ && at < *from_) || (to_ && at > *to_)) return false;
    return order_.empty() || body.dump().find('"' + order_ + '"') != std::string::npos;
  }

 private:
  std::string order_;
  std::optional<UtcTime> from_;
  std::optional<UtcTime> to_;
};

ordered_json summary_of(std::uint64_t records, const dispatch::DispatchState& state) {
  std::map<std::string, int> orders;
  for (const auto& [id, order] : state.orders) ++orders[std::string(dispatch::name(order.state))];
  return {{"schema", "swiftlet.replay/1"},
          {"records", records},
          {"last_at", format_rfc3339(state.last_at)},
          {"orders", orders},
          {"state_hash", dispatch::state_hash(state)}};
}

Expected<ordered_json> replay(const ReplayOptions& options) {
  const fs::path store = fs::path(options.data_dir) / options.store;
  if (!fs::is_regular_file(store)) {
    return fail(ErrorCode::file_not_found, "no journal there; the data_dir of a service is wanted", store.string());
  }
  const auto excerpt = Excerpt::make(options);
  if (!excerpt) return Unexpected(excerpt.error());
  const auto held = dispatch::DataDir::hold(options.data_dir);
  if (!held) return Unexpected(held.error());
  const auto journal = dispatch::Journal::open(store);
  if (!journal) return Unexpected(journal.error());
  dispatch::DispatchState state;
  const auto records = journal->replay([&](const dispatch::Record& record) {
    apply(state, record);
    const auto body = ordered_json::parse(serialise(record.body));
    if (options.quiet || !excerpt->has(record.at, body)) return;
    const ordered_json line{{"at", format_rfc3339(record.at)}, {"kind", kind(record.body)}, {"body", body}};
    fmt::print("{}\n", line.dump());
  });
  if (!records) return Unexpected(records.error());
  return summary_of(*records, state);
}

int run(const ReplayOptions& options, const Globals& globals) {
  const auto summary = replay(options);
  if (!summary) return report(summary.error(), globals);
  if (globals.json) {
    fmt::print("{}\n", summary->dump());
  } else {
    fmt::print(stderr, "swiftlet: {} records up to {}, state {}\n", (*summary)["records"].dump(),
               (*summary)["last_at"].get<std::string>(), (*summary)["state_hash"].get<std::string>());
  }
  return 0;
}

}  // namespace

void add_replay(CLI::App& app, VerbContext context) {
  auto* command = app.add_subcommand(
      "replay", "Replays the journal of a stopped service: each record a line of JSON, then what they add up to");
  auto options = std::make_shared<ReplayOptions>();
  command->add_option("DATA_DIR", options->data_dir, "The service's data_dir")->required();
  command->add_option("--store", options->store, "The journal's file in it");
  command->add_option("--order", options->order, "Only records that name this order");
  command->add_option("--from", options->from, "Only records from this time on, RFC 3339");
  command->add_option("--to", options->to, "Only records up to this time, RFC 3339");
  command->add_flag("--quiet", options->quiet, "Only the sum");
  command->callback([options, context] { context.exit_status = run(*options, context.globals); });
}

}  // namespace swiftlet::tools
