// SPDX-License-Identifier: Apache-2.0
//
// consentd as it is, on a store and files with named points at which it kills itself (points.h):
//
//   fragile_consentd --die-at POINT:N [consentd's own flags]

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "src/consentd/config.h"
#include "src/consentd/log.h"
#include "src/consentd/service.h"
#include "src/store/rocksdb_store.h"
#include "tests/fault/doom.h"
#include "tests/fault/fragile_files.h"
#include "tests/fault/fragile_store.h"

#include <unistd.h>

namespace consent::fault {
namespace {

constexpr int kBadSetting = 2;

int Main(int argc, char** argv) {
  std::vector<char*> arguments;
  bool set = false;
  for (int i = 0; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--die-at" && i + 1 < argc) {
      set = SetDoom(argv[++i]);
    } else {
      arguments.push_back(argv[i]);
    }
  }
  if (!set) {
    std::fprintf(stderr, "--die-at: expected POINT:N\n");
    return kBadSetting;
  }
  consentd::Config config;
  int exit_code = 0;
  if (!consentd::ReadConfig(static_cast<int>(arguments.size()), arguments.data(), config,
                            exit_code)) {
    return exit_code;
  }
  consentd::StartLog(config.log_level);
  const std::unique_ptr<rocksdb::Env> files = MakeFragileFiles();
  const auto open =
      [&](const consentd::Config& opened) -> absl::StatusOr<std::unique_ptr<store::Store>> {
    auto real = store::RocksDbStore::Open(
        opened.data + "/store", {.cache_bytes = opened.cache_mib << 20, .env = files.get()});
    if (!real.ok()) return real.status();
    phase = Phase::kStarting;
    return std::make_unique<FragileStore>(*std::move(real));
  };
  const auto service = consentd::Service::Start(config, open);
  if (!service.ok()) {
    consentd::LogError("cannot start", {{"message", std::string(service.status().message())}});
    return 1;
  }
  phase = Phase::kServing;
  while (true) pause();  // Nobody asks it to end.
}

}  // namespace
}  // namespace consent::fault

int main(int argc, char** argv) { return consent::fault::Main(argc, argv); }
