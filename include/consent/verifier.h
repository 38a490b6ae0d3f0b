// SPDX-License-Identifier: Apache-2.0
//
// Verifier: checks a consent ledger's journals without trusting it, offline. For auditors.
//
//   const auto source = consent::LogSource::Directory("/media/copy/1");
//   const consent::LogReport report = consent::VerifyLog(source, {.keys = {vkey}});
//   for (const consent::LogFault& fault : report.faults) Print(fault.where, fault.what);
//
// What is verified is a C2SP tiled log: `checkpoint`, `tile/...` and `tile/entries/...`, as the
// ledger serves them over HTTP or copies them to a disk. Nothing else of the ledger is needed, and
// nothing of it is believed but the public key that you were given by another way.
//
// No function throws for what a log holds or a source does; all is in the report. (Only
// std::bad_alloc, and what your own functions throw, gets out.)
//
// C++20, this header and the standard library: nothing else is needed to compile against it.

#ifndef CONSENT_VERIFIER_H_
#define CONSENT_VERIFIER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace consent {

// ------------------------------------------------------------------------------------- a log's
// files

// What reading one file of a log gave.
struct LogFile {
  enum class Outcome {
    kRead,
    kMissing,  // The log has no such file.
    kFailed,   // Whether it has is not known: no connection, no permission.
  };
  Outcome outcome = Outcome::kFailed;
  std::string bytes = {};  // What was read.
  std::string why = {};    // It failed.
};

// Where a log's files are. Cheap to copy.
class LogSource {
 public:
  // A folder with `checkpoint` and `tile/` in it.
  static LogSource Directory(std::string path);

  // What stands before "/checkpoint" in a URL, and how to get one. `get` is called from several
  // threads at once; it should give up after a time of its own, and stop at 4 MiB.
  using HttpGet = std::function<LogFile(const std::string& url)>;
  static LogSource Url(std::string prefix, HttpGet get);

  // The file at this path below the log's prefix: "tile/0/x001/067".
  LogFile Read(const std::string& path) const;

 private:
  explicit LogSource(std::function<LogFile(const std::string&)> read);
  std::function<LogFile(const std::string&)> read_;
};

// ------------------------------------------------------------------------------------ the whole
// log

enum class VerifyVerdict {
  kGood,
  kFaulty,      // Something is not as it must be; see the faults.
  kUnreadable,  // Nothing is known to be wrong, but not all could be read.
  kBadInput,    // A key, policy, checkpoint or state that was handed over cannot be used.
};

struct LogFault {
  std::string where;  // A file of the log, or "checkpoint", "since", "state".
  std::string what;   // No personal data.
};

// Two checkpoints that cannot both be true, signed by one key: the proof of a lie.
struct Fork {
  std::string one;
  std::string other;
};

struct VerifyOptions {
  // Verifier keys (C2SP signed-note), as the log serves them at `vkey` and, better, as you were
  // given them otherwise. The checkpoint must be signed by one of them, and badly by none; the
  // log's origin is the name of the key.
  std::vector<std::string> keys = {};
  // A tlog-policy file's text: its logs' keys are added to `keys`, its quorum of witnesses must
  // have cosigned. Empty: no witness is asked for.
  std::string policy = {};
  // An earlier checkpoint of the log, as it was signed. The log must continue it. Empty: none.
  std::string since = {};
  // What an earlier run saved. What that run verified is not read again, but the log must still
  // begin with it. Empty: everything is verified.
  std::string state = {};
  // How many threads hash; 0: one for each core. At most 64.
  unsigned threads = 0;
  // How many faults are kept; more are counted.
  std::size_t faults_max = 100;
  // Whether to hash as many bytes again in one go, for LogReport::sha256_seconds.
  bool measure = false;
  // Called now and then with the number of entries verified, on the calling thread.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress = {};
  // Called about every five seconds and at the end with what a later run takes as `state`, as long
  // as no fault was found. A few KiB of text.
  std::function<void(const std::string& state)> save = {};
};

struct WitnessSeen {
  std::string witness;        // As the policy names it.
  std::int64_t unix_seconds;  // When it had seen this tree, and none larger.
};

struct LogReport {
  VerifyVerdict verdict = VerifyVerdict::kGood;
  std::string why = {};  // It is kBadInput or kUnreadable.
  std::vector<LogFault> faults = {};
  std::uint64_t faults_more = 0;  // Not kept.
  std::vector<Fork> forks = {};

  // Of the checkpoint; meaningful when it could be opened.
  std::string origin = {};
  std::uint64_t size = 0;
  std::string root_base64 = {};
  std::string checkpoint = {};  // As it was signed.
  std::vector<std::string> signed_by = {};
  std::vector<WitnessSeen> cosigned_by = {};

  std::uint64_t entries_verified = 0;  // In this run.
  std::uint64_t entries_known = 0;     // Verified by the run that saved `state`.
  std::uint64_t since_size = 0;        // Of the earlier checkpoint that the log continues.
  std::int64_t first_at = 0;           // Ledger time of the first and last entry of this run,
  std::int64_t last_at = 0;            // Unix seconds.
  std::uint64_t entry_bytes = 0;
  double seconds = 0;
  double sha256_seconds = 0;  // One SHA-256 over as many bytes as the entries have.
  unsigned threads = 0;
};

