// SPDX-License-Identifier: Apache-2.0

#include "tests/linear/checker.h"

#include <algorithm>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace consent::linear {
namespace {

// Which operations are out of the way: answered ones that were taken, lost ones that were given up
// as never taken. Lost ones that were taken need not be told apart: to take one again would change
// nothing, as everything here can be asked twice.
class Done {
 public:
  explicit Done(size_t operations) : words_((operations + 63) / 64) {}
  void Set(size_t operation, bool value) {
    const uint64_t bit = uint64_t{1} << (operation % 64);
    uint64_t& word = words_[operation / 64];
    word = value ? word | bit : word & ~bit;
  }
  uint64_t Hash() const {
    uint64_t hash = 0;
    for (const uint64_t word : words_) hash = (hash ^ word) * 0x9e3779b97f4a7c15U + (hash >> 31);
    return hash;
  }
  friend bool operator==(const Done&, const Done&) = default;

 private:
  std::vector<uint64_t> words_;
};

// What was tried: from here everything follows.
struct Tried {
  Done done;
  Model model;

  friend bool operator==(const Tried&, const Tried&) = default;
};
struct HashTried {
  size_t operator()(const Tried& tried) const { return tried.done.Hash() ^ tried.model.Hash(); }
};

// An invocation or a response, in a list ordered by time, from which taken operations are lifted.
struct Event {
  size_t operation = 0;
  bool response = false;
  size_t other = 0;  // Of the same operation; 0: it never responds.
  size_t before = 0;
  size_t after = 0;
};

class Search {
 public:
  Search(const History& history, Model model, uint64_t steps_max)
      : history_(history),
        steps_max_(steps_max),
        now_{Done(history.size()), std::move(model)},
        left_(static_cast<size_t>(
            std::count_if(history.begin(), history.end(),
                          [](const Operation& one) { return one.answer.has_value(); }))) {
    MakeEvents();
    FindTwins();
    FindRepeats();
  }

  Verdict Run() {
    size_t at = events_[kHead].after;
    while (left_ > 0) {
      if (++verdict_.steps > steps_max_) return End(Verdict::Kind::kUnknown);
      const Event& event = events_[at];
      const Operation& operation = history_[event.operation];
      // Something that must have an answer is left, so the list has its response still.
      if (event.response && operation.answer.has_value()) {
        NoteStuck(event.operation);
        if (!Back(at)) return End(Verdict::Kind::kNot);
        continue;
      }
      std::optional<Model> next = event.response ? now_.model : Taken(event.operation);
      if (next.has_value() && Go(event.response ? event.other : at, *std::move(next))) {
        at = events_[kHead].after;
      } else if (event.response) {
        if (!Back(at)) return End(Verdict::Kind::kNot);
      } else {
        at = event.after;
      }
    }
    return End(Verdict::Kind::kLinearizable);
  }

 private:
  static constexpr size_t kHead = 0;
  static constexpr size_t kNone = static_cast<size_t>(-1);

  struct Choice {
    size_t invocation;
    Model before;
    bool given_up;  // Nothing else can be tried in its place.
  };

