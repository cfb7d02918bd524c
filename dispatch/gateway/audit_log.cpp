#include "dispatch/gateway/audit_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "dispatch/protocol/strict_json.hpp"

namespace swiftlet::dispatch {

AuditLog::AuditLog(std::filesystem::path file)
    : fd_(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {}

AuditLog::~AuditLog() {
  if (fd_ >= 0) ::close(fd_);
}

bool AuditLog::append(const nlohmann::json& line) {
  const std::string text = to_wire(line) + "\n";
  return fd_ >= 0 && ::write(fd_, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
         ::fdatasync(fd_) == 0;
}

}  // namespace swiftlet::dispatch
