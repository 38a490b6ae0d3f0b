// SPDX-License-Identifier: Apache-2.0

#include "src/consentd/service.h"

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/base/loopback.h"
#include "src/base/status_macros.h"

namespace consent::consentd {
namespace {

absl::Status MakeFolder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("data: ", path, ": ", error.message()));
}

// Whole or not at all: whoever waits for the file reads a complete number.
absl::Status WritePort(const std::string& path, int port) {
  const std::string unfinished = path + ".new";
  std::ofstream(unfinished) << port << "\n";
  std::error_code error;
  std::filesystem::rename(unfinished, path, error);
  if (!error) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(path, ": ", error.message()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Service>> Service::Start(const Config& config) {
  // Said before anything is opened or made.
  if (!IsLoopback(config.grpc)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "grpc: expected a loopback address such as 127.0.0.1:7420, found ", config.grpc,
        "; this service does not encrypt or authenticate yet, so nobody else may reach it"));
  }
  auto service = std::unique_ptr<Service>(new Service());
  RETURN_IF_ERROR(MakeFolder(config.data));
  std::error_code ignored;
  std::filesystem::remove(config.data + "/grpc.port", ignored);

  ASSIGN_OR_RETURN(service->store_, store::RocksDbStore::Open(
                                        config.data + "/store",
                                        {.cache_bytes = config.cache_mib << 20, .env = nullptr}));
  ASSIGN_OR_RETURN(const std::optional<std::string> origin, service->store_->ReadFact("origin"));
  ASSIGN_OR_RETURN(Keys keys, OpenKeys(config.data + "/keys", !origin.has_value()));
  service->keys_ = std::make_unique<Keys>(std::move(keys));
  ASSIGN_OR_RETURN(service->ledger_,
                   ledger::Ledger::Open(*service->store_, service->clock_,
                                        {.origin = config.origin,
                                         .pepper_check = service->keys_->pepper_check,
                                         .records_in_memory = config.records_in_memory}));
  ASSIGN_OR_RETURN(service->server_, api::Server::Start({.ledger = *service->ledger_,
                                                         .pepper = service->keys_->pepper,
                                                         .permit_key = service->keys_->permit,
                                                         .clock = service->clock_},
                                                        config.grpc));
  RETURN_IF_ERROR(WritePort(config.data + "/grpc.port", service->port()));
  return service;
}

void Service::Stop(int drain_seconds) {
  server_->Drain(absl::Seconds(drain_seconds));
  ledger_->Stop();
}

}  // namespace consent::consentd
