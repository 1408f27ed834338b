// Runs a fuzz target without libFuzzer: every seed of a folder, and mutations of them from a fixed
// seed, so that each property is held in every test run. Usage: X_replay FOLDER [ROUNDS]

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

namespace {

void run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const unsigned char*>(input.data()), input.size());
}

std::string mutate(std::string input, const std::vector<std::string>& seeds, std::mt19937& random) {
  const auto below = [&](std::size_t n) { return n == 0 ? 0 : random() % n; };
  for (std::size_t edits = 1 + below(4); edits > 0; --edits) {
    const std::size_t at = below(input.size());
    switch (below(5)) {
      case 0:
        if (!input.empty()) input[at] = static_cast<char>(below(256));
        break;
      case 1:
        input.insert(at, 1, static_cast<char>(below(256)));
        break;
      case 2:
        input.erase(at, below(8));
        break;
      case 3:
        input.resize(at);
        break;
      default: {
        const std::string& other = seeds[below(seeds.size())];
        input.insert(at, other.substr(below(other.size())));
      }
    }
  }
  return input;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  std::vector<std::string> seeds;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    std::ifstream file(entry.path(), std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  if (seeds.empty()) {
    std::fprintf(stderr, "%s holds no seed\n", argv[1]);
    return 1;
  }
  for (const std::string& seed : seeds) run(seed);
  std::mt19937 random(1);
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 20000;
  for (int i = 0; i < rounds; ++i) run(mutate(seeds[random() % seeds.size()], seeds, random));
  std::printf("%zu seeds, %d mutations\n", seeds.size(), rounds);
}
