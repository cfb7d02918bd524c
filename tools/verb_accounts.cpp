#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "dispatch/gateway/accounts.hpp"
#include "tools/verb.hpp"

namespace swiftlet::tools {
namespace {

struct AccountOptions {
  std::string file = "accounts";
  std::string role;
  std::string name;
  bool password_stdin = false;
};

int create(const AccountOptions& options, const Globals& globals) {
  const auto role = dispatch::operator_role(options.role);
  if (!role) {
    return report(Error{.code = ErrorCode::usage,
                        .message = fmt::format("\"{}\" should be operator or observer", options.role),
                        .where = "ROLE"},
                  globals);
  }
  std::string password;
  if (options.password_stdin) {
    std::getline(std::cin, password);
  } else {
    password = dispatch::random_token();
  }
  const auto made = dispatch::Accounts::put(options.file, options.name, *role, password);
  if (!made) return report(made.error(), globals);
  fmt::print(stderr, "swiftlet: {} {} may use the console, by {}\n", options.role, options.name, options.file);
  nlohmann::ordered_json told{{"account", options.name}, {"role", options.role}};
  if (!options.password_stdin) told["password"] = password;
  if (globals.json) {
    fmt::print("{}\n", told.dump());
  } else if (!options.password_stdin) {
    fmt::print("{}\n", password);
  }
  return 0;
}

int remove(const AccountOptions& options, const Globals& globals) {
  if (const auto removed = dispatch::Accounts::remove(options.file, options.name); !removed)
    return report(removed.error(), globals);
  fmt::print(stderr, "swiftlet: {} may use the console no more\n", options.name);
  if (globals.json) fmt::print("{}\n", nlohmann::ordered_json{{"removed", options.name}}.dump());
  return 0;
}

int list(const AccountOptions& options, const Globals& globals) {
  const auto accounts = dispatch::Accounts::read(options.file);
  if (!accounts) return report(accounts.error(), globals);
  nlohmann::ordered_json told = nlohmann::ordered_json::array();
  for (const dispatch::Account& account : accounts->list()) {
    if (!globals.json) fmt::print("{:<9} {}\n", name(account.role), account.name);
    told.push_back({{"account", account.name}, {"role", name(account.role)}});
  }
  if (globals.json) fmt::print("{}\n", nlohmann::ordered_json{{"accounts", told}}.dump());
  return 0;
}

}  // namespace

void add_accounts(CLI::App& app, VerbContext context) {
  auto* accounts = app.add_subcommand("accounts", "Who may use the console");
  accounts->require_subcommand(1);
  auto options = std::make_shared<AccountOptions>();
  const auto verb = [&](const char* name, const char* what, int (*run)(const AccountOptions&, const Globals&)) {
    auto* command = accounts->add_subcommand(name, what);
    command->add_option("--file", options->file, "The file of accounts; [http] accounts of the service names it");
    command->callback([=] { context.exit_status = run(*options, context.globals); });
    return command;
  };
  auto* make = verb("create", "Makes an account, or gives it a new password, and prints the password", create);
  make->add_option("ROLE", options->role, "operator or observer")->required();
  make->add_option("NAME", options->name, "Whose it is")->required();
  make->add_flag("--password-stdin", options->password_stdin,
                 "Read the password from standard input, 10 characters or more");
  verb("remove", "Lets somebody in no more; open pages close within seconds", remove)
      ->add_option("NAME", options->name, "Whose")
      ->required();
  verb("list", "Who is let in", list);
}

}  // namespace swiftlet::tools
