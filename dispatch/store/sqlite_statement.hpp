#pragma once

// For the sources of this room only: SQLite stays behind Journal.

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace swiftlet::dispatch {

struct CloseDatabase {
  void operator()(sqlite3* db) const { sqlite3_close(db); }
};
using SqlitePtr = std::unique_ptr<sqlite3, CloseDatabase>;

/// A prepared statement; results are SQLite's own codes.
class SqliteStatement {
 public:
  SqliteStatement(sqlite3* db, std::string_view sql) {
    sqlite3_stmt* raw = nullptr;
    result_ = sqlite3_prepare_v2(db, sql.data(), static_cast<int>(sql.size()), &raw, nullptr);
    statement_.reset(raw);
  }
  void bind(int index, std::int64_t value) { keep(sqlite3_bind_int64(statement_.get(), index, value)); }
  void bind(int index, std::string_view text) {
    keep(sqlite3_bind_text(statement_.get(), index, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT));
  }
  /// SQLITE_ROW, SQLITE_DONE or the first error.
  int step() { return result_ == SQLITE_OK ? sqlite3_step(statement_.get()) : result_; }
  int reset() { return sqlite3_reset(statement_.get()); }
  [[nodiscard]] std::int64_t integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
  [[nodiscard]] std::string text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
    return bytes == nullptr ? std::string() : std::string(bytes, sqlite3_column_bytes(statement_.get(), column));
  }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
  };
  void keep(int result) {
    if (result_ == SQLITE_OK) result_ = result;
  }
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int result_ = SQLITE_OK;
};

}  // namespace swiftlet::dispatch
