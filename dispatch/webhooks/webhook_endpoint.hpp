#pragma once

#include <filesystem>
#include <string>

#include "geo/error.hpp"

namespace swiftlet::dispatch {

/// Where one merchant's events go. From the operator's configuration alone, never from a message: nobody else can make
/// the service speak to an address.
struct WebhookEndpoint {
  std::string merchant = {};
  std::string url = {};
  std::string secret = {};             ///< the key of the signature, as it stands in its file
  std::filesystem::path ca_file = {};  ///< trusted instead of the system's authorities; empty: those
};

/// https to anywhere, http to this machine; no user name and no fragment in it. Errors: value_invalid.
[[nodiscard]] Expected<void> check_webhook_url(const std::string& url);

}  // namespace swiftlet::dispatch
