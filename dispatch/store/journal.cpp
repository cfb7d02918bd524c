#include "dispatch/store/journal.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dispatch/store/sqlite_statement.hpp"

namespace swiftlet::dispatch {
namespace {

constexpr int kFormat = 1;

// The lock is taken before the first page is read and kept: no second process can open the database.
constexpr const char* kSetUp =
    "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;";

constexpr const char* kSchema =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE journal(seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL);"
    "CREATE TABLE notes(order_id TEXT PRIMARY KEY, note TEXT NOT NULL);"
    "PRAGMA user_version=1;"
    "COMMIT;";

/// Younger than format 1 and no part of what a replay reads, so an older service does without it.
constexpr const char* kWebhooks =
    "CREATE TABLE IF NOT EXISTS webhooks(merchant TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;";

}  // namespace

struct Journal::Database {
  std::string file;
  SqlitePtr db;
  std::int64_t last_seq = 0;
  bool broken = false;

  [[nodiscard]] Unexpected error(const std::string& doing) const {
    return fail(ErrorCode::store_unavailable, fmt::format("{}: {}", doing, sqlite3_errmsg(db.get())), file);
  }
  [[nodiscard]] int run(const char* sql) { return sqlite3_exec(db.get(), sql, nullptr, nullptr, nullptr); }
  /// The one integer or text that a statement answers.
  [[nodiscard]] Expected<std::string> single(std::string_view sql) const {
    SqliteStatement statement(db.get(), sql);
    if (statement.step() != SQLITE_ROW) return error(std::string(sql));
    return statement.text(0);
  }

  [[nodiscard]] Expected<void> set_up() {
    if (run(kSetUp) != SQLITE_OK) return error("cannot be opened for itself alone");
    const auto version = single("PRAGMA user_version");
    if (!version) return Unexpected(version.error());
    const auto tables = single("SELECT count(*) FROM sqlite_master");
    if (!tables) return Unexpected(tables.error());
    if (*version == "0" && *tables == "0") {
      if (run(kSchema) != SQLITE_OK) return error("cannot be set up");
    } else if (*version != std::to_string(kFormat)) {
      return fail(ErrorCode::store_unavailable, fmt::format("format {} is not this version's, {}", *version, kFormat),
                  file);
    }
    if (run(kWebhooks) != SQLITE_OK) return error("cannot be set up");
    const auto check = single("PRAGMA quick_check(1)");
    if (!check) return Unexpected(check.error());
    if (*check != "ok") return fail(ErrorCode::store_unavailable, "damaged: " + *check, file);
    SqliteStatement last(db.get(), "SELECT coalesce(max(seq), 0), count(*) FROM journal");
    if (last.step() != SQLITE_ROW) return error("cannot be read");
    last_seq = last.integer(0);
    if (last.integer(1) != last_seq) return fail(ErrorCode::store_unavailable, "damaged: records are missing", file);
    return {};
  }

