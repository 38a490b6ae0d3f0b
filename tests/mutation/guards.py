# SPDX-License-Identifier: Apache-2.0
"""The guards whose removal the tests must notice. One place; mutate.py reads it.

Each guard: its text, which occurs once in its file, what stands in its place when it is removed
(code that compiles), the promise that it keeps, and the test binaries that ought to notice, each
with the names of the tests to run ("*": all of the binary's).
"""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Guard:
    name: str
    keeps: str
    file: str
    text: str
    without: str
    noticed_by: dict


ALL = "*"
CORE = {"core_test": ALL}
STORE = {"store_test": ALL}
LEDGER = {"ledger_test": ALL}

GUARDS = [
    # ---- Durable before it is answered.
    Guard("commit-sync", "a commit is on the disk when it returns",
          "src/store/rocksdb_store.cc",
          "engine_->Write(batch, Engine::Sync::kYes); !status.ok()",
          "engine_->Write(batch, Engine::Sync::kNo); !status.ok()", STORE),
    Guard("fact-sync", "a fact is on the disk when it is written",
          "src/store/rocksdb_store.cc",
          "return engine_->Write(batch, Engine::Sync::kYes);",
          "return engine_->Write(batch, Engine::Sync::kNo);", STORE),
    Guard("answer-after-commit", "nobody is answered before the commit",
          "src/ledger/committer.cc",
          "    absl::Status durable = Commit(group);\n"
          "    if (durable.ok()) state_.Committed();\n"
          "    answerer_.Give(std::move(group), std::move(durable));\n",
          "    absl::Status durable = Commit(group);\n"
          "    if (durable.ok()) state_.Committed();\n"
          "    answerer_.Give(std::move(group), absl::OkStatus());\n", LEDGER),
    Guard("forget-after-failure", "after a failed commit nothing in memory is believed",
          "src/ledger/committer.cc",
          "    journal_.reset();\n    if (!absl::IsAborted(committed))",
          "    if (!absl::IsAborted(committed))", LEDGER),
    Guard("state-of-reload", "a reload forgets the records of what was not committed",
          "src/ledger/shard.cc", "  consumers_.Clear();\n", "", LEDGER),
    Guard("condition-on-size", "an append stands on the size it was judged at",
          "src/store/rocksdb_store.cc",
          "  if (*state.size != expected) return SizeMoved(shard, expected, *state.size);\n", "",
          STORE),
    Guard("log-damage-refused", "a damaged log is refused, not cut",
          "src/store/rocksdb_options.cc",
          "rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords",
          "rocksdb::WALRecoveryMode::kPointInTimeRecovery", STORE),
    Guard("bundle-checksum", "a damaged bundle is never served",
          "src/store/bundle_row.cc",
          "  if (ReadBigEndian(row.substr(body.size())) != Crc32c(Crc32c(0, key), body)) {",
          "  if (false && ReadBigEndian(row) != Crc32c(Crc32c(0, key), body)) {", STORE),

    # ---- Replay.
    Guard("replay-at-start", "a start replays what the records lack",
          "src/ledger/shard.cc", "CatchUp(store_, id_, size, consumers_)",
          "CatchUp(store_, id_, std::min(size, *store_.ReadApplied(id_)), consumers_)",
          LEDGER),
    Guard("mark-behind-oldest-change", "the mark stands below every change not yet written",
          "src/ledger/consumers.cc", "  rows.applied = Reached(reached, count);\n",
          "  rows.applied = reached;\n", LEDGER),
    Guard("evolve-once", "an event that a record has seen changes nothing",
          "src/consent/evolve.cc",
          "  if (event.position.value < record.seen.value) return;\n", "", CORE),
    Guard("replay-checks-root", "a replay compares entries with the journal's root",
          "src/ledger/replay.cc", "  if (tree != state.tree) {", "  if (false) {", LEDGER),

    # ---- Never over a limit.
    Guard("same-id-same-unit", "a request id takes one unit, however often it is sent",
          "src/consent/decide.cc",
          "if (const Contact* earlier = question.between->FindRequest(request.request_id)) {",
          "if (const Contact* earlier = nullptr) {", CORE),
    Guard("same-id-same-content", "a request id stands for one request",
          "src/consent/repeat.cc", "if (!SameContent(earlier.request, request)) {",
          "if (false && !SameContent(earlier.request, request)) {", CORE),
    Guard("every-limit", "all limits must have room",
          "src/consent/decide.cc",
          "      if (room <= 0 && decision.reason == Reason::kOk) {",
          "      if (room < 0 && decision.reason == Reason::kOk) {", CORE),
    Guard("limit-max", "contacts of one window are counted against max",
          "src/consent/room.cc", "      if (CountsTowardsMax(limit, contact)) ++reached;\n",
          "      if (false && CountsTowardsMax(limit, contact)) ++reached;\n", CORE),
    Guard("limit-max-attempts", "attempts are counted against max_attempts",
          "src/consent/room.cc",
          "? std::min(room, *limit.max_attempts - attempts) : room;", "? room : room;", CORE),
    Guard("limit-purposes", "a limit counts the purposes of its grant",
          "src/consent/room.cc",
          "        view.purposes.Has(contact.request.purpose) && contact.CountsAt(t) &&\n",
          "        contact.CountsAt(t) &&\n", CORE),
    Guard("window-begins", "a window counts nothing before its beginning, and all after",
          "src/consent/window.cc", "  if (made < stretch_.begin) return false;\n", "", CORE),
    Guard("rolling-edge", "a rolling window lets a contact go to the second",
          "src/consent/window.cc",
          "  return t_ - made < ShorterThan(window_) || t_ < CountsUntil(made);",
          "  return t_ - made < ShorterThan(window_);", CORE),
    Guard("lost-window-is-full", "a window of which entries are lost has no room",
          "src/consent/room.cc", "    if (IsLost(view, window)) return 0;\n", "", CORE),
    Guard("hold-lapses", "a hold that ran out gives no contact",
          "src/consent/permit.cc",
          "  if (contact->held() && (IsLost(*contact, moment) || moment.now >= contact->lapses_at())) {",
          "  if (contact->held() && IsLost(*contact, moment)) {", CORE),
    Guard("permit-expires", "a repeat after contact_before is denied",
          "src/consent/repeat.cc",
          "return lost || now >= *contact.contact_before ? Reason::kPermitExpired : Reason::kOk;",
          "return lost ? Reason::kPermitExpired : Reason::kOk;", CORE),
    Guard("confirm-is-judged", "a confirmation is judged by what was said meanwhile",
          "src/consent/permit.cc",
          "  if (standing.reason == Reason::kOk) {\n    decision.contact_before",
          "  if (true) {\n    decision.contact_before", CORE),

    # ---- The consumer's no.
    Guard("block", "a block forbids", "src/consent/judge.cc",
          "  if (IsBlocked(question)) return {Reason::kBlocked, nullptr};\n",
          "  if (false && IsBlocked(question)) return {Reason::kBlocked, nullptr};\n", CORE),
    Guard("revocation", "a revoked grant gives nothing", "src/consent/judge.cc",
          "  if (kept.revoked) return Reason::kRevoked;\n", "", CORE),
    Guard("grant-ends", "a grant ends when it says", "src/consent/judge.cc",
          "  if (t >= grant.valid_until) return Reason::kExpired;\n", "", CORE),
    Guard("grant-begins", "a grant begins when it says", "src/consent/judge.cc",
          "  if (t < grant.valid_from) return Reason::kNotYetValid;\n", "", CORE),
    Guard("channel", "a grant speaks of its channels alone", "src/consent/judge.cc",
          "  if (!NamesChannel(grant, question.channel)) return Reason::kNotOnThisChannel;\n",
          "  if (false && !NamesChannel(grant, question.channel)) return Reason::kNotOnThisChannel;\n",
          CORE),
    Guard("hours", "nobody is contacted outside the hours", "src/consent/judge.cc",
          "  if (!WithinHours(grant.hours, t, *question.zone)) return Reason::kOutsideHours;\n", "",
          CORE),
    Guard("repeat-after-no", "a repeat yields no contact to someone who said no meanwhile",
          "src/consent/repeat.cc",
          "    if (standing.reason == Reason::kOk) {\n      return Tell(FirstAnswer",
          "    if (true) {\n      return Tell(FirstAnswer", CORE),
    Guard("nothing-comes-back", "what was revoked does not come back by replay",
          "src/consent/statement.cc",
          "  if (narrowing.has_value() && bytes.signed_at_ms <= narrowing->signed_at_ms) {",
          "  if (false && narrowing.has_value()) {", CORE),
    Guard("claims-are-outranked", "a claim never outranks the consumer's word",
          "src/consent/statement.cc", "  if (grant.signed_by != Signer::kConsumer) {",
          "  if (false) {", CORE),
    Guard("key-is-bound", "only a bound key speaks for the consumer",
          "src/consent/statement.cc",
          "      !Contains(record.keys, bytes.key)) {", "      false) {", CORE),
    Guard("signature", "a statement is signed by the key it names",
          "src/statement/envelope.cc", "  if (verified.ok()) return absl::OkStatus();\n",
          "  if (verified.ok() || true) return absl::OkStatus();\n", {"statement_test": ALL}),
    Guard("audience", "a statement made for another ledger is refused",
          "src/statement/envelope.cc",
          "  if (message.audience() == audience) return absl::OkStatus();\n",
          "  if (message.audience() == audience || true) return absl::OkStatus();\n",
          {"statement_test": ALL}),
    Guard("stranger-learns-nothing", "a stranger is told one thing of everybody",
          "src/consent/answer.cc",
          "stranger ? Bare(Verdict::kDenied, Reason::kNoPermission) : judgement.decision;",
          "stranger && false ? Bare(Verdict::kDenied, Reason::kNoPermission) : judgement.decision;",
          CORE),

    # ---- Erasure.
    Guard("tombstone-is-found", "the erased are remembered as erased",
          "src/ledger/consumers.cc",
          "  return tombstones ? FindAs(FingerprintOf(contact)) : nullptr;",
          "  return tombstones ? nullptr : nullptr;", LEDGER),
    Guard("erased-rows-go", "the commit that erases deletes the rows",
          "src/store/rocksdb_store.cc",
          "    batch.Delete(families[kSecrets], RowKey(shard, handle.view()));\n", "    (void)handle;\n", STORE),
    Guard("no-row-comes-back", "rows written behind bring nobody back",
          "src/store/rocksdb_store.cc",
          "  RETURN_IF_ERROR(CheckSeen(shard, rows.seen, erased));\n",
          "  RETURN_IF_ERROR(CheckSeen(shard, erased, erased));\n", STORE),
    Guard("blocks-outlive-erasure", "objections outlive an erasure",
          "src/consent/tombstone.cc", "  erased.blocks = Standing(dying);\n", "  (void)Standing(dying);\n",
          {"core_test": ALL, "ledger_test": "EraseTask*"}),
    Guard("guard-before-erasure", "an erasure is remembered outside the store first",
          "src/ledger/erase_task.cc", "  if (erasing.before) {", "  if (false) {", LEDGER),
    Guard("backup-erases-again", "a restored backup erases again",
          "src/ledger/ledger.cc",
          "guard != nullptr ? guard->Erased() : std::vector<Handle>()",
          "guard != nullptr ? std::vector<Handle>() : std::vector<Handle>()", LEDGER),

    # ---- Promises.
    Guard("checkpoint-is-stored", "a checkpoint is stored before it is published",
          "src/ledger/publisher.cc",
          "  RETURN_IF_ERROR(store_.WriteFact(CheckpointFact(log.origin), note));\n", "", LEDGER),
    Guard("checkpoint-is-guarded", "the guard has a checkpoint before it is published",
          "src/ledger/publisher.cc",
          "  if (options_.guard != nullptr) RETURN_IF_ERROR(options_.guard->Keep(log.origin, note));\n",
          "", LEDGER),
    Guard("promises-at-start", "a start that finds less than was promised refuses",
          "src/ledger/promise.cc", "  if (size < promised.size) {", "  if (false) {", LEDGER),
    Guard("one-tree", "a published tree is continued, never replaced",
          "src/ledger/promise.cc", "  if (root != promised.root) {",
          "  if (false && root != promised.root) {", LEDGER),
    Guard("tiles-are-the-head's", "only the tree of the head is signed",
          "src/ledger/publisher.cc", "  if (log.tiler->Tree() != state.tree) {",
          "  if (false) {", LEDGER),
    Guard("witness-remembers-first", "a witness remembers before it signs",
          "src/http/witness.cc",
          "  if (!remembered.ok()) return Text(503, \"the checkpoint could not be stored; ask again\");\n",
          "", {"http_test": "*itness*"}),
    Guard("witness-sees-growth", "a witness signs no tree that does not continue the last",
          "src/tlog/witness.cc", "consistent.ok() ? Verdict::kSign : Verdict::kInconsistent",
          "true || consistent.ok() ? Verdict::kSign : Verdict::kInconsistent",
          {"tlog_test": ALL}),

    # ---- Clocks.
    Guard("clock-jump", "a clock that jumps stops writing",
          "src/ledger/ledger_clock.cc", "doubt_.empty() && stray_ms != 0", "false", LEDGER),
    Guard("clock-behind", "a clock behind the last entry stops writing",
          "src/ledger/ledger_clock.cc", "  if (wall_ms < floor_ms - kToleranceMs) {",
          "  if (false) {", LEDGER),
    Guard("clock-over-restart", "a clock that moved while the ledger was closed is refused",
          "src/ledger/ledger.cc", "  if (!options.clock_is_right) {", "  if (false) {", LEDGER),
]
