#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "dispatch/gateway/accounts.hpp"
#include "dispatch/gateway/http_message.hpp"

namespace swiftlet::dispatch {

struct Session {
  std::string token;  ///< the cookie's value; never shown to scripts
  std::string csrf;   ///< comes back in X-CSRF-Token with everything that changes something
  std::string account;
  OperatorRole role = OperatorRole::observer;
  std::chrono::steady_clock::time_point used_at;
  std::chrono::steady_clock::time_point made_at;
};

/// Who is logged in. Idle for an hour or as old as a shift (12 h): over. For one thread.
class Sessions {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;
  static constexpr const char* kCookie = "swiftlet_session";
  static constexpr const char* kKnownCookie = "swiftlet_known";

  const Session& open(const Account& account, SteadyTime now);
  /// The session of the request's cookie; counts as use.
  [[nodiscard]] const Session* find(const HttpRequest& request, SteadyTime now);
  [[nodiscard]] bool is_open(const std::string& token, SteadyTime now) const;
  void close(const std::string& token);
  /// Ends the sessions of accounts that are no more, or have another role or password.
  void keep_only(const Accounts& before, const Accounts& now);

  /// Under whom an attempt to log in as this account is counted: the browser, where it has been in as the same before,
  /// and else the account. So whoever guesses passwords locks out no one who has been here.
  [[nodiscard]] std::string known_as(const std::string& account, const std::string& known_token) const;
  /// What a browser shows the next time.
  [[nodiscard]] std::string remember(const std::string& account);
  /// Whether another attempt may be made: five a minute may fail.
  [[nodiscard]] bool may_try(const std::string& known_as, SteadyTime now);
  void failed(const std::string& known_as, SteadyTime now);
  void forgive(const std::string& known_as) { failures_.erase(known_as); }

 private:
  [[nodiscard]] static bool over(const Session& session, SteadyTime now);

  std::map<std::string, Session> by_token_;
  std::map<std::string, std::vector<SteadyTime>> failures_;  ///< by known_as
  std::map<std::string, std::string> known_;                 ///< accounts by the tokens of their browsers
};

/// Whether the request comes from a page of this service: its Origin, where a browser sends one, is its Host, and the
/// Host is one of `hosts` (empty: any, behind a proxy). WebSockets and changes must state their Origin.
[[nodiscard]] bool is_same_origin(const HttpRequest& request, const std::vector<std::string>& hosts, bool must_state);

}  // namespace swiftlet::dispatch
