#include "maps/intake/confined_process.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "maps/intake/process_report.hpp"
#include "maps/intake/source_file.hpp"
#include "tests/seed.hpp"

using namespace swiftlet;
using maps::ReadingLimits;
using maps::run_confined;
namespace fs = std::filesystem;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

using Result = Expected<std::string>;

/// A folder of this test's own.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("swiftlet_confined_" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
};

/// The error of work that reads `source.tif` first.
Error error_of(const ReadingLimits& limits, const std::function<void()>& work) {
  const auto answer = run_confined(limits, [&]() -> Result {
    (void)maps::begin_source("/data/before.gpkg");
    (void)maps::begin_source("/data/source.tif");
    work();
    return "survived";
  });
  BOOST_REQUIRE(!answer);
  BOOST_TEST(answer.error().where == "/data/source.tif");
  return answer.error();
}

bool layer_holds(const std::vector<maps::ConfinementLayer>& layers, const char* name) {
  for (const auto& layer : layers) {
    if (layer.name == name) return !layer.missing;
  }
  BOOST_ERROR("no such layer");
  return false;
}

bool can_create(const fs::path& file) {
  const int fd = ::open(file.c_str(), O_CREAT | O_WRONLY, 0600);
  if (fd >= 0) ::close(fd);
  return fd >= 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(confined_process)

BOOST_AUTO_TEST_CASE(answers_and_errors_come_back_whole) {
  const std::string long_text(3'000'000, 'x');
  const auto answer = run_confined({}, [&]() -> Result { return long_text; });
  BOOST_REQUIRE(answer);
  BOOST_TEST((answer->text == long_text));
  const auto refused = run_confined({}, []() -> Result {
    return Unexpected(Error{.code = ErrorCode::geometry_invalid,
                            .message = "a \"bow-tie\"\n",
                            .where = "a.gpkg, feature 7",
                            .cause = ErrorCause{.kind = "building", .id = "7"},
                            .hint = "mend it"});
  });
  BOOST_REQUIRE(!refused);
  BOOST_TEST((refused.error().code == ErrorCode::geometry_invalid));
  BOOST_TEST(refused.error().message == "a \"bow-tie\"\n");
  BOOST_TEST(refused.error().where == "a.gpkg, feature 7");
  BOOST_TEST(refused.error().cause->id == "7");
  BOOST_TEST(refused.error().hint == "mend it");
}

BOOST_AUTO_TEST_CASE(crash_names_the_file_being_read) {
  const Error error = error_of({}, [] {
    ::signal(SIGSEGV, SIG_DFL);  // a sanitizer would catch it
    ::raise(SIGSEGV);
  });
  BOOST_TEST((error.code == ErrorCode::file_unreadable));
  BOOST_TEST(error.message.find("crashed (11") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(exception_that_nobody_foresaw_names_the_file) {
  const Error error = error_of({}, [] { throw std::runtime_error("surprise"); });
  BOOST_TEST(error.message.find("surprise") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(hang_is_stopped_and_names_the_file) {
  const Error error = error_of({.on_one_source = std::chrono::seconds(1)}, [] { ::sleep(60); });
  BOOST_TEST(error.message.find("longer than 1 s") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(work_after_the_last_source_is_not_timed) {
  const auto answer = run_confined({.on_one_source = std::chrono::seconds(1)}, []() -> Result {
    maps::end_sources();
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    return "done";
  });
  BOOST_TEST(answer.has_value());
}

BOOST_AUTO_TEST_CASE(processor_time_is_limited) {
  const Error error = error_of({.processor = std::chrono::seconds(1)}, [] {
    const volatile bool on = true;
    while (on) {
    }
  });
  BOOST_TEST(error.message.find("more than 1 s of processor time") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(memory_is_limited) {
  if (kSanitized) return;
  const Error error = error_of({.memory_bytes = 256U << 20U}, [] { std::vector<char>(1U << 30U, 1).at(5) = 2; });
  BOOST_TEST((error.code == ErrorCode::file_unreadable));
  BOOST_TEST(error.message.find("more than the 256 MiB of memory") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_socket_no_program_no_process) {
  const auto answer = run_confined({}, []() -> Result {
    std::string done;
    if (::socket(AF_INET, SOCK_STREAM, 0) >= 0) done += " internet socket";
    if (::socket(AF_UNIX, SOCK_STREAM, 0) >= 0) done += " local socket";
    const pid_t pid = ::fork();
    if (pid == 0) ::_exit(0);
    if (pid > 0) done += " process";
    char name[] = "/bin/true";
    char* const arguments[] = {name, nullptr};
    ::execv(name, arguments);  // would end this process without an answer
    return done;
  });
  BOOST_REQUIRE_MESSAGE(answer, "a program was run");
  BOOST_TEST(!maps::network_is_open(answer->layers));
  if (layer_holds(answer->layers, "system call filter")) BOOST_TEST(answer->text == "");
}

BOOST_AUTO_TEST_CASE(only_its_own_directory_can_be_written) {
  const Folder folder;
  fs::create_directories(folder.path / "mine");
  std::ofstream(folder.path / "yours") << "left alone";
  ReadingLimits limits;
  limits.writable = folder.path / "mine";
  const auto answer = run_confined(limits, [&]() -> Result {
    std::string done;
    if (can_create(folder.path / "mine" / "a")) done += "mine";
    if (can_create(folder.path / "other")) done += " beside";
    if (::truncate((folder.path / "yours").c_str(), 0) == 0) done += " truncated";
    if (::unlink((folder.path / "yours").c_str()) == 0) done += " removed";
    if (can_create(folder.path / "mine" / ".." / "dots")) done += " dots";
    return done;
  });
  BOOST_REQUIRE(answer);
  // Landlock knows of truncation only since Linux 6.2; opening for writing is kept from everywhere.
  if (layer_holds(answer->layers, "write protection")) {
    BOOST_TEST((answer->text == "mine" || answer->text == "mine truncated"), answer->text);
  }
}

BOOST_AUTO_TEST_CASE(threads_and_reading_still_work) {
  const Folder folder;
  std::ofstream(folder.path / "source") << "seen";
  const auto answer = run_confined({}, [&]() -> Result {
    std::string text;
    std::thread reader([&] { std::ifstream(folder.path / "source") >> text; });
    reader.join();
    return text;
  });
  BOOST_REQUIRE(answer);
  BOOST_TEST(answer->text == "seen");
}

BOOST_AUTO_TEST_CASE(layer_that_is_not_granted_is_said_to_be_missing) {
  const auto answer = run_confined({}, []() -> Result {
    // Here no namespace can be had any more.
    for (const auto& layer : maps::confine_this_process({})) {
      if (layer.name == "network namespace") return layer.missing.value_or("on");
    }
    return "";
  });
  BOOST_REQUIRE(answer);
  if (layer_holds(answer->layers, "system call filter")) BOOST_TEST(answer->text == "Operation not permitted");
  using Layers = std::vector<maps::ConfinementLayer>;
  BOOST_TEST(maps::network_is_open(Layers{{"network namespace", "no"}, {"system call filter", "no"}}));
  BOOST_TEST(!maps::network_is_open(Layers{{"network namespace", "no"}, {"system call filter", {}}}));
}

BOOST_AUTO_TEST_CASE(interruption_ends_the_child_and_is_told) {
  const pid_t self = ::getpid();
  const pid_t finger = ::fork();
  if (finger == 0) {
    ::usleep(300'000);
    ::kill(self, SIGINT);
    ::_exit(0);
  }
  const auto answer = run_confined({}, []() -> Result {
    ::sleep(60);
    return "";
  });
  ::waitpid(finger, nullptr, 0);
  BOOST_REQUIRE(!answer);
  BOOST_TEST((answer.error().code == ErrorCode::interrupted));
}

BOOST_AUTO_TEST_CASE(reports_of_a_hijacked_child_do_no_harm) {
  std::mt19937_64 random(test::seed());
  int whole = 0;
  for (int round = 0; round < 20'000; ++round) {
    maps::ReportReader reader;
    std::string bytes(random() % 40, '\0');
    for (char& c : bytes) c = static_cast<char>(random() % 3 == 0 ? 'A' : random() % 256);
    if (random() % 2 == 0 && bytes.size() > 5) bytes.replace(0, 5, std::string("A\x03\0\0\0", 5));
    for (std::size_t k = 0; k < bytes.size(); k += 7) {
      reader.add(std::string_view(bytes).substr(k, 7));
      while (const auto report = reader.next()) {
        whole += 1;
        BOOST_TEST(report->text.size() <= bytes.size());
        (void)maps::error_from_text(report->text);
      }
    }
  }
  BOOST_TEST(whole > 1000);
}

BOOST_AUTO_TEST_SUITE_END()
