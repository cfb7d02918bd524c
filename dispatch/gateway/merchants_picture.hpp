#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace swiftlet::dispatch {

/// One merchant's webhook as an operator sees it.
struct WebhookPicture {
  std::string merchant = {};
  std::uint64_t undelivered = 0;  ///< events that have happened and were not taken yet
  std::uint64_t failures = 0;     ///< attempts that have failed since the service was started
  std::string failure = {};       ///< of the last attempt; empty: it went well
  double failing_for_s = 0.0;
};

/// What an operator sees of the merchants' HTTP door and their webhooks.
struct MerchantsPicture {
  std::map<std::string, std::uint64_t> http_replies = {};  ///< by class of status; empty: no door
  std::vector<WebhookPicture> webhooks = {};
  std::string certificate_trouble = {};  ///< why the door's certificate could not be renewed; empty: nothing is wrong
};

}  // namespace swiftlet::dispatch
