#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geo/error.hpp"

namespace swiftlet::dispatch {

/// What somebody at the console may do: an observer sees everything, an operator commands as well.
enum class OperatorRole { observer, operator_ };

[[nodiscard]] std::string_view name(OperatorRole role);  ///< "observer", "operator"
[[nodiscard]] std::optional<OperatorRole> operator_role(std::string_view name);

struct Account {
  std::string name;
  OperatorRole role = OperatorRole::observer;
  std::string password_hash;  ///< Argon2id, as libsodium writes it
};

/// The people who may use the console: a text file, readable by its owner alone, one "NAME ROLE HASH" a line.
class Accounts {
 public:
  /// Errors: file_not_found, file_unreadable, value_invalid (a line that is none, or others than its owner may read
  /// it).
  [[nodiscard]] static Expected<Accounts> read(const std::filesystem::path& file);

  [[nodiscard]] const Account* find(const std::string& name) const;
  [[nodiscard]] std::vector<Account> list() const;

  /// Adds or replaces an account; the file is written anew, whole or not at all. It is made where there is none.
  /// Errors: value_invalid (name, or a password under 10 characters), conflict (the account has the other role),
  /// output_refused, those of read().
  [[nodiscard]] static Expected<void> put(const std::filesystem::path& file, const std::string& name, OperatorRole role,
                                          const std::string& password);
  /// Errors: not_found, output_refused, those of read().
  [[nodiscard]] static Expected<void> remove(const std::filesystem::path& file, const std::string& name);

 private:
  std::map<std::string, Account> by_name_;
};

/// Whether the password is the account's; takes as long (about 0.1 s) where there is no account.
[[nodiscard]] bool password_fits(const Account* account, const std::string& password);

/// 128 bits of randomness, in letters and digits: tokens, made-up passwords.
[[nodiscard]] std::string random_token();

}  // namespace swiftlet::dispatch
