#include "dispatch/protocol/envelope.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "dispatch/protocol/object_reader.hpp"
#include "dispatch/protocol/strict_json.hpp"

namespace swiftlet::dispatch {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxIdBytes = 64;

bool is_printable_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

/// The id if it may be echoed, whatever else is wrong with the frame.
std::optional<std::string> echoable_id(const json& frame) {
  const auto found = frame.find("id");
  if (found == frame.end() || !found->is_string()) return std::nullopt;
  const auto& id = found->get_ref<const std::string&>();
  if (id.empty() || id.size() > kMaxIdBytes || !is_printable_ascii(id)) return std::nullopt;
  return id;
}

}  // namespace

tl::expected<Envelope, EnvelopeFault> parse_envelope(std::string_view frame, IdRule rule) {
  const auto parsed = parse_strict_json(frame);
  if (!parsed) return tl::unexpected(EnvelopeFault{.re = {}, .error = parsed.error()});

  ObjectReader::Fault fault;
  ObjectReader reader(*parsed, "", fault);
  if (fault) return tl::unexpected(EnvelopeFault{.re = {}, .error = *fault});

  const auto re = echoable_id(*parsed);
  const auto version = parsed->find("v");
  if (version != parsed->end() && version->is_number() && *version != kProtocolVersion) {
    reader.refuse(ErrorCode::unsupported_version,
                  fmt::format("version {} is not spoken here; {} is", version->dump(), kProtocolVersion), "v");
  }
  reader.integer("v", kProtocolVersion, kProtocolVersion);
  Envelope envelope;
  envelope.type = reader.text("type", 64);
  if (rule == IdRule::required || reader.has("id")) {
    envelope.id = reader.text("id", kMaxIdBytes);
    if (!is_printable_ascii(envelope.id)) reader.refuse(ErrorCode::bad_request, "1 to 64 ASCII characters", "id");
  } else {
    (void)reader.optional_text("id", kMaxIdBytes);
  }
  envelope.body = reader.object("body");
  reader.finish();
  if (fault) return tl::unexpected(EnvelopeFault{.re = re, .error = *fault});
  return envelope;
}

std::string ok_reply(const std::string& re, json body) {
  return to_wire({{"v", kProtocolVersion}, {"type", "reply"}, {"re", re}, {"ok", true}, {"body", std::move(body)}});
}

std::optional<double> usual_retry_after_s(ErrorCode code) {
  using enum ErrorCode;
  switch (code) {
    case weather_hold:
      return 300.0;
    case pad_closed:
    case merchant_paused:
    case no_drone_in_time:
      return 60.0;
    case pad_full:
      return 30.0;
    case overloaded:
    case store_unavailable:
    case draining:
      return 5.0;
    case rate_limited:
    case not_leader:
    case internal:
      return 1.0;
    default:
      return std::nullopt;
  }
}

std::string error_reply(const std::optional<std::string>& re, const Error& error, std::optional<double> retry_after_s) {
  json told{{"code", name(error.code)}, {"message", error.message}, {"retryable", traits(error.code).retryable}};
  if (!error.where.empty()) told["field"] = error.where;
  if (!retry_after_s) retry_after_s = usual_retry_after_s(error.code);
  if (retry_after_s) told["retry_after_s"] = *retry_after_s;
  return to_wire({{"v", kProtocolVersion},
                  {"type", "reply"},
                  {"re", re ? json(*re) : json(nullptr)},
                  {"ok", false},
                  {"error", std::move(told)}});
}

std::string message(std::string_view type, json body) {
  return to_wire({{"v", kProtocolVersion}, {"type", type}, {"body", std::move(body)}});
}

}  // namespace swiftlet::dispatch
