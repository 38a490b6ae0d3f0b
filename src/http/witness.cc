// SPDX-License-Identifier: Apache-2.0

#include "src/http/witness.h"

#include <optional>
#include <utility>

#include "src/base/status_macros.h"
#include "src/tlog/add_checkpoint.h"
#include "src/tlog/cosignature.h"

namespace consent::http {
namespace {

constexpr std::string_view kCheckpoint = "/checkpoint";
constexpr size_t kHashDigits = 64;

int HttpStatusOf(const absl::Status& refused) {
  switch (refused.code()) {
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kPermissionDenied:
      return 403;
    default:
      return 400;
  }
}

Response WrongVerb(const char* allowed) {
  Response response = Text(405, "another method is expected here");
  response.headers.emplace_back("Allow", allowed);
  return response;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Witness>> Witness::Open(WitnessOptions options) {
  if (options.signer.verifier_key().type != tlog::KeyType::kCosignature) {
    return absl::InvalidArgumentError("a witness's key must be of the cosignature type");
  }
  ASSIGN_OR_RETURN(auto book,
                   WitnessBook::Open(options.state, options.signer.verifier_key(), options.logs));
  return std::unique_ptr<Witness>(new Witness(std::move(options), std::move(book)));
}

Response Witness::Answer(const Request& request) {
  const std::string_view path = request.path;
  if (path == "/add-checkpoint") {
    if (request.method != "POST") return WrongVerb("POST");
    if (request.too_large) return Text(413, "the request is too large");
    return AddCheckpoint(request.body);
  }
  if (path.size() == 1 + kHashDigits + kCheckpoint.size() && path.ends_with(kCheckpoint)) {
    if (request.method != "GET" && request.method != "HEAD") return WrongVerb("GET, HEAD");
    return ShowCheckpoint(path.substr(1, kHashDigits));
  }
  return Text(404, "there is nothing here");
}

Response Witness::AddCheckpoint(std::string_view body) {
  const absl::StatusOr<tlog::Submission> submission = tlog::ReadSubmission(body, options_.logs);
  if (!submission.ok()) {
    const auto why = submission.status().message();
    return Text(HttpStatusOf(submission.status()), std::string_view(why.data(), why.size()));
  }
  const tlog::Witnessed next{submission->checkpoint.size, submission->checkpoint.root};
  const std::lock_guard lock(mutex_);
  const std::string& origin = submission->checkpoint.origin;
  const WitnessBook::Entry* const known = book_->Find(origin);
  const tlog::Judgement judgement =
      tlog::Judge(*submission, known == nullptr ? std::nullopt : std::optional(known->last));
  if (judgement.forked) {
    const absl::StatusOr<bool> kept =
        book_->KeepFork(origin, next, known->note, submission->note.ToString());
    const bool is_news = !kept.ok() || *kept;
    if (is_news && options_.on_fork) options_.on_fork(origin, kept.status());
  }
  switch (judgement.verdict) {
    case tlog::Verdict::kSign:
      return Sign(*submission);
    case tlog::Verdict::kOtherSize:
      return {.status = 409,
              .content_type = "text/x.tlog.size",
              .body = tlog::FormatKnownSize(known == nullptr ? TreeSize{0} : known->last.size)};
    case tlog::Verdict::kInconsistent:
      return Text(422, "the checkpoint is not shown to continue the one signed last");
    case tlog::Verdict::kMalformed:
      break;
  }
  return Text(400, "the old size is larger than the checkpoint's");
}

Response Witness::Sign(const tlog::Submission& submission) {
  const tlog::Checkpoint& checkpoint = submission.checkpoint;
  const absl::StatusOr<tlog::Signature> cosignature =
      tlog::Cosign(options_.signer, submission.note.text, options_.now());
  if (!cosignature.ok()) return Text(500, "internal error");
  tlog::Note note = submission.note;
  note.signatures.push_back(*cosignature);
  // Before anybody sees the signature: a witness that forgot it could sign another tree.
  const absl::Status remembered =
      book_->Remember(checkpoint.origin, {{checkpoint.size, checkpoint.root}, note.ToString()});
  if (!remembered.ok()) return Text(503, "the checkpoint could not be stored; ask again");
  return {.status = 200, .content_type = kPlainText, .body = cosignature->ToLine()};
}

Response Witness::ShowCheckpoint(std::string_view hash) {
  const std::lock_guard lock(mutex_);
  const WitnessBook::Entry* const entry = book_->FindByHash(hash);
  if (entry == nullptr) return Text(404, "nothing was signed for a log of this name");
  return {.status = 200,
          .content_type = kPlainText,
          .body = entry->note,
          .headers = {{"Cache-Control", "no-cache"}}};
}

}  // namespace consent::http
