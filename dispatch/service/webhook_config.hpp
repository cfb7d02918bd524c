#pragma once

#include <string>
#include <vector>

#include "dispatch/webhooks/webhook_sender.hpp"
#include "geo/config_table.hpp"

namespace swiftlet::dispatch {

struct WebhookConfig {
  WebhookPatience patience = {};
  std::vector<WebhookEndpoint> endpoints = {};
};

/// Reads `webhook_url`, `webhook_secret_file` and `webhook_ca_file` of a [[merchant]]; nothing where it has none of
/// them.
void read_webhook(const ConfigTable& merchant, const std::string& id, WebhookConfig& config);
/// Reads [webhooks]: how long an attempt may take, and the pauses between attempts.
void read_webhook_patience(const ConfigTable& section, WebhookPatience& patience);

}  // namespace swiftlet::dispatch
