// SPDX-License-Identifier: Apache-2.0

#include "src/http/witness_client.h"

#include <httplib.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/hash.h"
#include "src/tlog/cosignature.h"

namespace consent::http {
namespace {

constexpr size_t kUrlBytesMax = 1024;

absl::Status NoAnswer(const std::string& why) { return absl::UnavailableError("witness: " + why); }

// Cuts a client off at a deadline: the library's own timeouts are for each read.
class Watch {
 public:
  Watch(httplib::Client& client, absl::Duration time)
      : thread_([this, &client, time] {
          std::unique_lock lock(mutex_);
          const auto deadline = std::chrono::steady_clock::now() + absl::ToChronoMilliseconds(time);
          // Again and again: a connection may just have been made.
          while (!ended_.wait_until(lock, deadline, [this] { return over_; }) &&
                 !ended_.wait_for(lock, std::chrono::milliseconds(20), [this] { return over_; })) {
            client.stop();
          }
        }) {}
  ~Watch() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    ended_.notify_all();
    thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  bool over_ = false;  // Guarded by mutex_.
  std::thread thread_;
};

absl::Status AsStatus(int status) {
  switch (status) {
    case 400:
      return absl::InvalidArgumentError("witness: it calls the request malformed");
    case 403:
      return absl::PermissionDeniedError("witness: it does not believe the log's signature");
    case 404:
      return absl::NotFoundError("witness: it does not know this log");
    case 422:
      return absl::DataLossError("witness: it signed a tree that this one does not continue");
    default:
      return NoAnswer(absl::StrCat("it answered with status ", status));
  }
}

}  // namespace

absl::StatusOr<WitnessClient> WitnessClient::Create(Options options) {
  const std::string& url = options.url;
  const size_t scheme = url.find("://");
  const std::string name = scheme == std::string::npos ? "" : url.substr(0, scheme);
  const size_t slash = url.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  std::string host = url.substr(0, slash);
  std::string prefix = slash == std::string::npos ? "" : url.substr(slash);
  while (prefix.ends_with('/')) prefix.pop_back();
  if ((name != "http" && name != "https") || host.size() == scheme + 3 ||
      url.size() > kUrlBytesMax || url.find_first_of("?#@ \t\r\n") != std::string::npos) {
    return absl::InvalidArgumentError(
        "a witness's URL: expected http:// or https://, a host, and perhaps a path");
  }
  if (options.key.type != tlog::KeyType::kCosignature) {
    return absl::InvalidArgumentError("a witness's key: expected one of the cosignature type");
  }
  return WitnessClient(std::move(options), std::move(host), std::move(prefix));
}

absl::StatusOr<WitnessClient::Answer> WitnessClient::Ask(const std::string& path,
                                                         const std::string* body) const {
  httplib::Client client(host_);
  if (!client.is_valid()) return NoAnswer("its URL cannot be used");
  const auto timeout = absl::ToChronoMilliseconds(options_.timeout);
  client.set_connection_timeout(timeout);
  client.set_read_timeout(timeout);
  client.set_write_timeout(timeout);
  client.set_tcp_nodelay(true);
  client.set_decompress(false);
  if (!options_.authorities.empty()) client.set_ca_cert_path(options_.authorities);

  Answer answer;
  httplib::Request request;
  request.method = body == nullptr ? "GET" : "POST";
  request.path = prefix_ + path;
  if (body != nullptr) {
    request.body = *body;
    request.headers.emplace("Content-Type", "text/plain; charset=utf-8");
  }
  bool too_large = false;
  request.content_receiver = [&](const char* bytes, size_t size, uint64_t, uint64_t) {
    too_large = size > tlog::kNoteBytesMax - answer.body.size();
    if (!too_large) answer.body.append(bytes, size);
    return !too_large;
  };
  httplib::Response response;
  httplib::Error error = httplib::Error::Success;
  bool answered = false;
  {
    const Watch watch(client, options_.timeout);
    answered = client.send(request, response, error);
  }
  if (too_large) return NoAnswer("its answer is too large");
  if (!answered) return NoAnswer(httplib::to_string(error));
  answer.status = response.status;
  answer.content_type = response.get_header_value("Content-Type");
  return answer;
}

absl::StatusOr<WitnessClient::Added> WitnessClient::AddCheckpoint(
    const tlog::AddCheckpoint& request) const {
  ASSIGN_OR_RETURN(const tlog::Note note, tlog::ParseNote(request.checkpoint));
  const std::string body = request.ToString();
  ASSIGN_OR_RETURN(const Answer answer, Ask("/add-checkpoint", &body));
  if (answer.status == 200) {
    absl::StatusOr<std::vector<tlog::Cosignature>> cosignatures =
        tlog::ReadCosignatures(answer.body, note.text, {&options_.key, 1});
    if (cosignatures.ok()) return Added{*std::move(cosignatures), std::nullopt};
    return absl::PermissionDeniedError("witness: its answer is not signed by its key");
  }
  if (answer.status != 409) return AsStatus(answer.status);
  const absl::StatusOr<TreeSize> size = tlog::ParseKnownSize(answer.body);
  if (answer.content_type != "text/x.tlog.size" || !size.ok()) {
    return NoAnswer("it refused without saying what size it knows");
  }
  return Added{{}, *size};
}

absl::StatusOr<std::string> WitnessClient::LastCheckpoint(std::string_view origin) const {
  const std::string hash = absl::BytesToHexString(std::string(crypto::Sha256({origin}).view()));
  ASSIGN_OR_RETURN(Answer answer, Ask(absl::StrCat("/", hash, "/checkpoint"), nullptr));
  if (answer.status != 200) return AsStatus(answer.status);
  const absl::StatusOr<tlog::Note> note = tlog::ParseNote(answer.body);
  if (!note.ok()) return NoAnswer("what it shows is no signed note");
  for (const tlog::Signature& signature : note->signatures) {
    if (!signature.Names(options_.key)) continue;
    if (tlog::VerifyCosignature(options_.key, note->text, signature.bytes).ok()) {
      return std::move(answer.body);
    }
    break;
  }
  return absl::PermissionDeniedError("witness: what it shows is not signed by its key");
}

}  // namespace consent::http
