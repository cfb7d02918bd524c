// What append() has returned from survives a loss of power, whatever the disk does with what was not synced.
// SWIFTLET_POWER_LOSS_SEEDS=10000 is the long campaign.
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>

#include "dispatch/store/journal.hpp"
#include "tests/dispatch/simulated_disk.hpp"
#include "tests/seed.hpp"

namespace swiftlet::dispatch {
namespace {

using drill::SimulatedDisk;

std::uint64_t seeds() {
  const char* text = std::getenv("SWIFTLET_POWER_LOSS_SEEDS");
  return text == nullptr ? 300 : std::strtoull(text, nullptr, 10);
}

struct Day {
  explicit Day(std::uint64_t seed) : disk(seed), random(seed * 7919 + 1) { SimulatedDisk::mount(&disk); }
  ~Day() {
    SimulatedDisk::mount(nullptr);
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
  }
  Day(const Day&) = delete;
  Day& operator=(const Day&) = delete;

  std::uint64_t any(std::uint64_t n) { return random() % n; }

  std::vector<Record> draw_batch() {
    std::vector<Record> batch;
    for (std::uint64_t i = 0, n = 1 + any(40); i < n; ++i) {
      ++written;
      batch.push_back({.at = UtcTime(std::chrono::milliseconds(1000 + written)),
                       .body = ReadinessChanged{.order_id = std::to_string(written) + std::string(any(2000), 'x'),
                                                .ready_at = UtcTime{}}});
    }
    return batch;
  }

  /// The numbers in the journal; what is wrong with it, if anything.
  std::string recover(std::vector<std::uint64_t>& numbers) {
    const auto journal = Journal::open(file);
    if (!journal) return "not opened: " + describe(journal.error());
    const auto count = journal->replay([&](const Record& record) {
      numbers.push_back(std::stoull(std::get<ReadinessChanged>(record.body).order_id));
    });
    return count ? "" : "not read: " + describe(count.error());
  }

  SimulatedDisk disk;
  std::mt19937_64 random;
  std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("swiftlet-power-" + std::to_string(::getpid()));
  std::uint64_t written = 0;
};

BOOST_AUTO_TEST_SUITE(power_loss)

BOOST_AUTO_TEST_CASE(nothing_acknowledged_is_lost_and_nothing_comes_in_half) {
  const std::uint64_t first = test::seed();
  std::uint64_t in_the_middle = 0;
  for (std::uint64_t seed = first; seed < first + seeds(); ++seed) {
    Day day(seed);
    std::uint64_t acknowledged = 0;
    for (int life = 0; life < 3; ++life) {
      day.disk.mend();
      std::uint64_t tried = acknowledged;
      {
        auto journal = Journal::open(day.file);
        const std::string refused = journal ? std::string() : describe(journal.error());
        BOOST_REQUIRE_MESSAGE(refused.empty(), "seed " << seed << ": " << refused);
        day.disk.fail_at(day.disk.operations() + 1 + day.any(200));
        day.written = acknowledged;
        for (int n = 0; n < 60; ++n) {
          const auto batch = day.draw_batch();
          tried = day.written;
          if (!journal->append(batch, {})) {
            // From then on it refuses everything.
            BOOST_TEST(!journal->append(day.draw_batch(), {}).has_value());
            ++in_the_middle;
            break;
          }
          acknowledged = day.written;
          if (day.any(30) == 0) break;
        }
        if (day.any(2) == 0) day.disk.lose_power();  // before SQLite could tidy up
      }
      day.disk.lose_power();
      day.disk.mend();
      std::vector<std::uint64_t> numbers;
      const std::string wrong = day.recover(numbers);
      BOOST_REQUIRE_MESSAGE(wrong.empty(), "seed " << seed << " life " << life << ": " << wrong);
      for (std::size_t i = 0; i < numbers.size(); ++i) BOOST_REQUIRE(numbers[i] == i + 1);
      BOOST_REQUIRE_MESSAGE(numbers.size() == acknowledged || numbers.size() == tried,
                            "seed " << seed << ": " << numbers.size() << " of " << acknowledged << " to " << tried);
      acknowledged = numbers.size();
    }
  }
  BOOST_TEST(in_the_middle > seeds() / 4);  // the power did go while something was being written
}

BOOST_AUTO_TEST_CASE(the_disk_is_as_bad_as_it_says) {
  // Without syncs everything may go: the simulated disk would show a journal that does not sync.
  SimulatedDisk disk(5);
  const auto file = disk.create("f");
  SimulatedDisk::apply(file->seen, {.offset = 0, .bytes = "hello"});
  file->cache.push_back({.offset = 0, .bytes = "hello"});
  bool lost = false;
  for (int i = 0; i < 50 && !lost; ++i) {
    SimulatedDisk again(static_cast<std::uint64_t>(i));
    const auto other = again.create("f");
    *other = *file;
    again.lose_power();
    lost = other->seen != "hello";
  }
  BOOST_TEST(lost);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
