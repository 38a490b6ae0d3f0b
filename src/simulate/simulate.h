// SPDX-License-Identifier: Apache-2.0
//
// `consentctl simulate FILE [--json]`: tries a scenario without a server.

#ifndef CONSENT_SIMULATE_SIMULATE_H_
#define CONSENT_SIMULATE_SIMULATE_H_

#include <istream>
#include <ostream>
#include <string>
#include <vector>

namespace consent::simulate {

struct SimulateOptions {
  bool json = false;  // Lines of JSON instead of a table.
  // Files of rule packs that the scenario may name by their ids, before those in the program.
  std::vector<std::string> packs = {};
};

inline constexpr int kExitOk = 0;
inline constexpr int kExitNotWritten = 1;  // `out` took no more.
inline constexpr int kExitBadFile = 2;

// Runs the scenario file at `path` ("-": standard input) and writes what came of it to `out`.
// A file that cannot be read, or that has a fault, the packs' too, is an error: nothing runs, `out`
// stays empty, and `err` gets one line `FILE:LINE: what was expected, what was found` for each
// fault. Denials are answers, not errors. Returns one of the exit codes above.
int RunSimulate(const std::string& path, const SimulateOptions& options, std::ostream& out,
                std::ostream& err);

// The same for a scenario read from `in`, called `name` in messages.
int RunSimulate(std::istream& in, const std::string& name, const SimulateOptions& options,
                std::ostream& out, std::ostream& err);

}  // namespace consent::simulate

#endif  // CONSENT_SIMULATE_SIMULATE_H_
