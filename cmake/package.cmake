# SPDX-License-Identifier: Apache-2.0
#
# The Debian package of the service: both programs, a hardened unit, a configuration to begin with.
# `./dev package` makes it from the release build.

set(CONSENT_PACKAGE "${PROJECT_SOURCE_DIR}/cmake/package")

install(TARGETS consentd consentctl RUNTIME DESTINATION bin COMPONENT service)
install(FILES "${CONSENT_PACKAGE}/consentd.service" DESTINATION /lib/systemd/system
  COMPONENT service)
install(FILES "${CONSENT_PACKAGE}/consentd.conf" DESTINATION /etc/consentd COMPONENT service
  PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
install(FILES "${CONSENT_PACKAGE}/copyright" docs/reference/configuration.md
  docs/reference/consentctl.md docs/guides/keys.md docs/guides/recover.md CHANGELOG.md
  DESTINATION share/doc/consent-ledger COMPONENT service)
# What the programs are made of; sbom.py writes it, from a finished build.
install(FILES "${CMAKE_BINARY_DIR}/consent-ledger.spdx.json"
  DESTINATION share/doc/consent-ledger COMPONENT service)

set(CPACK_GENERATOR DEB)
set(CPACK_COMPONENTS_ALL service)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_PACKAGE_NAME consent-ledger)
set(CPACK_DEBIAN_SERVICE_PACKAGE_NAME consent-ledger)
set(CPACK_PACKAGE_VENDOR consent-ledger)
set(CPACK_PACKAGE_CONTACT "consent-ledger <security@consent-ledger.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "takes one unit of permission, durably, before each contact")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
  "Keeps grants that consumers signed, takes one unit of quota before a company
contacts them, and enters every decision into a log that anyone can verify.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Time zones decide; a certificate's chain may end at a public root.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, tzdata, ca-certificates")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  "${CONSENT_PACKAGE}/postinst;${CONSENT_PACKAGE}/prerm;${CONSENT_PACKAGE}/postrm;${CONSENT_PACKAGE}/conffiles")
# cpack builds nothing: what it packs has been built.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
include(CPack)
