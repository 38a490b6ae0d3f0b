// SPDX-License-Identifier: Apache-2.0

#include "bench/redis_peer.h"

#include <signal.h>
#include <sys/time.h>

#include <array>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "bench/peer_process.h"
#include "hiredis/hiredis.h"
#include "src/base/status_macros.h"

namespace consent::bench {
namespace {

constexpr size_t kBatch = 100;
constexpr absl::Duration kStartMax = absl::Seconds(20);

// KEYS: the request, the quota. ARGV: the request id, the contact point.
constexpr std::string_view kDecide = R"(
  local answered = redis.call('GET', KEYS[1])
  if answered then return answered end
  local left = tonumber(redis.call('GET', KEYS[2]) or '0')
  local answer = 'DENIED'
  if left > 0 then
    redis.call('DECR', KEYS[2])
    answer = 'ALLOWED'
  end
  redis.call('SET', KEYS[1], answer)
  redis.call('XADD', 'decisions', '*', 'request', ARGV[1], 'contact', ARGV[2], 'answer', answer)
  return answer)";

struct FreeContext {
  void operator()(redisContext* context) const { redisFree(context); }
};
struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Context = std::unique_ptr<redisContext, FreeContext>;
using Reply = std::unique_ptr<redisReply, FreeReply>;

std::string QuotaKey(std::string_view contact_point) {
  return absl::StrCat("quota:", std::string(contact_point));
}

absl::Status Append(redisContext& context, const std::vector<std::string_view>& words) {
  std::vector<const char*> texts;
  std::vector<size_t> sizes;
  for (const std::string_view word : words) {
    texts.push_back(word.data());
    sizes.push_back(word.size());
  }
  if (redisAppendCommandArgv(&context, static_cast<int>(words.size()), texts.data(),
                             sizes.data()) == REDIS_OK) {
    return absl::OkStatus();
  }
  return absl::InternalError(absl::StrCat("Redis: ", context.errstr));
}

// Waits for the next reply.
absl::StatusOr<Reply> Await(redisContext& context) {
  void* raw = nullptr;
  if (redisGetReply(&context, &raw) != REDIS_OK) {
    return absl::InternalError(absl::StrCat("Redis: ", context.errstr));
  }
  Reply reply(static_cast<redisReply*>(raw));
  if (reply->type == REDIS_REPLY_ERROR) {
    return absl::InternalError(absl::StrCat("Redis: ", reply->str));
  }
  return reply;
}

absl::StatusOr<Reply> Command(redisContext& context, const std::vector<std::string_view>& words) {
  RETURN_IF_ERROR(Append(context, words));
  return Await(context);
}

class RedisConnection : public PeerConnection {
 public:
  RedisConnection(Context context, std::string script)
      : context_(std::move(context)), script_(std::move(script)) {}

  int socket() const override { return context_->fd; }

  absl::Status Send(const std::vector<Ask>& asks) override {
    for (const Ask& ask : asks) {
      const std::string request = absl::StrCat("request:", ask.request_id);
      const std::string quota = QuotaKey(ask.contact_point);
      RETURN_IF_ERROR(Append(
          *context_, {"EVALSHA", script_, "2", request, quota, ask.request_id, ask.contact_point}));
    }
    expected_ = asks.size();
    received_.clear();
    for (int done = 0; done == 0;) {
      if (redisBufferWrite(context_.get(), &done) != REDIS_OK) {
        return absl::InternalError(absl::StrCat("Redis: ", context_->errstr));
      }
    }
    return absl::OkStatus();
  }

  // The socket blocks, but is read once, when it is readable.
  absl::StatusOr<bool> Receive(std::vector<bool>& allowed) override {
    if (redisBufferRead(context_.get()) != REDIS_OK) {
      return absl::InternalError(absl::StrCat("Redis: ", context_->errstr));
    }
    while (received_.size() < expected_) {
      void* raw = nullptr;
      if (redisGetReplyFromReader(context_.get(), &raw) != REDIS_OK) {
        return absl::InternalError(absl::StrCat("Redis: ", context_->errstr));
      }
      if (raw == nullptr) return false;
      const Reply reply(static_cast<redisReply*>(raw));
      const std::string_view said(reply->str == nullptr ? "" : reply->str, reply->len);
      if (said != "ALLOWED" && said != "DENIED") {
        return absl::InternalError(absl::StrCat("Redis: ", std::string(said)));
      }
      received_.push_back(said == "ALLOWED");
    }
    allowed = received_;
    return true;
  }

