// SPDX-License-Identifier: Apache-2.0
//
// Client: asks a consent ledger before each contact, and tells it what became of it. For dialers,
// SMS gateways and SIP proxies.
//
//   const consent::Client client = consent::Client::Connect({.address = "127.0.0.1:7420"});
//   consent::Request request{.contact_point = number,
//                            .company = "acme",
//                            .channel = consent::Channel::kCall,
//                            .purpose = consent::Purpose::kDirectMarketing,
//                            .request_id = consent::NewRequestId()};  // Keep it before you send
//                            it.
//   const consent::Answer answer = client.CheckAndConsume(request);
//   if (answer.may_contact()) {
//     const consent::Outcome outcome = Dial(number);
//     client.ReportOutcome("acme", answer.decision().permit_id, outcome);
//   }
//
// Fails closed. Every function returns an answer within its deadline, and none throws for what the
// ledger or the network does. No answer is an Answer too, one whose may_contact() is false: nobody
// can be contacted because a check was forgotten. (Only std::bad_alloc gets out.)
//
// Repeats. Calls that fail with UNAVAILABLE or DEADLINE_EXCEEDED, or because the ledger has too
// much to do, are sent again with the same request_id, after a random pause that doubles each time,
// until retries_max or the deadline is reached. Whether the ledger had taken the unit by then
// cannot be known; but the same request_id never takes a second one, and whoever repeats it later
// (the process restarted, the network is back) gets the first answer again while the permit can be
// used. So: write the request_id down before the first try, repeat the same request until you have
// an answer or no longer want the contact, and take a new id for a new contact only.
//
// Threads: one Client serves all threads; its functions are const and may run at once. Each call
// blocks its thread. The connection is made by the first call and restored by itself.
//
// With tls_ca the connection speaks TLS; without, it is in clear, which is for a ledger in
// development mode on this machine.
//
// C++20, this header and the standard library: nothing else is needed to compile against it.

#ifndef CONSENT_CLIENT_H_
#define CONSENT_CLIENT_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "consent/answer.h"
#include "consent/vocabulary.h"

namespace consent {

inline constexpr std::size_t kBatchItemsMax = 1000;
inline constexpr std::uint32_t kDeadlineMsMax = 60'000;
inline constexpr std::uint32_t kRetriesMax = 100;

struct ClientOptions {
  // "HOST:PORT", "[::1]:PORT" or any other name that gRPC resolves.
  std::string address = {};
  // For one call with all its repeats. 1 to kDeadlineMsMax.
  std::uint32_t deadline_ms = 2000;
  // How often a call is sent again at most. 0 to kRetriesMax. While repeats are left, one attempt
  // takes at most half of the time that remains.
  std::uint32_t retries_max = 3;
  // Files in PEM. tls_ca: who vouches for the ledger; the others say who calls, and go together.
  // Read when the client is made.
  std::string tls_ca = {};
  std::string tls_cert = {};
  std::string tls_key = {};
  // A file with a bearer token that says who calls, needs tls_ca. Read for each call, so whoever
  // renews the token puts the next one there.
  std::string token_file = {};
  // Asked for each attempt, on the thread of the call, which trace it belongs to: the text of a W3C
  // `traceparent`, as tracing libraries give it. Anything else is not sent. It must not throw.
  std::function<std::string()> traceparent = {};
};

// One wish to contact one consumer once.
struct Request {
  // "tel:+33639980001", "+33639980001", "mailto:someone@example.org". At most 254 bytes.
  std::string contact_point = {};
  // The company that benefits from the contact and answers for it. 1 to 64 characters.
  std::string company = {};
  Channel channel = Channel::kUnspecified;
  Purpose purpose = Purpose::kUnspecified;
  // Your own, unique for company and consumer: 1 to 64 printable ASCII characters. NewRequestId(),
  // a SIP Call-ID or a message id. The same id with other content is an error (ALREADY_EXISTS,
  // REQUEST_ID_REUSED).
  std::string request_id = {};
  // How long the right to contact lasts: 1 s to 24 h; 0 is the ledger's default of 300 s. Below 2 s
  // no contact is ever in time (see answer.h).
  std::chrono::seconds permit_ttl{0};
  // If not 0 (1 s to 24 h), the unit is taken but gives no right to contact until ConfirmPermit.
  // When it runs out, the unit is given back.
  std::chrono::seconds hold{0};
  // What the called party will see, as "+33199001234"; for texts also a short code or a name.
  // Empty: none, or it is not known.
  std::string caller_number = {};
  // Whether an ALLOWED answer says when the next such contact would be allowed; denials always do.
  bool want_next_allowed_time = false;
  // Whether the answer brings a receipt (Answer::receipt). It then waits for a signed checkpoint:
  // tens of milliseconds, at most a second and what the witnesses take. Give such calls a
  // deadline_ms of 4000 or more: an attempt has half of what remains of it.
  bool want_receipt = false;
  // Whether an ALLOWED answer that is not held brings a signed permit (Answer::signed_permit).
  bool want_signed_permit = false;
  // Who makes the contact for the company: needs its delegation. Empty: the company itself.
  std::string processor = {};
  // Who speaks or writes, and where they sit (ISO 3166-1 alpha-2). Only recorded.
  std::string agent = {};
  std::string agent_country = {};
  // The contract that the contact is about. Empty: none.
  std::string contract = {};
  SubjectMatter subject_matter = SubjectMatter::kUnspecified;
};

struct ConfirmOptions {
  // Whether the confirmation brings a signed permit.
  bool want_signed_permit = false;
};

// What the items of a batch share. Fields are those of Request; receipts and signed permits are
// for single requests.
struct BatchHeader {
  std::string company = {};
  Channel channel = Channel::kUnspecified;
  Purpose purpose = Purpose::kUnspecified;
  std::chrono::seconds permit_ttl{0};
  std::chrono::seconds hold{0};
  std::string caller_number = {};
  bool want_next_allowed_time = false;
  std::string processor = {};
  std::string agent = {};
  std::string agent_country = {};
  std::string contract = {};
  SubjectMatter subject_matter = SubjectMatter::kUnspecified;
};

struct BatchItem {
  std::string contact_point = {};
  std::string request_id = {};
};

class Client {
 public:
  // Never fails and opens nothing yet: the first call connects. With an address that leads nowhere
  // every answer is an error (mostly UNAVAILABLE); with options out of their range, it is
  // INVALID_ARGUMENT and names the option.
  static Client Connect(ClientOptions options);

