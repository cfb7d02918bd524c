#include "dispatch/gateway/accounts.hpp"

#include <fmt/core.h>
#include <sodium.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "geo/durable_file.hpp"

namespace swiftlet::dispatch {
namespace {

constexpr std::size_t kShortest = 10;
constexpr std::size_t kLongest = 1024;

void need_sodium() {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start");
}

bool is_account_name(const std::string& name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  };
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), fits);
}

std::string hash_of(const std::string& password) {
  need_sodium();
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (crypto_pwhash_str(hash.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
    throw std::bad_alloc();
  }
  return hash.data();
}

Expected<void> write_whole(const std::filesystem::path& file, const std::map<std::string, Account>& accounts) {
  std::string text = "# Accounts of the console: name, role, Argon2id hash. `swiftlet accounts` writes this file.\n";
  for (const auto& [name_of, account] : accounts)
    text += fmt::format("{} {} {}\n", name_of, name(account.role), account.password_hash);
  return write_durably(file, text, 0600);
}

}  // namespace

std::string_view name(OperatorRole role) { return role == OperatorRole::operator_ ? "operator" : "observer"; }

std::optional<OperatorRole> operator_role(std::string_view text) {
  if (text == name(OperatorRole::operator_)) return OperatorRole::operator_;
  if (text == name(OperatorRole::observer)) return OperatorRole::observer;
  return std::nullopt;
}

Expected<Accounts> Accounts::read(const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0)
    return fail(ErrorCode::file_not_found, "there is no such file of accounts", file.string());
  if (!S_ISREG(status.st_mode)) return fail(ErrorCode::file_unreadable, "is no file of accounts", file.string());
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return fail(ErrorCode::value_invalid, "others than its owner may read it; chmod 600 makes it right", file.string());
  }
  std::ifstream in(file);
  if (!in) return fail(ErrorCode::file_unreadable, "the accounts cannot be read", file.string());
  Accounts accounts;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    Account account;
    std::string role;
    std::string more;
    words >> account.name >> role >> account.password_hash;
    const auto known = operator_role(role);
    if (!known || !is_account_name(account.name) || !account.password_hash.starts_with("$argon2id$") || words >> more ||
        !accounts.by_name_.emplace(account.name, account).second) {
      return fail(ErrorCode::value_invalid, "should be NAME operator|observer ARGON2ID_HASH, each name once",
                  fmt::format("{}:{}", file.string(), number));
    }
    accounts.by_name_[account.name].role = *known;
  }
  return accounts;
}

const Account* Accounts::find(const std::string& wanted) const {
  const auto found = by_name_.find(wanted);
  return found == by_name_.end() ? nullptr : &found->second;
}

std::vector<Account> Accounts::list() const {
  std::vector<Account> all;
  for (const auto& [key, account] : by_name_) all.push_back(account);
  return all;
}

Expected<void> Accounts::put(const std::filesystem::path& file, const std::string& name_of, OperatorRole role,
                             const std::string& password) {
  if (!is_account_name(name_of))
    return fail(ErrorCode::value_invalid, "1 to 64 letters, digits, '-', '_' or '.' make a name", name_of);
  if (password.size() < kShortest || password.size() > kLongest)
    return fail(ErrorCode::value_invalid, fmt::format("a password has {} to {} bytes", kShortest, kLongest), name_of);
  Accounts accounts;
  if (std::filesystem::exists(file)) {
    auto there = read(file);
    if (!there) return Unexpected(there.error());
    accounts = std::move(*there);
  }
  if (const Account* known = accounts.find(name_of); known != nullptr && known->role != role) {
    return fail(ErrorCode::conflict, fmt::format("is an {} already; remove the account first", name(known->role)),
                name_of);
  }
  accounts.by_name_[name_of] = {.name = name_of, .role = role, .password_hash = hash_of(password)};
  return write_whole(file, accounts.by_name_);
}

Expected<void> Accounts::remove(const std::filesystem::path& file, const std::string& name_of) {
  auto accounts = read(file);
  if (!accounts) return Unexpected(accounts.error());
  if (accounts->by_name_.erase(name_of) == 0) return fail(ErrorCode::not_found, "no account of this name", name_of);
  return write_whole(file, accounts->by_name_);
}

bool password_fits(const Account* account, const std::string& password) {
  static const std::string kNobodys = hash_of(random_token());
  if (password.size() > kLongest) return false;
  const std::string& hash = account != nullptr ? account->password_hash : kNobodys;
  const bool fits = crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
  return fits && account != nullptr;
}

std::string random_token() {
  need_sodium();
  constexpr std::string_view kLetters = "abcdefghijkmnpqrstuvwxyz23456789";  // 32 of them: 5 bits each
  std::string token;
  for (int i = 0; i < 26; ++i) token += kLetters[randombytes_uniform(kLetters.size())];
  return token;
}

}  // namespace swiftlet::dispatch
