#include "dispatch/keys/key_ring.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "dispatch/keys/key_file.hpp"
#include "dispatch/keys/key_store.hpp"

using namespace swiftlet;
using namespace swiftlet::dispatch;
namespace fs = std::filesystem;

namespace {

struct Folder {
  fs::path dir = fs::temp_directory_path() / ("swiftlet-keys-" + std::to_string(::getpid()));
  KeyStore store{dir};
  Folder() { fs::remove_all(dir); }
  ~Folder() { fs::remove_all(dir); }
  void put(const std::string& file, const std::string& text) const {
    fs::create_directories((dir / file).parent_path());
    std::ofstream(dir / file) << text;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(key_ring, Folder)

BOOST_AUTO_TEST_CASE(what_is_written_is_read_back) {
  BOOST_REQUIRE(store.create("merchant", "M1").has_value());
  const auto pair = read_key_pair(dir / "M1.key_secret");
  BOOST_REQUIRE(pair.has_value());
  BOOST_TEST(read_public_key(dir / "M1.key").value() == pair->public_key);
  const auto owner = KeyRing::read(dir).owner(pair->public_key);
  BOOST_REQUIRE(owner.has_value());
  BOOST_TEST(owner->name == "M1");
  BOOST_TEST((owner->role == PeerRole::merchant));
  BOOST_TEST(!KeyRing::read(dir).owner(make_key_pair().public_key).has_value());
  BOOST_TEST(!KeyRing::read(dir).owner("").has_value());
}

BOOST_AUTO_TEST_CASE(one_key_under_two_names_lets_neither_in) {
  BOOST_REQUIRE(store.create("merchant", "M1").has_value());
  fs::create_directories(dir / "authorized/drone");
  fs::copy_file(dir / "authorized/merchant/M1.key", dir / "authorized/drone/D01.key");
  const KeyRing ring = KeyRing::read(dir);
  BOOST_TEST(ring.owners().empty());
  BOOST_TEST(ring.refused().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_broken_certificate_lets_nobody_in_and_harms_no_other) {
  BOOST_REQUIRE(store.create("drone", "D01").has_value());
  put("authorized/drone/empty.key", "");
  put("authorized/drone/short.key", "curve\n    public-key = \"abc\"\n");
  put("authorized/drone/not-z85.key", "curve\n    public-key = \"" + std::string(40, '"') + "\"\n");
  put("authorized/drone/huge.key", std::string(100'000, 'x'));
  put("authorized/drone/.hidden.key", "curve\n    public-key = \"abc\"\n");
  put("authorized/drone/D02.key.new", "half of one");
  fs::create_directories(dir / "authorized/drone/folder.key");
  const KeyRing ring = KeyRing::read(dir);
  BOOST_TEST(ring.owners().size() == 1U);
  BOOST_TEST(ring.refused().size() == 6U);
}

BOOST_AUTO_TEST_CASE(a_secret_must_be_its_owners_alone_and_fit_its_public_half) {
  BOOST_REQUIRE(store.create("server", "server").has_value());
  const fs::path secret = dir / "server.key_secret";
  BOOST_TEST(read_key_pair(secret).has_value());
  ::chmod(secret.c_str(), 0640);
  BOOST_TEST(!read_key_pair(secret).has_value());
  const KeyPair a = make_key_pair();
  put("mixed.key_secret",
      "curve\n    public-key = \"" + a.public_key + "\"\n    secret-key = \"" + make_key_pair().secret_key + "\"\n");
  ::chmod((dir / "mixed.key_secret").c_str(), 0600);
  const auto mixed = read_key_pair(dir / "mixed.key_secret");
  BOOST_REQUIRE(!mixed.has_value());
  BOOST_TEST(mixed.error().message.find("belong") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_signature_changes_with_every_change) {
  BOOST_REQUIRE(store.create("merchant", "M1").has_value());
  const std::string one = key_ring_signature(dir);
  BOOST_REQUIRE(store.create("merchant", "M2").has_value());
  const std::string two = key_ring_signature(dir);
  BOOST_TEST(one != two);
  BOOST_REQUIRE(store.revoke("M2").has_value());
  BOOST_TEST(key_ring_signature(dir) == one);
  BOOST_TEST(!store.revoke("M2").has_value());
}

BOOST_AUTO_TEST_CASE(a_token_speaks_for_one_merchant_until_it_is_revoked) {
  const auto file = store.create_token("M1");
  BOOST_REQUIRE(file.has_value());
  const std::string token = read_secret_line(*file).value();
  BOOST_TEST(token.starts_with("swt_"));
  BOOST_TEST(token.size() == 47U);
  BOOST_REQUIRE(store.create_token("M2").has_value());
  const KeyRing ring = KeyRing::read(dir);
  BOOST_TEST(ring.token_owner(token).value() == "M1");
  BOOST_TEST(ring.token_owner(read_secret_line(dir / "M2.token").value()).value() == "M2");
  for (const std::string& stranger :
       {std::string(), token + " ", token.substr(0, 46), make_secret("swt"), ring.tokens().at("M1").text()}) {
    BOOST_TEST(!ring.token_owner(stranger).has_value(), stranger);
  }
  BOOST_TEST(!store.create_token("M1").has_value());
  const std::string before = key_ring_signature(dir);
  BOOST_REQUIRE(store.revoke("M1", KeyStore::What::token).has_value());
  BOOST_TEST(key_ring_signature(dir) != before);
  BOOST_TEST(!KeyRing::read(dir).token_owner(token).has_value());
  BOOST_TEST(!fs::exists(*file));
  BOOST_TEST(!store.revoke("M1", KeyStore::What::token).has_value());
}

/// It was for somebody's hands: a token could neither be made anew nor revoked.
BOOST_AUTO_TEST_CASE(what_a_broken_off_creation_leaves_is_revoked_too) {
  BOOST_REQUIRE(store.create("merchant", "M2").has_value());
  const auto leave = [&](const char* file) { std::ofstream(dir / file) << "half\n"; };
  leave("M1.token");
  leave("authorized/merchant/M1.new");
  BOOST_TEST(!store.create_token("M1").has_value());
  const auto revoked = store.revoke("M1", KeyStore::What::token);
  BOOST_REQUIRE(revoked.has_value());
  BOOST_TEST(revoked->records.empty());
  BOOST_TEST(revoked->unfinished.size() == 2U);
  BOOST_TEST(!store.revoke("M1").has_value());
  BOOST_REQUIRE(store.create_token("M1").has_value());
  // A key without its place among those who are let in, likewise; a whole one stays whole.
  leave("D7.key");
  leave("D7.key_secret");
  BOOST_TEST(!store.create("drone", "D7").has_value());
  BOOST_TEST(store.revoke("D7").value().unfinished.size() == 2U);
  BOOST_REQUIRE(store.create("drone", "D7").has_value());
  BOOST_TEST(!store.revoke("M2", KeyStore::What::token).has_value());
  BOOST_TEST(fs::exists(dir / "M2.key_secret"));
  // A client's own folder, where nobody is let in, is not touched.
  const fs::path own = dir / "own";
  fs::create_directories(own);
  std::ofstream(own / "M1.token") << "mine\n";
  BOOST_TEST(!KeyStore(own).revoke("M1").has_value());
  BOOST_TEST(fs::exists(own / "M1.token"));
}

BOOST_AUTO_TEST_CASE(revoking_a_merchant_ends_key_and_token) {
  BOOST_REQUIRE(store.create("merchant", "M1").has_value());
  BOOST_REQUIRE(store.create_token("M1").has_value());
  BOOST_TEST(store.list().value().size() == 2U);
  BOOST_TEST(store.revoke("M1").value().records.size() == 2U);
  BOOST_TEST(store.list().value().empty());
  for (const char* file : {"M1.key", "M1.key_secret", "M1.token"}) BOOST_TEST(!fs::exists(dir / file), file);
}

BOOST_AUTO_TEST_CASE(a_name_is_a_merchants_or_a_drones) {
  BOOST_REQUIRE(store.create("drone", "D01").has_value());
  BOOST_REQUIRE(store.create_token("M1").has_value());
  BOOST_TEST(!store.create_token("D01").has_value());
  BOOST_TEST(!store.create("drone", "M1").has_value());
}

BOOST_AUTO_TEST_CASE(a_broken_or_doubled_token_lets_nobody_in) {
  BOOST_REQUIRE(store.create_token("M1").has_value());
  const std::string token = read_secret_line(dir / "M1.token").value();
  put("authorized/merchant/empty.token", "");
  put("authorized/merchant/plain.token", token + "\n");
  put("authorized/merchant/short.token", "sha256:abc\n");
  put("authorized/merchant/.hidden.token", TokenHash::of("x").text());
  KeyRing ring = KeyRing::read(dir);
  BOOST_TEST(ring.token_owner(token).value() == "M1");
  BOOST_TEST(ring.tokens().size() == 1U);
  BOOST_TEST(ring.refused().size() == 4U);
  for (const char* other : {"M2", "M3"})
    put(std::string("authorized/merchant/") + other + ".token", TokenHash::of(token).text());
  BOOST_TEST(!KeyRing::read(dir).token_owner(token).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
