#include <boost/test/unit_test.hpp>
#include <string>

#include "dispatch/webhooks/webhook_endpoint.hpp"
#include "dispatch/webhooks/webhook_sender.hpp"
#include "dispatch/webhooks/webhook_signature.hpp"

namespace swiftlet::dispatch {

BOOST_AUTO_TEST_SUITE(webhooks)

/// Made with Python's hmac; a key longer than SHA-256's block is hashed first.
BOOST_AUTO_TEST_CASE(signatures_are_those_of_another_implementation) {
  BOOST_TEST(webhook_signature("whsec_0123456789abcdefghij", 1795345678, R"({"seq":1})") ==
             "t=1795345678,v1=55764b33328af637dfe76c1ac3ca873be47129fe3c7074b55c46810b32b53c37");
  BOOST_TEST(webhook_signature(std::string(200, 'k'), 0, "") ==
             "t=0,v1=76a82ba859636cc3081c72aa270fd66ac81a202f8182404e7752795c6e7ba88f");
}

BOOST_AUTO_TEST_CASE(pauses_double_up_to_the_longest_and_jitter_takes_at_most_half) {
  const WebhookPatience patience;
  double before_s = 0.0;
  for (int failures = 1; failures < 2000; ++failures) {
    const double full_s = pause_after(patience, failures, 0.0).count();
    BOOST_TEST(full_s >= before_s);
    BOOST_TEST(full_s <= patience.longest_pause.count());
    BOOST_TEST(pause_after(patience, failures, 0.999999).count() >= 0.5 * full_s);
    before_s = full_s;
  }
  BOOST_TEST(pause_after(patience, 1, 0.0).count() == 1.0);
  BOOST_TEST(pause_after(patience, 4, 0.0).count() == 8.0);
  BOOST_TEST(before_s == patience.longest_pause.count());
}

BOOST_AUTO_TEST_CASE(https_goes_anywhere_http_to_this_machine_only) {
  for (const char* good : {"https://shop.example/in?shop=1", "https://10.0.0.1:8443/", "http://127.0.0.1:9/x",
                           "http://localhost/", "http://[::1]:80/", "HTTPS://Shop.example"}) {
    BOOST_TEST(check_webhook_url(good).has_value(), good);
  }
  for (const char* bad :
       {"", "shop.example/in", "http://shop.example/", "http://10.0.0.1/", "http://127.0.0.1.example/",
        "http://localhost.example/", "http://127.0.0.1@shop.example/", "https://user@shop.example/",
        "https://shop.example/#part", "ftp://shop.example/", "file:///etc/passwd", "https://", "https://shop example/",
        "http://[::2]/", "http://0.0.0.0/"}) {
    BOOST_TEST(!check_webhook_url(bad).has_value(), bad);
  }
  BOOST_TEST(!check_webhook_url("https://shop.example/" + std::string(3000, 'x')).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::dispatch
