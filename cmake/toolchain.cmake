# SPDX-License-Identifier: Apache-2.0
#
# Compiler, linker and cache: warnings for all, sanitizers by CONSENT_SANITIZE, hardening by
# CONSENT_HARDEN. What differs between presets is set in CMakePresets.json, nowhere else.

set(CONSENT_SANITIZE "" CACHE STRING
    "Value of -fsanitize= for all of the code, as in address,undefined; empty for none")
option(CONSENT_FUZZ "Build fuzz targets with libFuzzer (clang) instead of the replay main" OFF)
option(CONSENT_COVERAGE "Instrument for gcov" OFF)
option(CONSENT_HARDEN "Add the run-time checks that a release carries" OFF)

add_compile_options(-Wall -Wextra -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # std::string_view and friends in libstdc++ 12 are fine; this one warns inside gtest's macros.
  add_compile_options(-Wno-gnu-zero-variadic-macro-arguments)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports these inside std::string and std::optional once it has inlined them (GCC bugs
  # 105329, 105593, 80635); clang, which also builds the tree, does not see them.
  add_compile_options(-Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overread
                      -Wno-stringop-overflow -Wno-array-bounds)
endif()

if(CONSENT_SANITIZE)
  add_compile_options(-fsanitize=${CONSENT_SANITIZE} -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${CONSENT_SANITIZE})
endif()
if(CONSENT_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(CONSENT_COVERAGE)
  add_compile_options(--coverage -fprofile-update=atomic)
  add_link_options(--coverage)
endif()
if(CONSENT_HARDEN)
  add_compile_options(-fstack-protector-strong -fstack-clash-protection -fcf-protection
                      -D_FORTIFY_SOURCE=2 -D_GLIBCXX_ASSERTIONS)
  add_link_options(-pie -Wl,-z,relro,-z,now,-z,noexecstack)
endif()

# mold links the tests several times faster than GNU ld.
find_program(CONSENT_MOLD mold)
if(CONSENT_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# ccache, told that the folder of the build does not change the code: all presets and all clones
# share what they compiled.
find_program(CONSENT_CCACHE ccache)
if(CONSENT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros ${CONSENT_CCACHE})
endif()
