#include "dispatch/gateway/http_message.hpp"

#include <nlohmann/json.hpp>

#include "dispatch/protocol/strict_json.hpp"

namespace swiftlet::dispatch {

const std::string& HttpRequest::header(const std::string& name) const {
  static const std::string kNone;
  const auto found = headers.find(name);
  return found == headers.end() ? kNone : found->second;
}

std::string HttpRequest::cookie(const std::string& name) const {
  const std::string& all = header("cookie");
  for (std::size_t from = 0; from < all.size();) {
    const std::size_t to = std::min(all.find(';', from), all.size());
    const std::size_t start = std::min(all.find_first_not_of(' ', from), to);
    const std::string pair = all.substr(start, to - start);
    if (pair.starts_with(name + "=")) return pair.substr(name.size() + 1);
    from = to + 1;
  }
  return {};
}

HttpReply text_reply(int status, std::string content_type, std::string body) {
  return {.status = status,
          .content_type = std::move(content_type),
          .body = std::make_shared<const std::string>(std::move(body))};
}

HttpReply json_reply(int status, std::string body) { return text_reply(status, "application/json", std::move(body)); }

HttpReply refusal(const Error& error) {
  const ErrorTraits& how = traits(error.code);
  nlohmann::json told{{"code", how.name}, {"message", error.message}, {"retryable", how.retryable}};
  if (!error.where.empty()) told["field"] = error.where;
  if (!error.hint.empty()) told["hint"] = error.hint;
  return json_reply(how.http_status == 0 ? 500 : how.http_status, to_wire({{"error", std::move(told)}}));
}

HttpReply wrong_method(const std::string& allowed) {
  HttpReply reply = json_reply(
      405,
      to_wire({{"error",
                {{"code", "bad_request"}, {"message", "only " + allowed + " is known here"}, {"retryable", false}}}}));
  reply.headers.emplace_back("Allow", allowed);
  return reply;
}

}  // namespace swiftlet::dispatch