  // A client that was moved from answers with an error (FAILED_PRECONDITION).
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  // Takes one unit of quota, or says why not. What it answers is durable. A repeat with the same
  // request_id takes nothing more: it is answered like the first as long as the permit can be used,
  // and denied (PERMIT_USED, PERMIT_EXPIRED, REVOKED, ...) when it cannot.
  Answer CheckAndConsume(const Request& request) const;

  // One answer for each item, always as many as items and in their order; an item's error leaves
  // the others alone. Items are judged in order: the same consumer may come several times. If the
  // call as a whole fails, every answer is that error. At most kBatchItemsMax items, else every
  // answer is INVALID_ARGUMENT and nothing is sent. Only the call as a whole is repeated; items
  // that came back UNAVAILABLE are the caller's to send again, with their ids.
  std::vector<Answer> CheckAndConsumeBatch(const BatchHeader& header,
                                           const std::vector<BatchItem>& items) const;

  // What CheckAndConsume would answer now. Takes and records nothing, so may_contact() is false
  // whatever it says: look at decision().verdict. request_id, hold, want_receipt and
  // want_signed_permit are not used.
  Answer Check(const Request& request) const;

  // Starts the time of a held permit, after judging again all but the limits; a refusal gives the
  // unit back. Takes the held answer itself: without it nobody can say how much time is left. The
  // result is that answer with may_contact(). An answer that is not held: FAILED_PRECONDITION.
  // If the first attempt was recorded and its answer lost, the result is DENIED, ALREADY_DONE:
  // repeat CheckAndConsume with the same request_id, which then answers with the running permit.
  Answer ConfirmPermit(const Answer& held, const ConfirmOptions& options = {}) const;

  // Gives a held unit back. `permit_id` is decision().permit_id.
  PermitAnswer ReleasePermit(const std::string& company, const std::string& permit_id) const;

  // Says what became of a contact. The first outcome stands; a second is answered ALREADY_DONE.
  // Repeat it, in another process too, until there is an answer: an outcome that is not reported
  // costs the consumer a say (OPPOSED, STOP) or the company a unit (NOT_SENT).
  PermitAnswer ReportOutcome(const std::string& company, const std::string& permit_id,
                             Outcome outcome) const;

 private:
  class Connection;
  explicit Client(std::unique_ptr<Connection> connection);

  std::unique_ptr<Connection> connection_;
};

// A request id that nobody has used: 128 random bits of the system's as 32 hexadecimal digits.
// Empty, and so refused by the ledger, in the one case that the system gives no random bytes.
std::string NewRequestId();

}  // namespace consent

#endif  // CONSENT_CLIENT_H_
