#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dispatch/gateway/reply_stream.hpp"
#include "geo/error.hpp"

namespace swiftlet::dispatch {

/// One HTTP request, read whole. Names of headers are in lower case.
struct HttpRequest {
  std::string method = {};
  std::string path = {};   ///< without the query
  std::string query = {};  ///< what follows the '?'
  std::map<std::string, std::string> headers = {};
  std::string body = {};

  [[nodiscard]] const std::string& header(const std::string& name) const;
  /// The value of a cookie; empty if there is none of that name.
  [[nodiscard]] std::string cookie(const std::string& name) const;
};

struct HttpReply {
  int status = 200;
  std::string content_type = "application/json";
  std::shared_ptr<const std::string> body = {};  ///< shared, so that large ones are not copied
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::shared_ptr<ReplyStream> stream = {};  ///< what comes after the head until it ends, in place of a body
};

[[nodiscard]] HttpReply text_reply(int status, std::string content_type, std::string body);
[[nodiscard]] HttpReply json_reply(int status, std::string body);
/// {"error":{"code","message","retryable"…}} with the status of the table of errors.
[[nodiscard]] HttpReply refusal(const Error& error);

/// 405 with the methods that a path knows.
[[nodiscard]] HttpReply wrong_method(const std::string& allowed);

/// To be called exactly once, from any thread.
using Respond = std::function<void(HttpReply)>;

}  // namespace swiftlet::dispatch
