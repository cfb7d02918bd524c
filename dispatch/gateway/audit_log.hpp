#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

namespace swiftlet::dispatch {

/// Who did what at the console, and when: JSON lines in an append-only file, each synced before it counts.
class AuditLog {
 public:
  explicit AuditLog(std::filesystem::path file);
  ~AuditLog();
  AuditLog(const AuditLog&) = delete;
  AuditLog& operator=(const AuditLog&) = delete;

  /// False if the line could not be written and synced.
  bool append(const nlohmann::json& line);

 private:
  int fd_;
};

}  // namespace swiftlet::dispatch
