#include "dispatch/service/service_config.hpp"

#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

namespace swiftlet::dispatch {
namespace {

namespace fs = std::filesystem;

struct Written {
  fs::path file = fs::temp_directory_path() / ("swiftlet-config-" + std::to_string(::getpid()) + ".toml");
  ~Written() { fs::remove(file); }
  Expected<ServiceConfig> read(const std::string& text) {
    std::ofstream(file) << text;
    return read_service_config(file);
  }
  /// "code where message" of what is refused.
  std::string refusal(const std::string& text) {
    const auto config = read(text);
    return config ? "accepted" : describe(config.error());
  }
};

const std::string kNone = "[service]\nregion = \"r\"\n[security]\nmode = \"none\"\n";

BOOST_FIXTURE_TEST_SUITE(service_config, Written)

BOOST_AUTO_TEST_CASE(the_consoles_door_is_on_loopback_unless_a_proxy_is_before_it) {
  const auto with = [&](const std::string& http) { return read("[service]\nregion = \"r\"\n[http]\n" + http); };
  const auto usual = with("");
  BOOST_REQUIRE(usual.has_value());
  BOOST_TEST((!usual->http.bind.named && usual->http.bind.port == 7080));
  const auto any = with("bind = \"[::1]:*\"\naccounts = \"a\"");
  BOOST_REQUIRE(any.has_value());
  BOOST_TEST((any->http.bind.named && any->http.bind.address == "::1" && any->http.bind.port == 0 &&
              any->http.accounts == "a"));
  for (const char* bad : {"bind = \"0.0.0.0:7080\"", "bind = \"192.168.1.2:7080\"", "bind = \"127.0.0.1\"",
                          "bind = \"127.0.0.1:70800\"", "bind = \"http://127.0.0.1:1\"", "tls_cert = \"c.pem\""}) {
    BOOST_TEST(!with(bad).has_value(), bad);
  }
  BOOST_TEST(with("bind = \"0.0.0.0:7080\"\nbehind_proxy = true").has_value());
}

BOOST_AUTO_TEST_CASE(the_merchants_http_door_is_there_only_where_the_file_says_so) {
  BOOST_TEST(!read(kNone)->merchant_http.has_value());
  const auto usual = read(kNone + "[merchant_http]\n");
  BOOST_REQUIRE((usual.has_value() && usual->merchant_http.has_value()));
  BOOST_TEST((usual->merchant_http->address == "127.0.0.1" && usual->merchant_http->port == 7443));
  const std::string keys = "[service]\nregion = \"r\"\n[merchant_http]\n";
  for (const std::string& good :
       {keys + "bind = \"0.0.0.0:7443\"\nbehind_proxy = true", keys + "bind = \"[::1]:*\"", keys}) {
    BOOST_TEST(refusal(good) == "accepted", good);
  }
  for (const std::string& bad :
       {keys + "bind = \"0.0.0.0:7443\"", keys + "bind = \"127.evil.example:1\"", keys + "tls_cert = \"c.pem\"",
        keys + "tls_cert = \"c.pem\"\ntls_key = \"k.pem\"", keys + "accounts = \"a\"",
        kNone + "[merchant_http]\nbehind_proxy = true", kNone + "[merchant_http]\nbind = \"10.0.0.1:1\""}) {
    BOOST_TEST(refusal(bad) != "accepted", bad);
  }
}

BOOST_AUTO_TEST_CASE(two_doors_share_no_port) {
  const std::string merchants = "[merchants]\nbind = \"tcp://127.0.0.1:7001\"\n";
  for (const std::string& bad :
       {merchants + "[drones]\nbind = \"tcp://127.0.0.1:7001\"", merchants + "[http]\nbind = \"127.0.0.1:7001\"",
        std::string("[merchants]\nbind = \"tcp://127.0.0.1:7002\""),
        merchants + "[http]\nbind = \"127.0.0.1:7443\"\n[merchant_http]\nbind = \"127.0.0.1:7443\""}) {
    BOOST_TEST(refusal(kNone + bad).starts_with("config_invalid"), bad);
  }
  for (const std::string& good :
       {merchants + "[drones]\nbind = \"tcp://127.0.0.2:7001\"",
        std::string("[merchants]\nbind = \"tcp://127.0.0.1:*\"\n[drones]\nbind = \"tcp://127.0.0.1:*\"")}) {
    BOOST_TEST(refusal(kNone + good) == "accepted", good);
  }
}

BOOST_AUTO_TEST_CASE(a_webhook_needs_a_url_and_a_secret_of_its_owner) {
  const fs::path secret = file.string() + ".secret";
  const auto keep = [&](const std::string& text, fs::perms mode) {
    std::ofstream(secret) << text;
    fs::permissions(secret, mode);
  };
  const std::string head = kNone + "[[merchant]]\nid = \"M1\"\n";
  const std::string url = "webhook_url = \"https://shop.example/in\"\n";
  const std::string with_secret = "webhook_secret_file = \"" + secret.string() + "\"\n";
  const auto mine = fs::perms::owner_read | fs::perms::owner_write;
  keep("whsec_0123456789abcdefghij\n", mine);
  const auto config = read(head + url + with_secret + "[webhooks]\ntimeout_s = 2.5\n");
  BOOST_REQUIRE(config.has_value());
  BOOST_REQUIRE(config->webhooks.endpoints.size() == 1U);
  BOOST_TEST(config->webhooks.endpoints[0].secret == "whsec_0123456789abcdefghij");
  BOOST_TEST(config->webhooks.patience.attempt.count() == 2.5);
  for (const std::string& bad :
       {head + url, head + with_secret, head + url + "webhook_secret_file = \"/nowhere\"\n",
        head + url + with_secret + "webhook_ca_file = \"/nowhere\"\n",
        head + url + with_secret + "webhook_colour = 1\n", kNone + "[[merchant]]\nid = \"M 1\"\n" + url + with_secret,
        head + url + with_secret + "[webhooks]\nfirst_pause_s = 9.0\nlongest_pause_s = 8.0\n"}) {
    BOOST_TEST(refusal(bad) != "accepted", bad);
  }
  keep("whsec_0123456789abcdefghij\n", mine | fs::perms::others_read);
  BOOST_TEST(refusal(head + url + with_secret).find("600") != std::string::npos);
  keep("short\n", mine);
  BOOST_TEST(refusal(head + url + with_secret).find("24") != std::string::npos);
  fs::remove(secret);
}

BOOST_AUTO_TEST_CASE(everything_that_the_contract_shows_is_read) {
  const auto config = read(R"([service]
region = "maps/regions/harbour"
data_dir = "data"
speed = 20.0
[merchants]
bind = "tcp://127.0.0.1:7001"
rate_per_s = 50.0
burst = 200
[drones]
bind = "tcp://127.0.0.1:7002"
[http]
bind = "127.0.0.1:7080"
[store]
url = "sqlite:swiftlet.db"
[security]
mode = "none"
keys_dir = "keys"
[[drone]]
id = "D01"
profile = "courier-4"
home_pad = "H1"
[[merchant]]
id = "M1"
)");
  BOOST_REQUIRE(config.has_value());
  BOOST_TEST(config->region == "maps/regions/harbour");
  BOOST_TEST(config->speed == 20.0);
  BOOST_TEST(config->store_file == "swiftlet.db");
  BOOST_TEST(config->drones.size() == 1);
  BOOST_TEST(config->drones[0].home_pad == "H1");
  BOOST_TEST(config->merchants[0] == "M1");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named) {
  const auto contains = [&](const std::string& text, const std::string& part) {
    const std::string told = refusal(text);
    BOOST_TEST(told.find(part) != std::string::npos, told << " should say " << part);
  };
  contains(kNone + "[merchant]\n", "merchant");
  contains(kNone + "[merchants]\nbnid = \"tcp://127.0.0.1:1\"\n", "bind");
  contains(kNone + "[merchants]\nbnid = \"tcp://127.0.0.1:1\"\n", ":6");
  contains("[service]\nregion = \"r\"\n[security]\nmode = \"open\"\n", "neither");
  contains("[security]\nmode = \"none\"\n", "region");
  contains(kNone + "[store]\nurl = \"postgresql://x\"\n", "not available yet");
  contains(kNone + "[store]\nurl = \"swiftlet.db\"\n", "sqlite:FILE");
  contains(kNone + "[[drone]]\nid = \"A\"\nhome_pad = \"H\"\n[[drone]]\nid = \"A\"\nhome_pad = \"H\"\n", "twice");
  contains(kNone + "[[drone]]\nid = \"A\"\n", "home_pad");
  contains("[service]\nregion = \"r\"\nspeed = 0\n[security]\nmode = \"none\"\n", "speed");
}

BOOST_AUTO_TEST_CASE(only_loopback_is_bound_without_keys) {
  for (const char* local : {"tcp://127.0.0.1:7001", "tcp://127.1.2.3:*", "tcp://localhost:0", "tcp://[::1]:7001"}) {
    BOOST_TEST(is_loopback_endpoint(local), local);
  }
  for (const char* open : {"tcp://0.0.0.0:7001", "tcp://*:7001", "tcp://192.168.1.2:7001", "tcp://eth0:7001",
                           "tcp://127.0.0.1.evil.org:7001", "tcp://[::]:7001", "ipc:///tmp/x", "127.0.0.1:7001", ""}) {
    BOOST_TEST(!is_loopback_endpoint(open), open);
  }
  BOOST_TEST(read("[service]\nregion = \"r\"\n[drones]\nbind = \"tcp://0.0.0.0:7002\"\n").has_value());
  BOOST_TEST(refusal(kNone + "[drones]\nbind = \"tcp://0.0.0.0:7002\"\n").find("loopback") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
