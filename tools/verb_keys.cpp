#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "dispatch/keys/key_store.hpp"
#include "tools/verb.hpp"

namespace swiftlet::tools {
namespace {

struct KeyOptions {
  std::string dir = "keys";
  std::string role;
  std::string name;
  int count = 0;
  bool only_token = false;
};

int create(const KeyOptions& options, const Globals& globals) {
  const dispatch::KeyStore store(options.dir);
  nlohmann::ordered_json made = nlohmann::ordered_json::array();
  for (int i = 1; i <= std::max(options.count, 1); ++i) {
    const std::string name = options.count > 0 ? fmt::format("{}{:02}", options.name, i) : options.name;
    if (const auto created = store.create(options.role, name); !created) return report(created.error(), globals);
    made.push_back(name);
    fmt::print(stderr, "swiftlet: {}/{}.key and .key_secret\n", options.dir, name);
  }
  if (globals.json) fmt::print("{}\n", nlohmann::ordered_json{{"role", options.role}, {"created", made}}.dump());
  return 0;
}

int told_file(const Expected<std::filesystem::path>& file, const KeyOptions& options, const Globals& globals) {
  if (!file) return report(file.error(), globals);
  fmt::print(stderr, "swiftlet: {}\n", file->string());
  if (globals.json) {
    const nlohmann::ordered_json told{{"merchant", options.name}, {"file", file->string()}};
    fmt::print("{}\n", told.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  return 0;
}

int token(const KeyOptions& options, const Globals& globals) {
  return told_file(dispatch::KeyStore(options.dir).create_token(options.name), options, globals);
}

int webhook(const KeyOptions& options, const Globals& globals) {
  return told_file(dispatch::KeyStore(options.dir).create_webhook_secret(options.name), options, globals);
}

int revoke(const KeyOptions& options, const Globals& globals) {
  using What = dispatch::KeyStore::What;
  const auto revoked =
      dispatch::KeyStore(options.dir).revoke(options.name, options.only_token ? What::token : What::key_and_token);
  if (!revoked) return report(revoked.error(), globals);
  for (const auto& record : revoked->records) {
    fmt::print(stderr, "swiftlet: {} {} is let in no more; on record as {}\n", name(revoked->peer.role),
               revoked->peer.name, record.string());
  }
  for (const auto& file : revoked->unfinished) {
    fmt::print(stderr, "swiftlet: {} is deleted: it was never finished\n", file.string());
  }
  if (globals.json) fmt::print("{}\n", nlohmann::ordered_json{{"revoked", options.name}}.dump());
  return 0;
}

int list(const KeyOptions& options, const Globals& globals) {
  const auto entries = dispatch::KeyStore(options.dir).list();
  if (!entries) return report(entries.error(), globals);
  nlohmann::ordered_json told = nlohmann::ordered_json::array();
  for (const auto& entry : *entries) {
    if (!globals.json) fmt::print("{:<9} {:<20} {}\n", name(entry.peer.role), entry.peer.name, entry.public_key);
    told.push_back({{"role", name(entry.peer.role)}, {"name", entry.peer.name}, {"public_key", entry.public_key}});
  }
  if (globals.json) fmt::print("{}\n", nlohmann::ordered_json{{"keys", told}}.dump());
  return 0;
}

}  // namespace

void add_keys(CLI::App& app, VerbContext context) {
  auto* keys = app.add_subcommand("keys", "Who may talk to the dispatch service");
  keys->require_subcommand(1);
  auto options = std::make_shared<KeyOptions>();
  const auto verb = [&](const char* name, const char* what, int (*run)(const KeyOptions&, const Globals&)) {
    auto* command = keys->add_subcommand(name, what);
    command->add_option("--dir", options->dir, "The folder of keys");
    command->callback([=] { context.exit_status = run(*options, context.globals); });
    return command;
  };
  auto* make = verb("create", "Makes a key pair; a merchant's or drone's is let in at once", create);
  make->add_option("ROLE", options->role, "server, merchant or drone")->required();
  make->add_option("NAME", options->name, "Whose it is; server for the server's")->required();
  make->add_option("--count", options->count, "So many, as NAME01, NAME02 …")->check(CLI::Range(1, 10000));
  verb("token", "Makes a merchant's token for the HTTP door (NAME.token); let in at once", token)
      ->add_option("NAME", options->name, "The merchant")
      ->required();
  verb("webhook", "Makes the secret that a merchant's webhooks are signed with (NAME.webhook_secret)", webhook)
      ->add_option("NAME", options->name, "The merchant")
      ->required();
  auto* end = verb("revoke", "Lets a key and a token in no more", revoke);
  end->add_option("NAME", options->name, "Whose")->required();
  end->add_flag("--token", options->only_token, "The token alone; the key stays");
  verb("list", "Who is let in: keys, and the hashes of tokens", list);
}

}  // namespace swiftlet::tools
