#include <fmt/core.h>

#include "dispatch/gateway/gateway_desk.hpp"
#include "dispatch/protocol/object_reader.hpp"
#include "dispatch/protocol/strict_json.hpp"

namespace swiftlet::dispatch {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

}  // namespace

std::string GatewayDesk::cookie(const char* name, const std::string& value, long max_age_s) const {
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}", name, value, max_age_s,
                     options_.public_name() ? "; Secure" : "");
}

HttpReply GatewayDesk::session_reply(const Session& session) const {
  return json_reply(200, to_wire({{"account", session.account},
                                  {"role", name(session.role)},
                                  {"csrf", session.csrf},
                                  {"speed", options_.speed}}));
}

void GatewayDesk::log_in(const HttpRequest& request, const Respond& respond) {
  const auto body = parse_strict_json(request.body);
  if (!body) return respond(refusal(body.error()));
  ObjectReader::Fault fault;
  ObjectReader reader(*body, "", fault);
  const std::string account = reader.text("account", 64);
  const std::string password = reader.text("password", 1024);
  reader.finish();
  if (fault) return respond(refusal(*fault));
  // Whoever has been in from this browser is counted apart, so that nobody else's failures keep them out.
  const std::string known_as = sessions_.known_as(account, request.cookie(Sessions::kKnownCookie));
  if (!sessions_.may_try(known_as, Clock::now())) {
    HttpReply reply = refusal({.code = ErrorCode::rate_limited, .message = "too many attempts; wait a minute"});
    reply.headers.emplace_back("Retry-After", "60");
    return respond(std::move(reply));
  }
  // Argon2 takes its time and memory on purpose: beside this thread, one attempt after the other.
  const Account* found = accounts_.find(account);
  const std::optional<Account> copy = found != nullptr ? std::optional(*found) : std::nullopt;
  const bool taken = server_.post_aside(Aside::passwords, [this, account, known_as, password, copy, respond] {
    const bool fits = password_fits(copy ? &*copy : nullptr, password);
    server_.post([this, account, known_as, copy, fits, respond] {
      const Account* now = accounts_.find(account);
      const bool unchanged = copy && now != nullptr && now->password_hash == copy->password_hash;
      audit({{"event", "login"}, {"account", account}, {"ok", fits && unchanged}});
      if (!fits || !unchanged) {
        sessions_.failed(known_as, Clock::now());
        return respond(refusal({.code = ErrorCode::unauthorized, .message = "the name or the password is wrong"}));
      }
      const Session& session = sessions_.open(*now, Clock::now());
      sessions_.forgive(known_as);
      HttpReply reply = session_reply(session);
      reply.headers.emplace_back("Set-Cookie", cookie(Sessions::kCookie, session.token, 12L * 3600));
      reply.headers.emplace_back("Set-Cookie",
                                 cookie(Sessions::kKnownCookie, sessions_.remember(account), 90L * 24 * 3600));
      respond(std::move(reply));
    });
  });
  if (!taken) respond(refusal({.code = ErrorCode::overloaded, .message = "too many log in at once; try again"}));
}

void GatewayDesk::log_out(const Session& session, const Respond& respond) {
  audit({{"event", "logout"}, {"account", session.account}});
  if (controller_ == session.account) {
    controller_.clear();
    publish_control();
    publish_board();
  }
  const std::string token = session.token;
  sessions_.close(token);
  server_.close_sockets([&](const std::string& owner) { return owner == token; });
  HttpReply reply = json_reply(200, "{}");
  reply.headers.emplace_back("Set-Cookie", cookie(Sessions::kCookie, "", 0));
  respond(std::move(reply));
}

}  // namespace swiftlet::dispatch
