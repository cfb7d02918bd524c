#include "dispatch/store/group_commit_speed.hpp"

#include "dispatch/store/sqlite_statement.hpp"

namespace swiftlet::dispatch {

Expected<double> raw_group_commits_per_s(const std::filesystem::path& file, const std::string& record,
                                         std::size_t a_group, std::chrono::milliseconds lasts) {
  using Clock = std::chrono::steady_clock;
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  const SqlitePtr db(raw);
  const auto failed = [&] { return fail(ErrorCode::store_unavailable, sqlite3_errmsg(db.get()), file.string()); };
  const auto run = [&](const char* sql) { return sqlite3_exec(db.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK; };
  if (opened != SQLITE_OK || !run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;") ||
      !run("CREATE TABLE journal(seq INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, body TEXT NOT NULL);")) {
    return failed();
  }
  std::int64_t seq = 0;
  const auto begin = Clock::now();
  while (Clock::now() - begin < lasts) {
    if (!run("BEGIN IMMEDIATE")) return failed();
    SqliteStatement row(db.get(), "INSERT INTO journal(seq, key, body) VALUES(?1, ?2, ?3)");
    for (std::size_t i = 0; i < a_group; ++i) {
      row.bind(1, ++seq);
      row.bind(2, std::to_string(seq));
      row.bind(3, record);
      if (row.step() != SQLITE_DONE) return failed();
      row.reset();
    }
    if (!run("COMMIT")) return failed();
  }
  return static_cast<double>(seq) / std::chrono::duration<double>(Clock::now() - begin).count();
}

}  // namespace swiftlet::dispatch
