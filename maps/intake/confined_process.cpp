#include "maps/intake/confined_process.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <new>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "maps/intake/process_report.hpp"
#include "maps/intake/source_file.hpp"

namespace swiftlet::maps {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kMiB = 1U << 20U;

volatile std::sig_atomic_t interrupted_by = 0;

/// While it lives, SIGINT and SIGTERM are noted instead of ending the process, so that what was begun is cleared away.
class NotedSignals {
 public:
  NotedSignals() {
    interrupted_by = 0;
    struct sigaction note {};
    note.sa_handler = [](int signal) { interrupted_by = signal; };
    ::sigaction(SIGINT, &note, &old_int_);
    ::sigaction(SIGTERM, &note, &old_term_);
  }
  ~NotedSignals() {
    ::sigaction(SIGINT, &old_int_, nullptr);
    ::sigaction(SIGTERM, &old_term_, nullptr);
  }
  NotedSignals(const NotedSignals&) = delete;
  NotedSignals& operator=(const NotedSignals&) = delete;

 private:
  struct sigaction old_int_ {};
  struct sigaction old_term_ {};
};

std::string describe_layers(const std::vector<ConfinementLayer>& layers) {
  json out = json::array();
  for (const ConfinementLayer& layer : layers)
    out.push_back({layer.name, layer.missing ? json(*layer.missing) : json()});
  return out.dump();
}

std::vector<ConfinementLayer> layers_from(const std::string& text) {
  std::vector<ConfinementLayer> layers;
  const json in = json::parse(text, nullptr, false);
  if (!in.is_array()) return layers;
  for (const json& layer : in) {
    if (!layer.is_array() || layer.size() != 2 || !layer[0].is_string()) continue;
    layers.push_back({layer[0], layer[1].is_string() ? std::optional<std::string>(layer[1]) : std::nullopt});
  }
  return layers;
}

Error out_of_memory(const ReadingLimits& limits) {
  return {
      .code = ErrorCode::file_unreadable,
      .message = fmt::format("needs more than the {} MiB of memory that reading may take", limits.memory_bytes / kMiB),
      .hint = "if the region is that large, raise --memory-mib"};
}

/// The child's whole life.
[[noreturn]] void live(int report_to, const ReadingLimits& limits, const std::function<Expected<std::string>()>& work) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (const int signal : {SIGINT, SIGTERM, SIGPIPE}) ::signal(signal, SIG_DFL);
  send_report(report_to, ReportKind::layers, describe_layers(confine_this_process(limits)));
  std::string reading;
  watch_sources([&](const std::filesystem::path& file) {
    if (!file.empty()) reading = file.string();
    send_report(report_to, ReportKind::reading, file.string());
  });
  Expected<std::string> result = fail(ErrorCode::internal, "no answer");
  try {
    result = work();
  } catch (const std::bad_alloc&) {
    result = Unexpected(out_of_memory(limits));
    result.error().where = reading;
  } catch (const std::length_error&) {  // a size that no memory has
    result = Unexpected(out_of_memory(limits));
    result.error().where = reading;
  } catch (const std::exception& error) {
    result = fail(ErrorCode::internal, fmt::format("reading failed in a way that nobody foresaw: {}", error.what()),
                  reading);
  }
  std::fflush(stderr);
  const bool written = std::fflush(stdout) == 0;
  const int why = errno;
  if (result && (!written || std::ferror(stdout) != 0)) {
    result = fail(ErrorCode::output_refused,
                  written ? "standard output took not all of it"
                          : fmt::format("standard output took not all of it: {}", std::strerror(why)));
  }
  const bool sent = result ? send_report(report_to, ReportKind::answer, *result)
                           : send_report(report_to, ReportKind::refusal, to_text(result.error()));
  ::_exit(sent ? 0 : 1);
}

/// What the parent knows of its child.
struct Watched {
  pid_t pid;
  int reports;
  std::string reading = {};
  std::vector<ConfinementLayer> layers = {};
  std::optional<Expected<std::string>> result = {};
  ReportReader reader = {};
  bool late = false;
};

