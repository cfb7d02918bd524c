#include "dispatch/service/webhook_config.hpp"

#include "dispatch/keys/key_file.hpp"

namespace swiftlet::dispatch {
namespace {

constexpr std::size_t kShortestSecret = 24;

std::string read_secret(const ConfigTable& merchant) {
  const auto secret = read_secret_line(merchant.text("webhook_secret_file"));
  if (!secret) {
    merchant.reject(ErrorCode::config_invalid, "webhook_secret_file", describe(secret.error()));
    return {};
  }
  if (secret->size() < kShortestSecret) {
    merchant.reject(ErrorCode::config_invalid, "webhook_secret_file",
                    "holds less than 24 characters; swiftlet keys webhook makes one");
  }
  return *secret;
}

}  // namespace

void read_webhook(const ConfigTable& merchant, const std::string& id, WebhookConfig& config) {
  WebhookEndpoint endpoint{
      .merchant = id, .url = merchant.text("webhook_url"), .ca_file = merchant.text("webhook_ca_file")};
  if (endpoint.url.empty()) {
    for (const char* key : {"webhook_secret_file", "webhook_ca_file"}) {
      if (!merchant.text(key).empty()) merchant.reject(ErrorCode::config_invalid, key, "there is no webhook_url");
    }
    return;
  }
  if (auto fits = check_webhook_url(endpoint.url); !fits)
    merchant.reject(ErrorCode::config_invalid, "webhook_url", fits.error().message);
  if (!is_key_name(id)) {
    merchant.reject(ErrorCode::config_invalid, "id",
                    "with a webhook: 1 to 64 letters, digits, '-', '_' or '.', not starting with a dot");
  }
  std::error_code ignored;
  if (!endpoint.ca_file.empty() && !std::filesystem::is_regular_file(endpoint.ca_file, ignored))
    merchant.reject(ErrorCode::config_invalid, "webhook_ca_file", "there is no such file");
  endpoint.secret = read_secret(merchant);
  config.endpoints.push_back(std::move(endpoint));
}

void read_webhook_patience(const ConfigTable& section, WebhookPatience& patience) {
  using Seconds = std::chrono::duration<double>;
  patience.attempt = Seconds(section.number("timeout_s", patience.attempt.count(), 0.1, 60.0));
  patience.first_pause = Seconds(section.number("first_pause_s", patience.first_pause.count(), 0.05, 60.0));
  patience.longest_pause = Seconds(section.number("longest_pause_s", patience.longest_pause.count(), 0.05, 3600.0));
  if (patience.longest_pause < patience.first_pause)
    section.reject(ErrorCode::config_invalid, "longest_pause_s", "is shorter than first_pause_s");
}

}  // namespace swiftlet::dispatch
