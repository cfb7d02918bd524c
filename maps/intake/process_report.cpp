#include "maps/intake/process_report.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>

namespace swiftlet::maps {
namespace {

using nlohmann::json;

constexpr std::uint32_t kLongest = 64U << 20U;
constexpr std::size_t kHead = 1 + sizeof(std::uint32_t);

bool is_kind(char letter) { return letter == 'R' || letter == 'L' || letter == 'A' || letter == 'E'; }

}  // namespace

bool send_report(int descriptor, ReportKind kind, std::string_view text) {
  const auto length = static_cast<std::uint32_t>(std::min<std::size_t>(text.size(), kLongest));
  std::string frame(kHead, static_cast<char>(kind));
  std::memcpy(frame.data() + 1, &length, sizeof length);
  frame += text.substr(0, length);
  for (std::string_view left = frame; !left.empty();) {
    const ssize_t n = ::write(descriptor, left.data(), left.size());
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) left.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::optional<Report> ReportReader::next() {
  if (nonsense_ || held_.size() < kHead) return std::nullopt;
  std::uint32_t length = 0;
  std::memcpy(&length, held_.data() + 1, sizeof length);
  if (!is_kind(held_[0]) || length > kLongest) {
    nonsense_ = true;
    return std::nullopt;
  }
  if (held_.size() < kHead + length) return std::nullopt;
  Report report{.kind = static_cast<ReportKind>(held_[0]), .text = held_.substr(kHead, length)};
  held_.erase(0, kHead + length);
  return report;
}

std::string to_text(const Error& error) {
  json out{
      {"code", static_cast<int>(error.code)}, {"message", error.message}, {"where", error.where}, {"hint", error.hint}};
  if (error.cause) out["cause"] = {error.cause->kind, error.cause->id};
  for (const Error& other : error.others) out["others"].push_back(to_text(other));
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<Error> error_from_text(const std::string& text) {
  try {
    const json in = json::parse(text);
    const int code = in.at("code");
    if (code < 0 || code > static_cast<int>(ErrorCode::not_leader)) return std::nullopt;
    Error error{.code = static_cast<ErrorCode>(code),
                .message = in.at("message"),
                .where = in.at("where"),
                .hint = in.at("hint")};
    if (in.contains("cause")) error.cause = ErrorCause{.kind = in["cause"].at(0), .id = in["cause"].at(1)};
    for (const json& one : in.value("others", json::array())) {
      auto other = error_from_text(one.get<std::string>());
      if (!other) return std::nullopt;
      error.others.push_back(std::move(*other));
    }
    return error;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

}  // namespace swiftlet::maps
