// SPDX-License-Identifier: Apache-2.0
//
// Resealing: after the master key was replaced, seals the consumers' secrets anew while the service
// serves, and says when the old key is not needed any more.
//
// Threads: one of its own. Start and end from any.

#ifndef CONSENT_CONSENTD_RESEALING_H_
#define CONSENT_CONSENTD_RESEALING_H_

#include <atomic>
#include <memory>

#include "src/base/worker.h"
#include "src/journal/sealed_store.h"

namespace consent::consentd {

class Resealing {
 public:
  // Begins at once if there is anything to do. `store` must outlive it.
  explicit Resealing(journal::SealedStore& store);
  // Interrupts it: the next start goes on.
  ~Resealing();

 private:
  Rest Step(Call call);

  journal::SealedStore& store_;
  std::atomic<bool> stopping_ = false;
  Threads threads_;
  std::unique_ptr<Worker> worker_;
};

}  // namespace consent::consentd

#endif  // CONSENT_CONSENTD_RESEALING_H_
