// SPDX-License-Identifier: Apache-2.0

#include "bench/postgres_peer.h"

#include <libpq-fe.h>
#include <signal.h>

#include <cstdlib>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "bench/peer_process.h"
#include "bench/postgres_schema.h"
#include "src/base/status_macros.h"

namespace consent::bench {
namespace {

constexpr size_t kBatch = 1'000;
constexpr absl::Duration kStartMax = absl::Seconds(60);

struct CloseConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Session = std::unique_ptr<PGconn, CloseConnection>;
using Result = std::unique_ptr<PGresult, ClearResult>;

absl::Status Fault(PGconn& session) {
  return absl::InternalError(absl::StrCat("PostgreSQL: ", PQerrorMessage(&session)));
}

bool IsGood(const Result& result) {
  const ExecStatusType status = PQresultStatus(result.get());
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

absl::StatusOr<Result> Execute(PGconn& session, const std::string& text) {
  Result result(PQexec(&session, text.c_str()));
  if (!IsGood(result)) return Fault(session);
  return result;
}

class PostgresConnection : public PeerConnection {
 public:
  explicit PostgresConnection(Session session) : session_(std::move(session)) {}

  absl::Status Prepare() {
    for (const auto& [name, text] :
         {std::pair("one", "SELECT 1, decide($1, $2)"),
          std::pair("many", "SELECT place, answer FROM decide_many($1::text[], $2::text[])")}) {
      if (!IsGood(Result(PQprepare(session_.get(), name, text, 2, nullptr)))) {
        return Fault(*session_);
      }
    }
    return absl::OkStatus();
  }

  int socket() const override { return PQsocket(session_.get()); }

  // Ids and contact points are our own: nothing in them has to be quoted.
  absl::Status Send(const std::vector<Ask>& asks) override {
    std::string ids = asks[0].request_id;
    std::string contacts = asks[0].contact_point;
    if (asks.size() > 1) {
      ids = absl::StrCat(
          "{",
          absl::StrJoin(asks, ",",
                        [](std::string* text, const Ask& ask) { text->append(ask.request_id); }),
          "}");
      contacts = absl::StrCat(
          "{",
          absl::StrJoin(asks, ",",
                        [](std::string* text, const Ask& ask) { text->append(ask.contact_point); }),
          "}");
    }
    const char* const values[] = {ids.c_str(), contacts.c_str()};
    allowed_.assign(asks.size(), false);
    if (PQsendQueryPrepared(session_.get(), asks.size() > 1 ? "many" : "one", 2, values, nullptr,
                            nullptr, 0) == 1) {
      return absl::OkStatus();
    }
    return Fault(*session_);
  }

  absl::StatusOr<bool> Receive(std::vector<bool>& allowed) override {
    if (PQconsumeInput(session_.get()) != 1) return Fault(*session_);
    while (PQisBusy(session_.get()) == 0) {
      const Result result(PQgetResult(session_.get()));
      if (result == nullptr) {
        allowed = allowed_;
        return true;
      }
      if (!IsGood(result)) return Fault(*session_);
      for (int row = 0; row < PQntuples(result.get()); ++row) {
        const long place = std::atol(PQgetvalue(result.get(), row, 0));
        allowed_.at(place - 1) = PQgetvalue(result.get(), row, 1)[0] == 't';
      }
    }
    return false;
  }

 private:
  const Session session_;
  std::vector<bool> allowed_;
};

class PostgresPeer : public Peer {
 public:
  PostgresPeer() : process_("postgres", SIGQUIT), port_(FreePort()) {}

  absl::Status Start(const std::string& programs) {
    const std::string data = process_.folder() + "/data";
    RETURN_IF_ERROR(process_.Run({programs + "/initdb", "--pgdata", data, "--username=bench",
                                  "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"}));
    RETURN_IF_ERROR(
        process_.Start({programs + "/postgres", "-D", data, "-c", absl::StrCat("port=", port_),
                        "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c",
                        "synchronous_commit=on", "-c", "fsync=on", "-c", "max_connections=300",
                        "-c", "shared_buffers=512MB", "-c", "wal_buffers=64MB",
                        // No checkpoint amid a measurement.
                        "-c", "max_wal_size=16GB", "-c", "checkpoint_timeout=1h"}));
    for (const absl::Time until = absl::Now() + kStartMax;;
         absl::SleepFor(absl::Milliseconds(50))) {
      RETURN_IF_ERROR(process_.CheckRunning());
      const absl::StatusOr<Session> session = Open();
      if (session.ok()) {
        return Execute(**session,
                       absl::StrCat(kPostgresTables, kPostgresDecide, kPostgresDecideMany))
            .status();
      }
      if (absl::Now() > until) return session.status();
    }
  }

  const std::string& name() const override { return name_; }
  size_t batch() const override { return kBatch; }

  absl::Status Grant(const std::vector<std::string>& contact_points, int64_t units) override {
    ASSIGN_OR_RETURN(const Session session, Open());
    RETURN_IF_ERROR(
        Execute(*session, absl::StrCat("INSERT INTO consumers SELECT c, ", units, ", ", units,
                                       " FROM unnest('{", absl::StrJoin(contact_points, ","),
                                       "}'::text[]) AS c; ANALYZE consumers"))
            .status());
    return absl::OkStatus();
  }

  absl::StatusOr<std::unique_ptr<PeerConnection>> Connect() override {
    ASSIGN_OR_RETURN(Session session, Open());
    auto connection = std::make_unique<PostgresConnection>(std::move(session));
    RETURN_IF_ERROR(connection->Prepare());
    return connection;
  }

  absl::StatusOr<PeerBooks> ReadBooks() override {
    ASSIGN_OR_RETURN(const Session session, Open());
    ASSIGN_OR_RETURN(const Result sums,
                     Execute(*session,
                             "SELECT (SELECT sum(granted - quota) FROM consumers),"
                             " (SELECT count(*) FROM decisions)"));
    return PeerBooks{.taken = std::atoll(PQgetvalue(sums.get(), 0, 0)),
                     .decisions = std::atoll(PQgetvalue(sums.get(), 0, 1))};
  }

 private:
  absl::StatusOr<Session> Open() const {
    Session session(
        PQconnectdb(absl::StrCat("host=127.0.0.1 port=", port_,
                                 " user=bench dbname=postgres sslmode=disable gssencmode=disable")
                        .c_str()));
    if (PQstatus(session.get()) == CONNECTION_OK) return session;
    return absl::UnavailableError(absl::StrCat("PostgreSQL: ", PQerrorMessage(session.get())));
  }

  const std::string name_ = "postgres";
  PeerProcess process_;
  const int port_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Peer>> StartPostgres() {
  std::vector<std::string> paths;
  for (int version = 20; version >= 12; --version) {
    paths.push_back(absl::StrCat("/usr/lib/postgresql/", version, "/bin/postgres"));
  }
  const std::string program = FirstProgram(paths);
  if (program.empty()) return absl::UnavailableError("PostgreSQL is not installed");
  auto postgres = std::make_unique<PostgresPeer>();
  RETURN_IF_ERROR(postgres->Start(program.substr(0, program.rfind('/'))));
  return postgres;
}

}  // namespace consent::bench