  [[nodiscard]] int insert(std::span<const Record> records, std::span<const PersonalNote> notes,
                           std::span<const WebhookCursor> webhooks) {
    SqliteStatement row(db.get(), "INSERT INTO journal(seq, at_ms, kind, body) VALUES(?1, ?2, ?3, ?4)");
    std::int64_t seq = last_seq;
    for (const Record& record : records) {
      row.bind(1, ++seq);
      row.bind(2, static_cast<std::int64_t>(record.at.time_since_epoch().count()));
      row.bind(3, kind(record.body));
      row.bind(4, serialise(record.body));
      if (const int result = row.step(); result != SQLITE_DONE) return result;
      row.reset();
    }
    SqliteStatement side(db.get(), "INSERT OR REPLACE INTO notes(order_id, note) VALUES(?1, ?2)");
    for (const PersonalNote& note : notes) {
      side.bind(1, note.order_id);
      side.bind(2, note.note);
      if (const int result = side.step(); result != SQLITE_DONE) return result;
      side.reset();
    }
    if (webhooks.empty()) return SQLITE_OK;
    SqliteStatement told(db.get(), "INSERT OR REPLACE INTO webhooks(merchant, seq) VALUES(?1, ?2)");
    for (const WebhookCursor& cursor : webhooks) {
      told.bind(1, cursor.merchant);
      told.bind(2, static_cast<std::int64_t>(cursor.seq));
      if (const int result = told.step(); result != SQLITE_DONE) return result;
      told.reset();
    }
    return SQLITE_OK;
  }
};

Journal::Journal(std::unique_ptr<Database> database) : database_(std::move(database)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal::~Journal() = default;

Expected<Journal> Journal::open(const std::filesystem::path& file) {
  auto database = std::make_unique<Database>();
  database->file = file.string();
  // Made by us first, so that it and SQLite's files beside it are ours alone to read.
  const int fd = ::open(database->file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) return fail(ErrorCode::store_unavailable, "cannot be opened", database->file);
  ::close(fd);
  sqlite3* raw = nullptr;
  const int result =
      sqlite3_open_v2(database->file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, nullptr);
  database->db.reset(raw);
  if (result != SQLITE_OK) return database->error("cannot be opened");
  if (auto set_up = database->set_up(); !set_up) return Unexpected(set_up.error());
  return Journal(std::move(database));
}

Expected<std::uint64_t> Journal::replay(const std::function<void(const Record&)>& take) const {
  SqliteStatement rows(database_->db.get(), "SELECT seq, at_ms, kind, body FROM journal ORDER BY seq");
  std::uint64_t count = 0;
  for (;;) {
    const int result = rows.step();
    if (result == SQLITE_DONE) return count;
    if (result != SQLITE_ROW) return database_->error("cannot be read");
    const auto record = parse_record(UtcTime(std::chrono::milliseconds(rows.integer(1))), rows.text(2), rows.text(3));
    if (!record) {
      Error error = record.error();
      error.where = fmt::format("{}: record {}", database_->file, rows.integer(0));
      return Unexpected(std::move(error));
    }
    take(*record);
    ++count;
  }
}

Expected<void> Journal::append(std::span<const Record> records, std::span<const PersonalNote> notes,
                               std::span<const WebhookCursor> webhooks) {
  if (records.empty() && notes.empty() && webhooks.empty()) return {};
  if (database_->broken) return fail(ErrorCode::store_unavailable, "has failed before", database_->file);
  if (database_->run("BEGIN IMMEDIATE") == SQLITE_OK && database_->insert(records, notes, webhooks) == SQLITE_OK &&
      database_->run("COMMIT") == SQLITE_OK) {
    database_->last_seq += static_cast<std::int64_t>(records.size());
    return {};
  }
  database_->broken = true;
  return database_->error("cannot be written");
}

Expected<std::map<std::string, std::uint64_t>> Journal::webhook_cursors() const {
  SqliteStatement rows(database_->db.get(), "SELECT merchant, seq FROM webhooks");
  std::map<std::string, std::uint64_t> all;
  for (;;) {
    const int result = rows.step();
    if (result == SQLITE_DONE) return all;
    if (result != SQLITE_ROW) return database_->error("cannot be read");
    all.emplace(rows.text(0), static_cast<std::uint64_t>(rows.integer(1)));
  }
}

Expected<void> Journal::erase_note(const std::string& order_id) {
  SqliteStatement erase(database_->db.get(), "DELETE FROM notes WHERE order_id = ?1");
  erase.bind(1, order_id);
  if (erase.step() != SQLITE_DONE) return database_->error("cannot be written");
  return {};
}

Expected<std::string> Journal::note(const std::string& order_id) const {
  SqliteStatement find(database_->db.get(), "SELECT note FROM notes WHERE order_id = ?1");
  find.bind(1, order_id);
  const int result = find.step();
  if (result == SQLITE_ROW) return find.text(0);
  if (result == SQLITE_DONE) return std::string();
  return database_->error("cannot be read");
}

}  // namespace swiftlet::dispatch
