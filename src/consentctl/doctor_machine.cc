// SPDX-License-Identifier: Apache-2.0

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "src/base/machine_memory.h"
#include "src/consentctl/doctor.h"
#include "src/consentctl/output.h"

namespace consent::ctl {
namespace {

constexpr int kSyncsMeasured = 5;
constexpr absl::Duration kSlowSync = absl::Milliseconds(50);
constexpr uint64_t kFilesWanted = 4096;
constexpr int kShareFree = 10;  // A tenth of the disk.

struct Kind {
  uint64_t magic;
  const char* name;
};
// As statfs(2) lists them.
constexpr Kind kFleeting[] = {{0x01021994, "tmpfs"}, {0x858458f6, "ramfs"}};
constexpr Kind kDoubtful[] = {{0x6969, "nfs"},      {0xff534d42, "cifs"},    {0xfe534d42, "smb2"},
                              {0x65735546, "fuse"}, {0x794c7630, "overlay"}, {0x4d44, "vfat"},
                              {0x01021997, "9p"}};
constexpr Kind kUsual[] = {{0xef53, "ext4"},
                           {0x58465342, "xfs"},
                           {0x9123683e, "btrfs"},
                           {0x2fc12fc1, "zfs"},
                           {0xf2f52010, "f2fs"}};

template <size_t N>
const char* Find(const Kind (&kinds)[N], uint64_t magic) {
  for (const Kind& kind : kinds) {
    if (kind.magic == magic) return kind.name;
  }
  return nullptr;
}

// The middle one of a few.
absl::StatusOr<absl::Duration> TimeOfSync(const std::string& folder) {
  const std::string path = absl::StrCat(folder, "/.doctor-", getpid());
  const int fd = open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0) return absl::UnavailableError(absl::StrCat(folder, ": ", std::strerror(errno)));
  unlink(path.c_str());
  std::vector<absl::Duration> times;
  int error = 0;
  for (int i = 0; i < kSyncsMeasured && error == 0; ++i) {
    const absl::Time began = absl::Now();
    if (write(fd, "doctor\n", 7) != 7 || fdatasync(fd) != 0) error = errno;
    times.push_back(absl::Now() - began);
  }
  close(fd);
  if (error != 0) return absl::UnavailableError(absl::StrCat(folder, ": ", std::strerror(error)));
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

void CheckSpace(const consentd::Config& config, const struct statfs& disk, Diagnoses& findings) {
  const uint64_t unit = disk.f_bsize;
  const uint64_t free = disk.f_bavail * unit, all = disk.f_blocks * unit;
  const uint64_t reserve = config.disk_reserve_mib << 20;
  const std::string found = absl::StrCat(free >> 20, " MiB free of ", all >> 20, " MiB, reserve ",
                                         config.disk_reserve_mib, " MiB");
  if (free < reserve) {
    findings.Wrong("disk space", found,
                   "writes are refused (STORE_FULL): make room, or a larger disk");
  } else if (free < all / kShareFree) {
    findings.Warn("disk space", found, "less than a tenth is free: plan for a larger disk");
  } else {
    findings.Ok("disk space", found);
  }
}

void CheckKind(const struct statfs& disk, Diagnoses& findings) {
  const auto magic = static_cast<uint32_t>(disk.f_type);
  if (const char* fleeting = Find(kFleeting, magic)) {
    findings.Wrong("file system", fleeting, "it is gone when the machine stops: take a disk");
  } else if (const char* doubtful = Find(kDoubtful, magic)) {
    findings.Warn(
        "file system", doubtful,
        "whether a sync reaches a disk there depends on its settings: prefer a local disk");
  } else if (const char* usual = Find(kUsual, magic)) {
    findings.Ok("file system", usual);
  } else {
    findings.Ok("file system", absl::StrCat("of kind 0x", absl::Hex(magic)));
  }
}

}  // namespace

void CheckDisk(const consentd::Config& config, Diagnoses& findings) {
  struct statfs disk;
  if (statfs(config.data.c_str(), &disk) != 0) {
    return findings.Wrong("data folder", absl::StrCat(config.data, ": ", std::strerror(errno)),
                          "name the folder of a ledger with --data, or in the file of --config");
  }
  CheckSpace(config, disk, findings);
  CheckKind(disk, findings);
  const absl::StatusOr<absl::Duration> sync = TimeOfSync(config.data);
  if (!sync.ok()) {
    findings.Wrong("sync", std::string(sync.status().message()),
                   "the service must be able to write there; run doctor as its user");
  } else if (*sync > kSlowSync) {
    findings.Warn("sync", absl::FormatDuration(*sync),
                  "each answer waits for one: take a disk with a faster, or battery-backed, cache");
  } else {
    findings.Ok("sync", absl::FormatDuration(*sync));
  }
}

void CheckMemory(const consentd::Config& config, Diagnoses& findings) {
  const uint64_t bytes = MachineMemory();
  const uint64_t wanted =
      (config.cache_mib << 20) + RecordsInMemory(config, bytes) * consentd::kBytesARecord;
  const std::string found =
      absl::StrCat(bytes >> 20, " MiB, of which settings may take ", wanted >> 20, " MiB");
  if (wanted > bytes / 4 * 3) {
    findings.Warn("memory", found, "lower --records-in-memory or --cache-mib, or give it more");
  } else {
    findings.Ok("memory", found);
  }
}

void CheckLimits(Diagnoses& findings) {
  struct rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  const std::string found =
      absl::StrCat(static_cast<uint64_t>(files.rlim_cur), " open files, as doctor is run");
  if (files.rlim_cur < kFilesWanted) {
    findings.Warn(
        "limits", found,
        "512 are for tables, one for each connection: raise it for the service (ulimit -n, "
        "LimitNOFILE=)");
  } else {
    findings.Ok("limits", found);
  }
}

}  // namespace consent::ctl
