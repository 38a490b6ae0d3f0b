# SPDX-License-Identifier: Apache-2.0
#
# Part of ./dev: installs what `./dev bench` measures consentd beside.
# shellcheck shell=bash

# The peers, and the libraries to talk to them.
readonly PEER_PACKAGES="redis-server libhiredis-dev postgresql libpq-dev"

# setup_peers: as programs alone; no service of theirs is started, now or at the next boot. Where they
# cannot be had consent_bench says what is missing.
setup_peers() {
  local missing
  # shellcheck disable=SC2086
  missing=$(missing_packages $PEER_PACKAGES)
  [[ -n $missing ]] || return 0
  local as_root=() policy=
  [[ $(id -u) == 0 ]] || as_root=(sudo)
  if [[ ! -e /usr/sbin/policy-rc.d ]]; then
    policy=/usr/sbin/policy-rc.d
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" install -m 755 /dev/stdin "$policy" || policy=
  fi
  # shellcheck disable=SC2086
  (install_packages $PEER_PACKAGES) || say "Peers are missing: their rows will be left out"
  [[ -z $policy ]] || "${as_root[@]}" rm -f "$policy"
  local package
  for package in $missing; do
    case $package in
      redis-server | postgresql)
        "${as_root[@]}" systemctl disable --quiet "$package" 2>/dev/null || true ;;
    esac
  done
  # The libraries are looked for when the build is configured.
  rm -f build/release/build.ninja
}
