// SPDX-License-Identifier: Apache-2.0
//
// Runs a fuzz target over the inputs kept for it, without libFuzzer: what was found once is tried
// on every run of the tests, with any compiler. Each input is also cut short and damaged a little,
// always in the same way, so that a new target is tried in earnest before a fuzzer ever ran.
//
//   codec_fuzz tests/corpus/codec_fuzz    # a missing folder counts as an empty one

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

// At most so many places of one input are damaged; longer inputs in evenly spread places.
constexpr size_t kPlacesMax = 256;

void Run(const std::string& input) {
  // A copy of exactly this size, so that a read past its end is seen by a sanitizer.
  const std::vector<uint8_t> bytes(input.begin(), input.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

void RunWithDamage(const std::string& input) {
  Run(input);
  const size_t step = std::max<size_t>(1, input.size() / kPlacesMax);
  for (size_t i = 0; i < input.size(); i += step) {
    Run(input.substr(0, i));
    for (const char flip : {'\x01', '\x80', '\xff'}) {
      std::string damaged = input;
      damaged[i] = static_cast<char>(damaged[i] ^ flip);
      Run(damaged);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::filesystem::path> files;
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) continue;
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  RunWithDamage("");
  for (int byte = 0; byte < 256; ++byte) RunWithDamage(std::string(8, static_cast<char>(byte)));
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    RunWithDamage(std::string(std::istreambuf_iterator<char>(in), {}));
  }
  std::printf("%zu kept inputs, no fault\n", files.size());
  return 0;
}
