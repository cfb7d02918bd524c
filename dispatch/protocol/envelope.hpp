#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "geo/error.hpp"

namespace swiftlet::dispatch {

inline constexpr int kProtocolVersion = 1;

/// One message as it came: `{"v":1,"type":…,"id":…,"body":{…}}`. The body is not yet read.
struct Envelope {
  std::string type = {};
  std::string id;  ///< empty where the sender gave none (drones' messages need none)
  nlohmann::json body = {};
};

/// Why a frame is no message, and what to answer to (`re`), where even that could be read.
struct EnvelopeFault {
  std::optional<std::string> re = {};
  Error error = {};
};

enum class IdRule { required, optional };

/// Reads a frame. Errors: bad_json, bad_request, unknown_field, unsupported_version; each names the field.
[[nodiscard]] tl::expected<Envelope, EnvelopeFault> parse_envelope(std::string_view frame, IdRule rule);

/// `{"v":1,"type":"reply","re":…,"ok":true,"body":{…}}`
[[nodiscard]] std::string ok_reply(const std::string& re, nlohmann::json body);
/// `{"v":1,"type":"reply","re":…,"ok":false,"error":{"code","message","retryable","field"?,"retry_after_s"?}}`.
/// The error's `where` is the field.
[[nodiscard]] std::string error_reply(const std::optional<std::string>& re, const Error& error,
                                      std::optional<double> retry_after_s = {});
/// After how long a refusal of that kind is usually over; nothing for those that a retry cannot help.
[[nodiscard]] std::optional<double> usual_retry_after_s(ErrorCode code);
/// A message that nobody asked for: `{"v":1,"type":…,"body":{…}}`.
[[nodiscard]] std::string message(std::string_view type, nlohmann::json body);

}  // namespace swiftlet::dispatch
