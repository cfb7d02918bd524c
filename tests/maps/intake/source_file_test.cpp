#include "maps/intake/source_file.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <vector>

using namespace swiftlet;
namespace fs = std::filesystem;

namespace {

struct Folder {
  fs::path path = fs::temp_directory_path() / ("swiftlet_source_" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
};

std::string why(const fs::path& file) {
  const auto begun = maps::begin_source(file);
  return begun ? "" : describe(begun.error());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(source_file)

BOOST_AUTO_TEST_CASE(what_is_no_file_is_refused_without_being_opened) {
  const Folder folder;
  const auto at = [&](const char* name) { return folder.path / name; };
  std::ofstream(at("good")) << "x";
  std::ofstream(at("empty")).flush();
  BOOST_REQUIRE(::mkfifo(at("pipe").c_str(), 0600) == 0);
  fs::create_symlink("good", at("link"));
  fs::create_symlink("nowhere", at("dangling"));
  fs::create_symlink("circle", at("circle"));
  fs::create_symlink("/dev/zero", at("zero"));
  fs::create_symlink("pipe", at("link_to_pipe"));
  BOOST_TEST(why(at("good")) == "");
  BOOST_TEST(why(at("link")) == "");
  for (const auto& [name, words] : std::vector<std::pair<const char*, const char*>>{{"empty", "is empty"},
                                                                                    {"pipe", "is a pipe"},
                                                                                    {"link_to_pipe", "is a pipe"},
                                                                                    {"dangling", "leads nowhere"},
                                                                                    {"circle", "cannot be looked at"},
                                                                                    {"zero", "is a device"},
                                                                                    {".", "is a directory"},
                                                                                    {"absent", "no such file"}}) {
    BOOST_TEST(why(at(name)).find(words) != std::string::npos, name << ": " << why(at(name)));
    BOOST_TEST(why(at(name)).find(at(name).string()) != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(watcher_is_told_before_the_file_is_touched) {
  std::vector<std::string> seen;
  maps::watch_sources([&](const fs::path& file) { seen.push_back(file.string()); });
  (void)maps::begin_source("/nowhere/a");
  maps::end_sources();
  maps::watch_sources({});
  (void)maps::begin_source("/nowhere/b");
  BOOST_TEST((seen == std::vector<std::string>{"/nowhere/a", ""}));
}

BOOST_AUTO_TEST_SUITE_END()
