#include "dispatch/store/journal.hpp"

#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "dispatch/store/data_dir.hpp"

namespace swiftlet::dispatch {
namespace {

namespace fs = std::filesystem;

struct Scratch {
  fs::path dir;
  Scratch() {
    std::string name = (fs::temp_directory_path() / "swiftlet-journal-XXXXXX").string();
    dir = ::mkdtemp(name.data());
  }
  ~Scratch() { fs::remove_all(dir); }
  [[nodiscard]] fs::path file() const { return dir / "swiftlet.db"; }
};

Record record(int i) {
  return {.at = UtcTime(std::chrono::milliseconds(1000 + i)),
          .body = OrderMoved{.order_id = "O" + std::to_string(i), .to = OrderState::assigned, .cause = "traffic"}};
}

int count(const fs::path& file) {
  auto journal = Journal::open(file);
  BOOST_REQUIRE(journal.has_value());
  int expected = 0;
  const auto replayed = journal->replay([&](const Record& r) {
    BOOST_TEST(std::get<OrderMoved>(r.body).order_id == "O" + std::to_string(expected));
    ++expected;
  });
  BOOST_REQUIRE(replayed.has_value());
  return expected;
}

BOOST_FIXTURE_TEST_SUITE(journal, Scratch)

BOOST_AUTO_TEST_CASE(what_was_appended_is_replayed_in_order) {
  {
    auto opened = Journal::open(file());
    BOOST_REQUIRE(opened.has_value());
    const std::vector<Record> first{record(0), record(1), record(2)};
    BOOST_TEST(opened->append(first, {}).has_value());
    const std::vector<Record> second{record(3)};
    const std::vector<PersonalNote> notes{{.order_id = "O3", .note = "ring twice"}};
    BOOST_TEST(opened->append(second, notes).has_value());
    BOOST_TEST(*opened->note("O3") == "ring twice");
    BOOST_TEST(opened->erase_note("O3").has_value());
    BOOST_TEST(opened->note("O3")->empty());
  }
  BOOST_TEST(count(file()) == 4);
}

BOOST_AUTO_TEST_CASE(how_far_webhooks_were_told_is_kept_beside_the_records) {
  {
    auto opened = Journal::open(file());
    BOOST_REQUIRE(opened.has_value());
    BOOST_TEST(opened->webhook_cursors()->empty());
    const std::vector<WebhookCursor> first{{.merchant = "M1", .seq = 3}, {.merchant = "M2", .seq = 1}};
    BOOST_TEST(opened->append({}, {}, first).has_value());
    const std::vector<Record> records{record(0)};
    const std::vector<WebhookCursor> second{{.merchant = "M1", .seq = 4}};
    BOOST_TEST(opened->append(records, {}, second).has_value());
  }
  const auto kept = Journal::open(file())->webhook_cursors();
  BOOST_REQUIRE(kept.has_value());
  BOOST_TEST((*kept == std::map<std::string, std::uint64_t>{{"M1", 4}, {"M2", 1}}));
  BOOST_TEST(count(file()) == 1);
}

BOOST_AUTO_TEST_CASE(a_journal_of_before_webhooks_is_taken_up) {
  BOOST_REQUIRE(Journal::open(file()).has_value());
  sqlite3* db = nullptr;
  BOOST_REQUIRE(sqlite3_open(file().c_str(), &db) == SQLITE_OK);
  BOOST_REQUIRE(sqlite3_exec(db, "DROP TABLE webhooks", nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(db);
  const auto opened = Journal::open(file());
  BOOST_REQUIRE(opened.has_value());
  BOOST_TEST(opened->webhook_cursors()->empty());
}

BOOST_AUTO_TEST_CASE(nobody_else_may_read_it) {
  auto opened = Journal::open(file());
  BOOST_REQUIRE(opened.has_value());
  const std::vector<Record> one{record(0)};
  BOOST_REQUIRE(opened->append(one, {}).has_value());
  for (const auto& entry : fs::directory_iterator(dir)) {
    const auto others = entry.status().permissions() & (fs::perms::group_all | fs::perms::others_all);
    BOOST_TEST((others == fs::perms::none), entry.path().string());
  }
}

BOOST_AUTO_TEST_CASE(a_second_instance_is_refused) {
  const auto held = DataDir::hold(dir / "data");
  BOOST_REQUIRE(held.has_value());
  const auto second = DataDir::hold(dir / "data");
  BOOST_REQUIRE(!second.has_value());
  BOOST_TEST((second.error().code == ErrorCode::store_unavailable));
  auto first = Journal::open(file());
  BOOST_REQUIRE(first.has_value());
  BOOST_TEST(!Journal::open(file()).has_value());  // not even past the lock file
}

BOOST_AUTO_TEST_CASE(killed_in_mid_write_nothing_that_was_acknowledged_is_lost) {
  for (int round = 0; round < 8; ++round) {
    const fs::path db = dir / ("round" + std::to_string(round) + ".db");
    int pipe_ends[2];
    BOOST_REQUIRE(::pipe(pipe_ends) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
      auto opened = Journal::open(db);
      if (!opened) ::_exit(1);
      for (int i = 0;; i += 3) {
        const std::vector<Record> batch{record(i), record(i + 1), record(i + 2)};
        if (!opened->append(batch, {})) ::_exit(1);
        const int acknowledged = i + 3;
        if (::write(pipe_ends[1], &acknowledged, sizeof(acknowledged)) < 0) ::_exit(1);
      }
    }
    ::close(pipe_ends[1]);
    ::usleep(static_cast<useconds_t>(30'000 + 17'000 * round));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    int acknowledged = 0;
    for (int next = 0; ::read(pipe_ends[0], &next, sizeof(next)) == sizeof(next);) acknowledged = next;
    ::close(pipe_ends[0]);
    const int found = count(db);
    BOOST_TEST(found >= acknowledged);
    BOOST_TEST(found % 3 == 0);  // a turn is whole or not there
  }
}

BOOST_AUTO_TEST_CASE(a_full_disk_ends_all_acknowledging) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto opened = Journal::open(file());
    if (!opened) ::_exit(10);
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{.rlim_cur = 256 * 1024, .rlim_max = 256 * 1024};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    int acknowledged = 0;
    for (int i = 0; i < 10'000; ++i) {
      const std::vector<Record> one{record(i)};
      if (!opened->append(one, {})) break;
      acknowledged = i + 1;
    }
    const std::vector<Record> more{record(acknowledged)};
    if (opened->append(more, {})) ::_exit(11);  // once failed, never again
    std::ofstream(dir / "acknowledged") << acknowledged;
    ::_exit(acknowledged > 0 && acknowledged < 10'000 ? 0 : 12);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  BOOST_REQUIRE(WIFEXITED(status));
  BOOST_TEST(WEXITSTATUS(status) == 0);
  int acknowledged = 0;
  std::ifstream(dir / "acknowledged") >> acknowledged;
  BOOST_TEST(count(file()) >= acknowledged);
}

BOOST_AUTO_TEST_CASE(a_damaged_database_is_refused_and_left_as_it_is) {
  {
    auto opened = Journal::open(file());
    BOOST_REQUIRE(opened.has_value());
    std::vector<Record> many;
    for (int i = 0; i < 2000; ++i) many.push_back(record(i));
    BOOST_REQUIRE(opened->append(many, {}).has_value());
  }
  const auto size = fs::file_size(file());
  BOOST_REQUIRE(size > 20'000);
  {
    std::fstream damage(file(), std::ios::in | std::ios::out | std::ios::binary);
    damage.seekp(8192);
    damage << std::string(4096, 'x');
  }
  const auto refused = Journal::open(file());
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().code == ErrorCode::store_unavailable));
  BOOST_TEST(fs::file_size(file()) == size);
}

BOOST_AUTO_TEST_CASE(another_kind_of_file_is_refused) {
  std::ofstream(file()) << std::string(5000, 'n');
  BOOST_TEST(!Journal::open(file()).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
