// Runs a fuzz target on its seeds and on mutations of them, without a fuzzer: replay SEEDS MUTATIONS. The same inputs
// each time (SWIFTLET_TEST_SEED changes them). An input that ends the process is left in fuzz_last_input.
#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "tests/seed.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Bytes = std::string;

const Bytes* current = nullptr;

/// Leaves the input that ends the process in a file; only what a signal handler may call.
void leave_input(int signal) {
  const int file = ::open("fuzz_last_input", O_CREAT | O_TRUNC | O_WRONLY, 0644);
  if (file >= 0 && ::write(file, current->data(), current->size()) >= 0) ::close(file);
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

void run(const Bytes& input) {
  current = &input;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

/// What breaks parsers of text: odd numbers, brackets, words out of place.
const std::vector<Bytes> kWords{"-",    "1e999", "NaN", "null", "\"\"",   "[", "]",        "{",  "}", "\x00", "\xff",
                                "true", "1e308", "0",   "-0",   "[[[[[[", ",", "\"a\":1,", "\n", ".", "=",    "[[a]]"};

/// One to four changes: a byte, a piece cut out, doubled, taken from another seed, a word put in.
Bytes mutated(Bytes input, const std::vector<Bytes>& seeds, std::mt19937_64& random) {
  const auto below = [&](std::size_t n) { return n == 0 ? 0 : random() % n; };
  for (std::uint64_t k = 1 + below(4); k > 0; --k) {
    const std::size_t at = below(input.size());
    const std::size_t length = std::min<std::size_t>(1 + below(40), input.size() - at);
    switch (below(6)) {
      case 0:
        if (!input.empty()) input[at] = static_cast<char>(below(256));
        break;
      case 1:
        input.erase(at, length);
        break;
      case 2:
        input.insert(at, input.substr(at, length));
        break;
      case 3: {
        const Bytes& other = seeds[below(seeds.size())];
        const std::size_t from = below(other.size());
        input.insert(at, other.substr(from, below(60)));
        break;
      }
      case 4:
        input.replace(at, length, kWords[below(kWords.size())]);
        break;
      default:
        input.insert(at, kWords[below(kWords.size())]);
    }
  }
  return input;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGBUS}) ::signal(signal, leave_input);
  std::vector<std::filesystem::path> files{std::filesystem::directory_iterator(argv[1]), {}};
  std::sort(files.begin(), files.end());
  std::vector<Bytes> seeds;
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    run(seeds.back());
  }
  if (seeds.empty()) return 2;
  std::mt19937_64 random(swiftlet::test::seed());
  const int rounds = std::atoi(argv[2]);
  for (int round = 0; round < rounds; ++round) run(mutated(seeds[random() % seeds.size()], seeds, random));
  fmt::print("{} seeds and {} mutations of them read\n", seeds.size(), rounds);
  return 0;
}
