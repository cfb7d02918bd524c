#include "dispatch/webhooks/webhook_endpoint.hpp"

#include <curl/curl.h>
#include <fmt/core.h>

#include <memory>

namespace swiftlet::dispatch {
namespace {

constexpr std::size_t kLongest = 2000;

struct CloseUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, 0) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

bool is_this_machine(const std::string& host) {
  return host == "localhost" || host == "[::1]" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos);
}

}  // namespace

Expected<void> check_webhook_url(const std::string& url) {
  const std::unique_ptr<CURLU, CloseUrl> parsed(curl_url());
  const auto refused = [&](const char* why) {
    return fail(ErrorCode::value_invalid, fmt::format("\"{}\": {}", url, why));
  };
  if (url.size() > kLongest || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
    return refused("is no URL such as https://shop.example/swiftlet");
  const std::string scheme = part(parsed.get(), CURLUPART_SCHEME);
  if (scheme != "https" && scheme != "http") return refused("should begin with https://");
  if (scheme == "http" && !is_this_machine(part(parsed.get(), CURLUPART_HOST)))
    return refused("http goes to this machine only; elsewhere https");
  if (!part(parsed.get(), CURLUPART_USER).empty() || !part(parsed.get(), CURLUPART_PASSWORD).empty())
    return refused("may not hold a user name or a password");
  if (!part(parsed.get(), CURLUPART_FRAGMENT).empty()) return refused("may not have a fragment");
  return {};
}

}  // namespace swiftlet::dispatch
