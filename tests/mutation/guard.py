# SPDX-License-Identifier: Apache-2.0
"""What a guard is, and which test binaries ought to notice that one of its kind is gone."""

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
AUDIT = {"law_audit_test": ALL}
SIMULATION = {"simulation_test": ALL}
DISK = {"disk_test": "Sweep*:Power*"}
BACKUP = {"backup_test": ALL}
