#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "dispatch/core/effects.hpp"
#include "dispatch/store/webhook_cursor.hpp"
#include "geo/error.hpp"

namespace swiftlet::dispatch {

/// The synced record of every decision: an SQLite database (WAL, full sync) with one writing connection, which nobody
/// else can open meanwhile. What append() has returned from survives a crash and a loss of power.
///
/// An error from append() is final: after a failed sync nobody knows what is on disk, so the journal refuses
/// everything from then on, and the service has to stop and recover from what is there.
class Journal {
 public:
  /// Opens or creates. A database that fails SQLite's integrity check, is of another version or lost its first
  /// records is refused, never replaced. Errors: store_unavailable with the file.
  [[nodiscard]] static Expected<Journal> open(const std::filesystem::path& file);
  ~Journal();
  Journal(Journal&&) noexcept;
  Journal& operator=(Journal&&) = delete;
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// Every record in its order. Errors: store_unavailable for one that cannot be read, or a gap.
  [[nodiscard]] Expected<std::uint64_t> replay(const std::function<void(const Record&)>& take) const;

  /// All of it in one transaction, synced. Errors: store_unavailable.
  [[nodiscard]] Expected<void> append(std::span<const Record> records, std::span<const PersonalNote> notes,
                                      std::span<const WebhookCursor> webhooks = {});

  /// How far each merchant's webhook has been told, by merchant. Errors: store_unavailable.
  [[nodiscard]] Expected<std::map<std::string, std::uint64_t>> webhook_cursors() const;

  /// Erases an order's personal data. Errors: store_unavailable.
  [[nodiscard]] Expected<void> erase_note(const std::string& order_id);
  [[nodiscard]] Expected<std::string> note(const std::string& order_id) const;

 private:
  struct Database;
  explicit Journal(std::unique_ptr<Database> database);
  std::unique_ptr<Database> database_;
};

}  // namespace swiftlet::dispatch