  void MakeEvents() {
    std::vector<size_t> order;
    events_.emplace_back();
    for (size_t i = 0; i < history_.size(); ++i) {
      events_.push_back({.operation = i});
      order.push_back(events_.size() - 1);
      if (history_[i].responded == Operation::kNever) continue;
      events_.push_back({.operation = i, .response = true, .other = events_.size() - 1});
      events_[events_.size() - 2].other = events_.size() - 1;
      order.push_back(events_.size() - 1);
    }
    const auto time = [this](size_t event) {
      const Operation& operation = history_[events_[event].operation];
      return events_[event].response ? operation.responded : operation.invoked;
    };
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      if (time(a) != time(b)) return time(a) < time(b);
      return events_[a].response < events_[b].response;
    });
    size_t last = kHead;
    for (const size_t event : order) {
      events_[last].after = event;
      events_[event].before = last;
      last = event;
    }
    events_[last].after = kHead;
    events_[kHead].before = last;
  }

  // Of lost ones that asked the same, only the first that is left is tried: any other would do the
  // same.
  void FindTwins() {
    twins_.assign(history_.size(), kNone);
    out_.assign(history_.size(), false);
    std::vector<size_t> lost;
    for (size_t event = events_[kHead].after; event != kHead; event = events_[event].after) {
      const size_t operation = events_[event].operation;
      if (events_[event].response || history_[operation].answer.has_value()) continue;
      const auto twin = std::find_if(lost.rbegin(), lost.rend(), [&](size_t other) {
        return history_[other].asked == history_[operation].asked;
      });
      if (twin != lost.rend()) twins_[operation] = *twin;
      lost.push_back(operation);
    }
  }

  // What the answers to repeats say of the lost ones: where one was answered as the first, no lost
  // one was; and what a repeat says was answered first, the lost one must have been answered.
  void FindRepeats() {
    never_.assign(history_.size(), false);
    first_.assign(history_.size(), std::nullopt);
    for (size_t lost = 0; lost < history_.size(); ++lost) {
      if (history_[lost].answer.has_value()) continue;
      for (const Operation& one : history_) {
        if (one.asked != history_[lost].asked || !one.answer.has_value() ||
            one.answer->word != Word::kOk) {
          continue;
        }
        if (one.answer->repeated) {
          first_[lost] = one.answer;
        } else {
          never_[lost] = true;
        }
      }
    }
  }

  // The consumer after the operation; none where it cannot have been now, or need not have been.
  std::optional<Model> Taken(size_t number) const {
    const Operation& operation = history_[number];
    for (size_t twin = twins_[number]; twin != kNone; twin = twins_[twin]) {
      if (!out_[twin]) return std::nullopt;
    }
    if (never_[number]) return std::nullopt;
    Model model = now_.model;
    Answer answer = model.Take(operation.asked);
    if (operation.answer.has_value()) {
      if (answer != *operation.answer) return std::nullopt;
      return model;
    }
    answer.repeated = true;
    if (model == now_.model || (first_[number].has_value() && answer != *first_[number])) {
      return std::nullopt;
    }
    return model;
  }

  // Goes on with the operation out of the way, unless that has been tried.
  bool Go(size_t invocation, Model model) {
    const size_t operation = events_[invocation].operation;
    const bool lost = !history_[operation].answer.has_value();
    const bool given_up = lost && model == now_.model;
    if (!lost || given_up) now_.done.Set(operation, true);
    std::swap(now_.model, model);
    if (!tried_.insert(now_).second) {
      now_.done.Set(operation, false);
      std::swap(now_.model, model);
      return false;
    }
    choices_.push_back({invocation, std::move(model), given_up});
    Lift(invocation);
    out_[operation] = true;
    if (!lost) --left_;
    return true;
  }

  // Takes the last choices back, up to one in whose place another can be tried: `at` is where.
  bool Back(size_t& at) {
    while (!choices_.empty()) {
      Choice choice = std::move(choices_.back());
      choices_.pop_back();
      const size_t operation = events_[choice.invocation].operation;
      now_.done.Set(operation, false);
      out_[operation] = false;
      now_.model = std::move(choice.before);
      Unlift(choice.invocation);
      if (history_[operation].answer.has_value()) ++left_;
      if (choice.given_up) continue;
      at = events_[choice.invocation].after;
      return true;
    }
    return false;
  }

  void Lift(size_t invocation) {
    for (size_t event = invocation; event != kHead; event = events_[event].other) {
      events_[events_[event].before].after = events_[event].after;
      events_[events_[event].after].before = events_[event].before;
      if (events_[event].response) break;
    }
  }
  // In the reverse order of Lift.
  void Unlift(size_t invocation) {
    const size_t response = events_[invocation].other;
    if (response != kHead) Insert(response);
    Insert(invocation);
  }
  void Insert(size_t event) {
    events_[events_[event].before].after = event;
    events_[events_[event].after].before = event;
  }

  void NoteStuck(size_t operation) {
    if (choices_.size() < longest_ && !verdict_.why.empty()) return;
    longest_ = choices_.size();
    stuck_ = operation;
    verdict_.why = "?";
  }

  Verdict End(Verdict::Kind kind) {
    verdict_.kind = kind;
    verdict_.why.clear();
    if (kind == Verdict::Kind::kNot) {
      verdict_.why = absl::StrCat("after ", longest_, " of ", history_.size(),
                                  " operations nothing explains: ", ToString(history_[stuck_]));
    }
    return verdict_;
  }

  const History& history_;
  const uint64_t steps_max_;
  std::vector<Event> events_;  // The first is the list's head.
  Tried now_;
  size_t left_;                // Operations with an answer that are not out of the way.
  std::vector<size_t> twins_;  // By operation, if lost: the one before that was lost and asked so.
  std::vector<bool> out_;      // By operation: it is out of the list.
  std::vector<bool> never_;    // By operation: it is lost, and never took effect.
  std::vector<std::optional<Answer>> first_;  // By operation, if lost: what it must have brought.
  std::vector<Choice> choices_;
  std::unordered_set<Tried, HashTried> tried_;
  Verdict verdict_;
  size_t longest_ = 0;
  size_t stuck_ = 0;
};

}  // namespace

Verdict Check(const History& history, const Model& before, uint64_t steps_max) {
  return Search(history, before, steps_max).Run();
}

Extent Measure(const History& history) {
  Extent extent{.operations = history.size()};
  std::vector<std::pair<int64_t, int>> changes;
  for (const Operation& operation : history) {
    if (!operation.answer.has_value()) {
      ++extent.lost;
      continue;
    }
    changes.emplace_back(operation.invoked, +1);
    changes.emplace_back(operation.responded, -1);
  }
  std::sort(changes.begin(), changes.end());
  int64_t under_way = 0;
  for (const auto& [time, change] : changes) {
    under_way += change;
    extent.concurrent_max = std::max(extent.concurrent_max, static_cast<size_t>(under_way));
  }
  return extent;
}

}  // namespace consent::linear
