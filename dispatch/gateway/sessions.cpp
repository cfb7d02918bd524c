#include "dispatch/gateway/sessions.hpp"

#include <algorithm>

namespace swiftlet::dispatch {
namespace {

constexpr auto kIdle = std::chrono::hours(1);
constexpr auto kShift = std::chrono::hours(12);
constexpr auto kMinute = std::chrono::minutes(1);
constexpr std::size_t kFailures = 5;
constexpr std::size_t kNamesKept = 1000;

}  // namespace

bool Sessions::over(const Session& session, SteadyTime now) {
  return now - session.used_at > kIdle || now - session.made_at > kShift;
}

const Session& Sessions::open(const Account& account, SteadyTime now) {
  std::erase_if(by_token_, [now](const auto& one) { return over(one.second, now); });
  Session session{.token = random_token(),
                  .csrf = random_token(),
                  .account = account.name,
                  .role = account.role,
                  .used_at = now,
                  .made_at = now};
  const std::string token = session.token;
  return by_token_.emplace(token, std::move(session)).first->second;
}

const Session* Sessions::find(const HttpRequest& request, SteadyTime now) {
  const auto found = by_token_.find(request.cookie(kCookie));
  if (found == by_token_.end() || over(found->second, now)) return nullptr;
  found->second.used_at = now;
  return &found->second;
}

bool Sessions::is_open(const std::string& token, SteadyTime now) const {
  const auto found = by_token_.find(token);
  return found != by_token_.end() && !over(found->second, now);
}

void Sessions::close(const std::string& token) { by_token_.erase(token); }

void Sessions::keep_only(const Accounts& before, const Accounts& now) {
  std::erase_if(by_token_, [&](const auto& one) {
    const Account* was = before.find(one.second.account);
    const Account* is = now.find(one.second.account);
    return is == nullptr || is->role != one.second.role || was == nullptr || was->password_hash != is->password_hash;
  });
}

std::string Sessions::known_as(const std::string& account, const std::string& known_token) const {
  const auto found = known_.find(known_token);
  return found != known_.end() && found->second == account ? account + " " + known_token : account;
}

std::string Sessions::remember(const std::string& account) {
  if (known_.size() >= kNamesKept) known_.clear();
  const std::string token = random_token();
  known_.emplace(token, account);
  return token;
}

bool Sessions::may_try(const std::string& known_as, SteadyTime now) {
  const auto found = failures_.find(known_as);
  if (found == failures_.end()) return true;
  std::erase_if(found->second, [now](SteadyTime at) { return now - at > kMinute; });
  return found->second.size() < kFailures;
}

void Sessions::failed(const std::string& known_as, SteadyTime now) {
  if (failures_.size() >= kNamesKept) failures_.clear();
  failures_[known_as].push_back(now);
}

bool is_same_origin(const HttpRequest& request, const std::vector<std::string>& hosts, bool must_state) {
  const std::string& host = request.header("host");
  if (!hosts.empty() && std::find(hosts.begin(), hosts.end(), host) == hosts.end()) return false;
  const std::string& origin = request.header("origin");
  if (origin.empty()) return !must_state;
  return !host.empty() && (origin == "http://" + host || origin == "https://" + host);
}

}  // namespace swiftlet::dispatch