 private:
  const Context context_;
  const std::string script_;
  size_t expected_ = 0;
  std::vector<bool> received_;
};

class RedisPeer : public Peer {
 public:
  RedisPeer() : process_("", SIGTERM), port_(FreePort()) {}

  absl::Status Start(const std::string& program) {
    RETURN_IF_ERROR(process_.Start(
        {program, "--bind", "127.0.0.1", "--port", absl::StrCat(port_), "--dir", process_.folder(),
         "--appendonly", "yes", "--appendfsync", "always", "--save", "",
         // No rewriting of the log amid a measurement.
         "--auto-aof-rewrite-percentage", "0", "--maxclients", "400", "--daemonize", "no"}));
    for (const absl::Time until = absl::Now() + kStartMax;;
         absl::SleepFor(absl::Milliseconds(20))) {
      RETURN_IF_ERROR(process_.CheckRunning());
      const absl::StatusOr<Context> context = Open();
      if (context.ok()) {
        ASSIGN_OR_RETURN(const Reply loaded, Command(**context, {"SCRIPT", "LOAD", kDecide}));
        script_ = std::string(loaded->str, loaded->len);
        return absl::OkStatus();
      }
      if (absl::Now() > until) return context.status();
    }
  }

  const std::string& name() const override { return name_; }
  size_t batch() const override { return kBatch; }

  absl::Status Grant(const std::vector<std::string>& contact_points, int64_t units) override {
    ASSIGN_OR_RETURN(const Context context, Open());
    for (const std::string& contact_point : contact_points) {
      RETURN_IF_ERROR(Append(*context, {"SET", QuotaKey(contact_point), absl::StrCat(units)}));
      granted_.emplace_back(contact_point, units);
    }
    for (size_t i = 0; i < contact_points.size(); ++i) RETURN_IF_ERROR(Await(*context).status());
    return absl::OkStatus();
  }

  absl::StatusOr<std::unique_ptr<PeerConnection>> Connect() override {
    ASSIGN_OR_RETURN(Context context, Open());
    return std::make_unique<RedisConnection>(std::move(context), script_);
  }

  absl::StatusOr<PeerBooks> ReadBooks() override {
    ASSIGN_OR_RETURN(const Context context, Open());
    PeerBooks books;
    for (const auto& [contact_point, units] : granted_) {
      RETURN_IF_ERROR(Append(*context, {"GET", QuotaKey(contact_point)}));
    }
    for (const auto& [contact_point, units] : granted_) {
      ASSIGN_OR_RETURN(const Reply left, Await(*context));
      books.taken += units - std::stoll(left->str);
    }
    ASSIGN_OR_RETURN(const Reply length, Command(*context, {"XLEN", "decisions"}));
    books.decisions = length->integer;
    return books;
  }

 private:
  absl::StatusOr<Context> Open() const {
    Context context(redisConnect("127.0.0.1", port_));
    if (context == nullptr || context->err != 0) {
      return absl::UnavailableError(absl::StrCat("Redis at port ", port_, " does not answer"));
    }
    return context;
  }

  const std::string name_ = "redis";
  PeerProcess process_;
  const int port_;
  std::string script_;  // Its SHA-1, by which Redis knows it.
  std::vector<std::pair<std::string, int64_t>> granted_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Peer>> StartRedis() {
  const std::string program =
      FirstProgram({"/usr/bin/redis-server", "/usr/local/bin/redis-server"});
  if (program.empty()) return absl::UnavailableError("redis-server is not installed");
  auto redis = std::make_unique<RedisPeer>();
  RETURN_IF_ERROR(redis->Start(program));
  return redis;
}

}  // namespace consent::bench
