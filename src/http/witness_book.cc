// SPDX-License-Identifier: Apache-2.0

#include "src/http/witness_book.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "src/base/durable_file.h"
#include "src/base/status_macros.h"
#include "src/crypto/hash.h"
#include "src/tlog/checkpoint.h"
#include "src/tlog/cosignature.h"
#include "src/tlog/note.h"

namespace consent::http {
namespace {

constexpr size_t kRootDigits = 16;

absl::Status Unusable(const std::string& path, const std::string& why) {
  return absl::FailedPreconditionError(absl::StrCat(path, ": ", why));
}

size_t CountFiles(const std::string& folder, std::string_view prefix, std::string_view suffix) {
  size_t count = 0;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = file.path().filename().string();
    if (name.starts_with(prefix) && name.ends_with(suffix)) ++count;
  }
  return count;
}

}  // namespace

std::string WitnessBook::HashOf(std::string_view origin) {
  return absl::BytesToHexString(std::string(crypto::Sha256({origin}).view()));
}

std::string WitnessBook::PathOf(const std::string& hash) const {
  return absl::StrCat(folder_, "/", hash, ".checkpoint");
}

absl::StatusOr<std::unique_ptr<WitnessBook>> WitnessBook::Open(
    const std::string& folder, const tlog::VerifierKey& witness,
    absl::Span<const tlog::VerifierKey> logs) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return Unusable(folder, error.message());
  const std::string lock_path = folder + "/lock";
  const int lock = open(lock_path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  auto book = std::unique_ptr<WitnessBook>(new WitnessBook(folder, lock));
  if (lock < 0) return Unusable(lock_path, "cannot be opened");
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    return Unusable(folder,
                    "another process uses it; two witnesses on one state could sign a fork");
  }
  RETURN_IF_ERROR(book->Claim(witness));
  for (const tlog::VerifierKey& log : logs) RETURN_IF_ERROR(book->Read(witness, log.name));
  return book;
}

WitnessBook::~WitnessBook() {
  if (lock_ >= 0) close(lock_);
}

absl::Status WitnessBook::Claim(const tlog::VerifierKey& witness) {
  const std::string path = folder_ + "/witness";
  const std::string line = witness.ToString() + "\n";
  const absl::StatusOr<std::string> owner = ReadFile(path, tlog::kVerifierKeyBytesMax);
  if (absl::IsNotFound(owner.status())) {
    if (CountFiles(folder_, "", ".checkpoint") > 0) {
      return Unusable(path, "is missing, but checkpoints are there; put it back");
    }
    return WriteDurably(path, line);
  }
  RETURN_IF_ERROR(owner.status());
  if (*owner == line) return absl::OkStatus();
  return Unusable(folder_,
                  "holds the state of another witness or key; a new key needs a new folder");
}

absl::Status WitnessBook::Read(const tlog::VerifierKey& witness, const std::string& origin) {
  const std::string hash = HashOf(origin);
  const std::string path = PathOf(hash);
  absl::StatusOr<std::string> bytes = ReadFile(path, tlog::kNoteBytesMax);
  if (absl::IsNotFound(bytes.status())) return absl::OkStatus();
  RETURN_IF_ERROR(bytes.status());
  const absl::StatusOr<tlog::Note> note = tlog::ParseNote(*bytes);
  if (!note.ok()) return Unusable(path, "is damaged; put back the latest copy there is");
  const absl::StatusOr<tlog::Checkpoint> checkpoint = tlog::ParseCheckpoint(note->text);
  const bool ours = std::any_of(
      note->signatures.begin(), note->signatures.end(), [&](const tlog::Signature& signature) {
        return signature.Names(witness) &&
               tlog::VerifyCosignature(witness, note->text, signature.bytes).ok();
      });
  if (!checkpoint.ok() || checkpoint->origin != origin || !ours) {
    return Unusable(path, "is not a checkpoint of its log that this witness signed");
  }
  entries_[hash] = {{checkpoint->size, checkpoint->root}, *std::move(bytes)};
  return absl::OkStatus();
}

const WitnessBook::Entry* WitnessBook::Find(const std::string& origin) const {
  return FindByHash(HashOf(origin));
}

const WitnessBook::Entry* WitnessBook::FindByHash(std::string_view hash) const {
  const auto it = entries_.find(std::string(hash));
  return it == entries_.end() ? nullptr : &it->second;
}

absl::Status WitnessBook::Remember(const std::string& origin, Entry entry) {
  const std::string hash = HashOf(origin);
  RETURN_IF_ERROR(WriteDurably(PathOf(hash), entry.note));
  entries_[hash] = std::move(entry);
  return absl::OkStatus();
}

absl::StatusOr<bool> WitnessBook::KeepFork(const std::string& origin, const tlog::Witnessed& other,
                                           const std::string& known_note,
                                           const std::string& other_note) {
  const std::string prefix = HashOf(origin) + ".fork-";
  const std::string root = absl::BytesToHexString(std::string(other.root.view()));
  const std::string stem =
      absl::StrCat(folder_, "/", prefix, other.size.value, "-", root.substr(0, kRootDigits));
  if (std::error_code error; std::filesystem::exists(stem + ".other", error)) return false;
  if (CountFiles(folder_, prefix, ".other") >= kForksMax) return false;
  RETURN_IF_ERROR(WriteDurably(stem + ".known", known_note));
  RETURN_IF_ERROR(WriteDurably(stem + ".other", other_note));
  return true;
}

}  // namespace consent::http
