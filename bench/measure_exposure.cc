// SPDX-License-Identifier: Apache-2.0

#include "bench/measure_exposure.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "grpcpp/security/credentials.h"
#include "src/base/status_macros.h"
#include "src/store/temporary_folder.h"
#include "tests/access/authority.h"

namespace consent::bench {
namespace {

constexpr char kNoLimit[] = "1000000000";  // There is one, and it is counted.

// Mutual TLS, every limit, metrics and the audit log.
Session::Front Exposed(const std::string& folder, const tests::Authority& authority) {
  const auto file = [&](const std::string& name, const std::string& text) {
    const std::string path = absl::StrCat(folder, "/", name);
    tests::WriteText(path, text);
    return path;
  };
  const tests::Pair server = authority.Issue("DNS:localhost,IP:127.0.0.1");
  const tests::Pair caller = authority.Issue(absl::StrCat("URI:consent:company:", load::kCompany));
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = authority.certificate();
  options.pem_cert_chain = caller.certificate;
  options.pem_private_key = caller.key;
  return {.flags = {"--rate-per-caller", kNoLimit, "--strangers-per-day", kNoLimit,  //
                    "--calls-per-caller", "100000",                                  //
                    "--tls-cert", file("served.pem", server.certificate),            //
                    "--tls-key", file("served.key", server.key),                     //
                    "--tls-client-ca", file("ca.pem", authority.certificate()),      //
                    "--metrics", "127.0.0.1:0"},
          .credentials = grpc::SslCredentials(options)};
}

struct Costs {
  double unary = 0;  // A second.
  double batch = 0;
  double cpu_us = 0;  // Of the server, a unary decision.
};

absl::StatusOr<Costs> Measure(Session& session, const Timing& timing) {
  load::LoadOptions options;
  options.in_flight = 256;
  options.connections = 4;
  options.warm_up = timing.warm_up;
  options.measured = timing.measured;
  const absl::Duration before = session.ServerCpu();
  const load::LoadReport unary = session.Unary(options);
  const absl::Duration cpu = session.ServerCpu() - before;
  options.in_flight = 8;
  options.connections = 2;
  const load::LoadReport batch = session.Stream(options, 1000);
  for (const load::LoadReport& load : {unary, batch}) {
    if (load.failed == 0 && load.measured > 0) continue;
    return absl::InternalError(
        absl::StrCat("exposure: ", load.failed, " calls failed, first: ", load.first_failure));
  }
  return Costs{unary.PerSecond(), batch.PerSecond(),
               absl::ToDoubleMicroseconds(cpu) / static_cast<double>(unary.answered)};
}

}  // namespace

absl::Status MeasureExposure(Session& session, int turns, const Timing& timing, Report& report) {
  const store::TemporaryFolder folder;
  const tests::Authority authority(folder.path(), "authority");
  const Session::Front exposed = Exposed(folder.path(), authority);
  for (int turn = 0; turn < turns; ++turn) {
    ASSIGN_OR_RETURN(const Costs bare, Measure(session, timing));
    RETURN_IF_ERROR(session.Restart(exposed).status());
    ASSIGN_OR_RETURN(const Costs costs, Measure(session, timing));
    RETURN_IF_ERROR(session.Restart().status());
    report.Add("exposure_unary_vs_bare_256", "ratio", costs.unary / bare.unary);
    report.Add("exposure_batch_vs_bare_1000", "ratio", costs.batch / bare.batch);
    report.Add("server_cpu_us_unary_exposed", "us", costs.cpu_us);
    report.Add("server_cpu_us_unary_bare", "us", bare.cpu_us);
  }
  return absl::OkStatus();
}

}  // namespace consent::bench