void take(Watched& child, Report report) {
  switch (report.kind) {
    case ReportKind::reading:
      if (!report.text.empty()) child.reading = std::move(report.text);
      return;
    case ReportKind::layers:
      child.layers = layers_from(report.text);
      return;
    case ReportKind::answer:
      child.result = std::move(report.text);
      return;
    case ReportKind::refusal:
      if (auto error = error_from_text(report.text)) child.result = Unexpected(std::move(*error));
      return;
  }
}

/// Listens until the child has closed its side, has said nonsense, is late, or somebody interrupts.
void listen(Watched& child, const ReadingLimits& limits) {
  auto deadline = Clock::now() + limits.on_one_source;
  std::array<char, 1 << 16> buffer{};
  while (interrupted_by == 0 && !child.reader.is_nonsense()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) {
      child.late = true;
      return;
    }
    pollfd ready{.fd = child.reports, .events = POLLIN, .revents = 0};
    const int n = ::poll(&ready, 1, static_cast<int>(std::min<long long>(left, 60'000)));
    if (n <= 0) continue;  // time has passed, or a signal has come
    const ssize_t got = ::read(child.reports, buffer.data(), buffer.size());
    if (got == 0) return;
    if (got < 0) continue;
    child.reader.add({buffer.data(), static_cast<std::size_t>(got)});
    while (auto report = child.reader.next()) {
      if (report->kind == ReportKind::reading) {
        deadline = report->text.empty() ? Clock::time_point::max() : Clock::now() + limits.on_one_source;
      }
      take(child, std::move(*report));
    }
  }
}

int reap(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

/// Why there is no answer, from how the child has ended.
Error why_silent(const Watched& child, int status, const ReadingLimits& limits) {
  Error error{.code = ErrorCode::file_unreadable, .message = {}, .where = child.reading};
  if (child.late) {
    error.message = fmt::format("reading it took longer than {} s and was stopped", limits.on_one_source.count());
    error.hint = "if the file is that large, raise --source-seconds";
  } else if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU)) {
    error.message = fmt::format("reading took more than {} s of processor time and was stopped while at this file",
                                limits.processor.count());
    error.hint = "if the region is that large, raise --processor-seconds";
  } else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ) {
    error.message = fmt::format("what is made of it would be larger than {} MiB", limits.file_bytes / kMiB);
  } else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE) {
    error = {.code = ErrorCode::output_refused, .message = "whoever read standard output is gone"};
  } else if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    error.message = fmt::format(
        "the process that read it crashed ({}: {}); the file is broken or hostile, or memory beyond {} MiB was needed",
        signal, ::strsignal(signal), limits.memory_bytes / kMiB);
    error.hint = "rewrite the file with gdal_translate or ogr2ogr and look at what they say";
  } else {
    error.message = "the process that read it ended without an answer";
  }
  return error;
}

}  // namespace

Expected<ConfinedAnswer> run_confined(const ReadingLimits& limits, const std::function<Expected<std::string>()>& work) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return fail(ErrorCode::internal, fmt::format("no pipe: {}", std::strerror(errno)));
  }
  std::fflush(nullptr);  // or the child would print it once more
  const NotedSignals signals;
  const pid_t pid = ::fork();
  if (pid < 0) {
    ::close(ends[0]);
    ::close(ends[1]);
    return fail(ErrorCode::internal, fmt::format("no process to read in: {}", std::strerror(errno)));
  }
  if (pid == 0) {
    ::close(ends[0]);
    live(ends[1], limits, work);
  }
  ::close(ends[1]);
  Watched child{.pid = pid, .reports = ends[0]};
  listen(child, limits);
  ::close(ends[0]);
  const bool stopped = child.late || child.reader.is_nonsense() || interrupted_by != 0;
  if (stopped) ::kill(pid, SIGKILL);
  const int status = reap(pid);
  if (interrupted_by != 0)
    return fail(ErrorCode::interrupted, "stopped while reading; nothing was written", child.reading);
  const bool ended_well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  if (stopped || !ended_well || !child.result) return Unexpected(why_silent(child, status, limits));
  if (!*child.result) return Unexpected(child.result->error());
  return ConfinedAnswer{.text = std::move(**child.result), .layers = std::move(child.layers)};
}

}  // namespace swiftlet::maps
