#include "dispatch/gateway/accounts.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "dispatch/gateway/sessions.hpp"

namespace swiftlet::dispatch {
namespace {

struct Folder {
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("swiftlet-accounts-" + random_token());
};

BOOST_AUTO_TEST_SUITE(accounts)

BOOST_FIXTURE_TEST_CASE(an_account_is_kept_without_its_password, Folder) {
  const auto file = path / "accounts";
  BOOST_REQUIRE(Accounts::put(file, "olga", OperatorRole::operator_, "correct horse"));
  BOOST_REQUIRE(Accounts::put(file, "oskar", OperatorRole::observer, "another horse"));
  struct stat status {};
  BOOST_REQUIRE_EQUAL(::stat(file.c_str(), &status), 0);
  BOOST_TEST((status.st_mode & 0777) == 0600);
  std::ifstream in(file);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  BOOST_TEST(text.find("horse") == std::string::npos);

  const auto read = Accounts::read(file);
  BOOST_REQUIRE(read);
  BOOST_TEST(read->list().size() == 2U);
  BOOST_TEST(password_fits(read->find("olga"), "correct horse"));
  BOOST_TEST(!password_fits(read->find("olga"), "another horse"));
  BOOST_TEST(!password_fits(read->find("olga"), ""));
  BOOST_TEST(!password_fits(nullptr, "correct horse"));
  BOOST_REQUIRE(Accounts::remove(file, "oskar"));
  BOOST_TEST((Accounts::read(file)->find("oskar") == nullptr));
  BOOST_TEST((Accounts::remove(file, "oskar").error().code == ErrorCode::not_found));
}

BOOST_FIXTURE_TEST_CASE(a_file_that_others_can_read_or_that_is_none_is_refused, Folder) {
  const auto file = path / "accounts";
  BOOST_TEST((Accounts::read(file).error().code == ErrorCode::file_not_found));
  BOOST_REQUIRE(Accounts::put(file, "olga", OperatorRole::operator_, "correct horse"));
  ::chmod(file.c_str(), 0640);
  BOOST_TEST((Accounts::read(file).error().code == ErrorCode::value_invalid));
  ::chmod(file.c_str(), 0600);
  for (const char* line : {"olga king $argon2id$x", "olga operator plain", "olga operator",
                           "o/lga operator $argon2id$x", "olga operator $argon2id$x more"}) {
    std::ofstream(file, std::ios::trunc) << line << "\n";
    const auto read = Accounts::read(file);
    BOOST_TEST_CONTEXT(line) {
      BOOST_REQUIRE(!read);
      BOOST_TEST(read.error().where.ends_with(":1"));
    }
  }
}

BOOST_FIXTURE_TEST_CASE(weak_words_and_strange_names_are_refused, Folder) {
  const auto file = path / "accounts";
  BOOST_TEST((Accounts::put(file, "olga", OperatorRole::operator_, "short").error().code == ErrorCode::value_invalid));
  BOOST_TEST(
      (Accounts::put(file, "ol ga", OperatorRole::operator_, "long enough").error().code == ErrorCode::value_invalid));
  BOOST_TEST(!std::filesystem::exists(file));
}

BOOST_FIXTURE_TEST_CASE(a_role_is_not_changed_in_passing_nor_a_directory_taken_for_accounts, Folder) {
  const auto file = path / "accounts";
  BOOST_REQUIRE(Accounts::put(file, "olga", OperatorRole::operator_, "correct horse"));
  BOOST_TEST(
      (Accounts::put(file, "olga", OperatorRole::observer, "correct horse").error().code == ErrorCode::conflict));
  BOOST_TEST((Accounts::read(file)->find("olga")->role == OperatorRole::operator_));
  BOOST_TEST((Accounts::read(path).error().code == ErrorCode::file_unreadable));
}

BOOST_AUTO_TEST_CASE(a_session_ends_when_idle_at_the_shifts_end_and_with_its_account) {
  using namespace std::chrono_literals;
  Sessions sessions;
  const Sessions::SteadyTime start{1000h};
  const Account olga{.name = "olga", .role = OperatorRole::operator_, .password_hash = "a"};
  const std::string token = sessions.open(olga, start).token;
  HttpRequest request;
  request.headers["cookie"] = "other=1; swiftlet_session=" + token;
  BOOST_TEST((sessions.find(request, start + 59min) != nullptr));
  BOOST_TEST((sessions.find(request, start + 118min) != nullptr));  // used in between
  BOOST_TEST((sessions.find(request, start + 180min) == nullptr));

  const std::string second = sessions.open(olga, start).token;
  request.headers["cookie"] = "swiftlet_session=" + second;
  for (auto at = start; at < start + 12h; at += 30min) BOOST_TEST((sessions.find(request, at) != nullptr));
  BOOST_TEST((sessions.find(request, start + 12h + 1s) == nullptr));

  request.headers["cookie"] = "swiftlet_session=" + sessions.open(olga, start).token;
  sessions.keep_only(Accounts(), Accounts());
  BOOST_TEST((sessions.find(request, start) == nullptr));
  request.headers["cookie"] = "swiftlet_session=";
  BOOST_TEST((sessions.find(request, start) == nullptr));
}

BOOST_AUTO_TEST_CASE(guessing_is_slowed_down) {
  using namespace std::chrono_literals;
  Sessions sessions;
  const Sessions::SteadyTime start{1000h};
  for (int i = 0; i < 5; ++i) {
    BOOST_TEST(sessions.may_try("olga", start));
    sessions.failed("olga", start);
  }
  BOOST_TEST(!sessions.may_try("olga", start + 59s));
  BOOST_TEST(sessions.may_try("oskar", start));
  BOOST_TEST(sessions.may_try("olga", start + 61s));
}

BOOST_AUTO_TEST_CASE(the_failures_of_others_lock_nobody_out) {
  using namespace std::chrono_literals;
  Sessions sessions;
  const Sessions::SteadyTime start{1000h};
  const std::string browser = sessions.remember("olga");
  for (int i = 0; i < 20; ++i) sessions.failed(sessions.known_as("olga", "guessed"), start);
  BOOST_TEST(!sessions.may_try(sessions.known_as("olga", ""), start));
  BOOST_TEST(sessions.may_try(sessions.known_as("olga", browser), start));
  BOOST_TEST(!sessions.may_try(sessions.known_as("olga", sessions.remember("oskar")), start));
  for (int i = 0; i < 5; ++i) sessions.failed(sessions.known_as("olga", browser), start);
  BOOST_TEST(!sessions.may_try(sessions.known_as("olga", browser), start));  // but her own count
}

BOOST_AUTO_TEST_CASE(a_foreign_page_is_told_by_its_origin) {
  const std::vector<std::string> hosts{"127.0.0.1:7080"};
  const auto asks = [&](const char* host, const char* origin, bool must_state) {
    HttpRequest request;
    request.headers["host"] = host;
    if (*origin != '\0') request.headers["origin"] = origin;
    return is_same_origin(request, hosts, must_state);
  };
  BOOST_TEST(asks("127.0.0.1:7080", "http://127.0.0.1:7080", true));
  BOOST_TEST(asks("127.0.0.1:7080", "", false));
  BOOST_TEST(!asks("127.0.0.1:7080", "", true));
  BOOST_TEST(!asks("127.0.0.1:7080", "http://evil.example", false));
  BOOST_TEST(!asks("127.0.0.1:7080", "null", false));
  BOOST_TEST(!asks("127.0.0.1:7080", "http://127.0.0.1:7081", false));
  BOOST_TEST(!asks("evil.example", "http://evil.example", false));
  BOOST_TEST(!asks("", "http://", true));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