// Verifies a log: the checkpoint's signatures; every entry's hash in its tile, every tile's in the
// one above, all of them in the root; that entries are well-formed, stand where they say, and that
// ledger time never goes back; and what the options ask for. A bit that flipped anywhere in
// checkpoint, tiles or bundles is found, and the fault says where.
LogReport VerifyLog(const LogSource& source, const VerifyOptions& options);

// --------------------------------------------------------------------------------------- one
// receipt

struct EntryShown {
  std::uint64_t position = 0;
  std::int64_t at = 0;       // Ledger time, Unix seconds.
  std::string kind = {};     // "DECIDED"
  std::string channel = {};  // "CALL"; of decisions.
  std::string reason = {};   // As it was answered.
  std::string company = {};  // Only where the directory lets entries name it.
  std::uint64_t directory_size = 0;
};

struct ReceiptReport {
  VerifyVerdict verdict = VerifyVerdict::kFaulty;
  std::string why = {};  // It is not kGood.
  std::string origin = {};
  std::uint64_t size = 0;  // Of the tree that the entry is proved to be in.
  EntryShown entry = {};
  // What the receipt opens, by name ("contact_point", "company", "request_id", "answer", ...), in
  // clear; all of it proved by the entry's commitment. Empty where it opens nothing.
  std::map<std::string, std::string> opened = {};
};

// Verifies a receipt with the log's verifier keys alone. kFaulty: it proves nothing, whatever the
// reason. The checkpoint's origin must be the name of one of the keys that signed it.
ReceiptReport VerifyReceipt(const std::string& receipt, const std::vector<std::string>& keys);

// ------------------------------------------------------------------------------------- the
// decisions

// Why a decision was not judged by law and directory.
enum class NotRetakenCause {
  kNone,
  kNoDirectory,       // The directory's journal was not given,
  kDirectoryIsShort,  // or does not reach what was cited.
  kDirectoryWasLost,  // It lost what was cited, before the ledger was recovered.
  kUnknownLaw,        // A rule pack was in force that is neither carried nor given.
};

struct AuditReport {
  VerifyVerdict verdict = VerifyVerdict::kGood;
  std::string why = {};
  std::vector<LogFault> faults = {};
  std::uint64_t faults_more = 0;

  std::uint64_t disclosed = 0;    // Entries that were disclosed,
  std::uint64_t undisclosed = 0;  // and that were not: erased, or kept back.
  std::uint64_t consumers = 0;
  std::uint64_t decided = 0;
  std::uint64_t allowed = 0;
  std::uint64_t denied = 0;
  std::map<std::string, std::uint64_t> denied_by_reason = {};  // As answered.
  std::uint64_t contacts = 0;  // Allowed, confirmed where held, and not given back.
  std::uint64_t limits_checked = 0;
  std::uint64_t over_limit = 0;           // Contacts beyond a limit of the grant that allowed them.
  std::uint64_t without_grant = 0;        // Contacts that no grant in force allowed.
  std::uint64_t on_other_bases = 0;       // Contacts allowed on another basis than consent.
  std::uint64_t retaken = 0;              // Decisions taken again from the entries before them,
  std::uint64_t retaken_differently = 0;  // and how many came out differently.
  // Law, delegations, numbers or groups may have borne on them, and were not known.
  std::uint64_t not_retaken = 0;
  NotRetakenCause not_retaken_cause = NotRetakenCause::kNone;  // Of the first of them,
  std::string not_retaken_why = {};                            // in words.
};

// A log that was found good, with its disclosures.
struct DisclosedLog {
  LogSource source;
  LogReport log;                           // What VerifyLog said of it.
  std::function<bool(std::string&)> next;  // As that of AuditDecisions.
};

struct AuditOptions {
  // Whether everything that was not erased is said to be disclosed; tags then show it of every
  // consumer, and entries of other kinds than erasable ones must all be there.
  bool complete = false;
  // The directory's journal of the same ledger, with all of its disclosures. Without it, decisions
  // are taken again as if there were no law and nothing else that the directory knows.
  std::optional<DisclosedLog> directory = {};
  // Texts of rule packs that were in force and that this release does not carry: each counts where
  // the directory names its hash.
  std::vector<std::string> packs = {};
  std::size_t faults_max = 100;
  std::function<void(std::uint64_t done)> progress = {};
};

// Judges a log's decisions out of disclosures (what the ledger gives auditors: personal data),
// after VerifyLog found the log good. `next` puts the next disclosure into its argument, in the
// order of positions, and says false at the end.
//
// Checked: each disclosure opens an entry of this log; the tags of one consumer's entries in one
// year are those of the numbers 0, 1, 2, ..., so that none was left out in between; counted from
// the events alone, no limit was passed and nobody contacted without a grant; and each decision,
// taken again by the rules, is what was answered. `log` is the report of VerifyLog.
//
// With the directory's journal: every entry cites what was the directory's newest size; each
// decision is what law, delegations, numbers, groups and lists made of it; those who signed for
// companies and registrars held their keys; and consumers were taken to be where their contact
// points lie (by the phone-number data of this program). A decision that differs, where what
// explains it may be something that is not known here, is counted in `not_retaken` and is no fault.
AuditReport AuditDecisions(const LogSource& source, const LogReport& log,
                           const std::function<bool(std::string&)>& next,
                           const AuditOptions& options);

}  // namespace consent

#endif  // CONSENT_VERIFIER_H_
