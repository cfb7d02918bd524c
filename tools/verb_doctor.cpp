#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "dispatch/keys/key_file.hpp"
#include "maps/gdal_formats.hpp"
#include "maps/intake/confined_process.hpp"
#include "tools/verb.hpp"

namespace swiftlet::tools {
namespace {

namespace fs = std::filesystem;

enum class Verdict { ok, warn, fail };

struct Finding {
  const char* what;
  Verdict verdict;
  std::string detail;
};

Finding formats() {
  const auto missing = maps::missing_formats();
  if (missing.empty()) return {"GIS formats", Verdict::ok, "every reader and writer is there, PROJ too"};
  std::string list;
  for (const std::string& m : missing) list += (list.empty() ? "" : ", ") + m;
  return {"GIS formats", Verdict::fail, "missing: " + list + "; run tools/install-packages"};
}

/// What a child that reads sources is kept from, tried in one.
Finding confinement() {
  const auto answer = maps::run_confined({}, []() -> Expected<std::string> { return std::string("read"); });
  if (!answer) return {"confined reading", Verdict::fail, describe(answer.error())};
  std::string missing;
  for (const auto& layer : answer->layers) {
    if (layer.missing) missing += fmt::format("{}{} ({})", missing.empty() ? "" : ", ", layer.name, *layer.missing);
  }
  if (missing.empty()) return {"confined reading", Verdict::ok, "all layers hold"};
  return {"confined reading", maps::network_is_open(answer->layers) ? Verdict::fail : Verdict::warn,
          "not here: " + missing};
}

/// An acknowledgement waits for one synced write: the median of some, where the data would lie.
Finding synced_write(const fs::path& dir) {
  constexpr int kWrites = 21;
  std::string name = (dir / "swiftlet-doctor-XXXXXX").string();
  const int fd = ::mkstemp(name.data());
  if (fd < 0) return {"synced write", Verdict::fail, fmt::format("{} cannot be written", dir.string())};
  ::unlink(name.c_str());
  const std::array<char, 4096> page{};
  std::vector<double> took_ms;
  bool written = true;
  for (int k = 0; k < kWrites && written; ++k) {
    const auto begun = std::chrono::steady_clock::now();
    written = ::write(fd, page.data(), page.size()) == static_cast<ssize_t>(page.size()) && ::fdatasync(fd) == 0;
    took_ms.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count());
  }
  ::close(fd);
  if (!written) return {"synced write", Verdict::fail, fmt::format("{}: a write or its sync failed", dir.string())};
  std::nth_element(took_ms.begin(), took_ms.begin() + kWrites / 2, took_ms.end());
  const double median_ms = took_ms[kWrites / 2];
  return {"synced write", median_ms <= 15.0 ? Verdict::ok : Verdict::warn,
          fmt::format("median {:.2f} ms in {}; an acknowledgement takes at least that", median_ms, dir.string())};
}

Finding disk(const fs::path& dir) {
  struct statvfs space {};
  if (::statvfs(dir.c_str(), &space) != 0) return {"disk space", Verdict::fail, dir.string() + " cannot be asked"};
  const double free_gib = static_cast<double>(space.f_bavail) * static_cast<double>(space.f_frsize) / (1U << 30U);
  return {"disk space", free_gib >= 2.0 ? Verdict::ok : Verdict::warn,
          fmt::format("{:.1f} GiB free in {}", free_gib, dir.string())};
}

Finding clock_state() {
  struct timex state {};
  const int answer = ::adjtimex(&state);
  if (answer < 0) return {"clock", Verdict::warn, "the kernel does not say whether it is synchronised"};
  if (answer == TIME_ERROR || (static_cast<unsigned>(state.status) & STA_UNSYNC) != 0) {
    return {"clock", Verdict::warn,
            "not synchronised: times that merchants are told would be off (chrony, systemd-timesyncd)"};
  }
  return {"clock", Verdict::ok,
          fmt::format("synchronised, within {:.0f} ms", static_cast<double>(state.maxerror) / 1e3)};
}

/// Every merchant, drone and browser is a file descriptor.
Finding descriptors() {
  struct rlimit limit {};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return {"file descriptors", limit.rlim_max >= 8192 ? Verdict::ok : Verdict::warn,
          fmt::format("at most {}; 2 000 drones want 8 192", limit.rlim_max)};
}

Finding machine() {
  const double gib =
      static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGE_SIZE)) / (1U << 30U);
  return {"machine", gib >= 2.0 ? Verdict::ok : Verdict::warn,
          fmt::format("{} cores, {:.1f} GiB of memory", std::thread::hardware_concurrency(), gib)};
}

Finding keys() {
  const dispatch::KeyPair pair = dispatch::make_key_pair();
  const bool whole = pair.public_key.size() == 40 && pair.secret_key.size() == 40;
  return {"CURVE", whole ? Verdict::ok : Verdict::fail,
          whole ? "ZeroMQ makes keys" : "this ZeroMQ was built without CURVE"};
}

int examine(const fs::path& dir, const Globals& globals) {
  if (!fs::is_directory(dir)) {
    return report({.code = ErrorCode::file_not_found, .message = "no such directory", .where = dir.string()}, globals);
  }
  // Confinement comes first: it wants a process of one thread.
  const std::array<Finding, 8> findings{confinement(), machine(),         formats(),     keys(),
                                        disk(dir),     synced_write(dir), descriptors(), clock_state()};
  constexpr std::array<const char*, 3> kNames{"ok", "warn", "fail"};
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  bool sound = true;
  for (const Finding& f : findings) {
    const char* verdict = kNames[static_cast<std::size_t>(f.verdict)];
    sound = sound && f.verdict != Verdict::fail;
    list.push_back({{"what", f.what}, {"verdict", verdict}, {"detail", f.detail}});
    if (!globals.json) fmt::print("{:<5} {:<17} {}\n", verdict, f.what, f.detail);
  }
  if (globals.json) {
    fmt::print("{}\n",
               nlohmann::ordered_json{{"schema", "swiftlet.doctor/1"}, {"ok", sound}, {"findings", list}}.dump());
  }
  return sound ? 0 : 1;
}

}  // namespace

void add_doctor(CLI::App& app, VerbContext context) {
  auto* command =
      app.add_subcommand("doctor", "Tries what this machine gives: readers, confinement, disk, clock, limits");
  auto dir = std::make_shared<std::string>(".");
  command->add_option("--dir", *dir, "Where the service's data would lie");
  command->callback([dir, context] { context.exit_status = examine(*dir, context.globals); });
}

}  // namespace swiftlet::tools
