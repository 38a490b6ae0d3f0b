# SPDX-License-Identifier: Apache-2.0
#
# The six kinds of target in this tree. All take SRCS and DEPS; paths are relative to the folder.
#
#   consent_library(NAME SRCS a.cc HDRS a.h DEPS ...)
#       A static library; header-only where there are no SRCS. DEPS are public.
#   consent_binary(NAME SRCS main.cc DEPS ...)
#       A program, in build/PRESET/bin/.
#   consent_test(NAME SRCS a_test.cc DEPS ... [RAPIDCHECK] [LABEL unit] [TIMEOUT s] [WHOLE] [THREADS])
#       One GoogleTest binary a folder; gmock, gtest_main and the status matchers come with it.
#       CTest sees each TEST() by its name, WHOLE keeps the binary one CTest entry. Tests run in the
#       root of the tree, with CONSENT_BIN_DIR naming the folder of the programs. THREADS: also a test
#       of the preset `tsan`, which has no others. The thread sanitizer knows only what it has compiled:
#       what works with the threads of gRPC or RocksDB would be full of false alarms.
#   consent_script_test(NAME COMMAND ... [LABEL unit] [TIMEOUT s])
#       Any other program that tests something, in the same surroundings.
#       Labels: unit; e2e, the programs as they are; docs, golden (./dev docs, ./dev golden); kill (./dev test --kill N); long
#       (./dev test --long only). Without a TIMEOUT `./dev test` sets one that fits what is asked.
#   consent_fuzz(NAME SRCS x_fuzz.cc DEPS ...)
#       A libFuzzer target in the preset `fuzz`. In all others a test that replays the inputs kept
#       in tests/corpus/NAME/, and small damages to each.
#   consent_bench(NAME SRCS x_bench.cc DEPS ...)
#       A Google Benchmark program, in build/PRESET/bench/.

include(GoogleTest)

# All fuzz targets, all benchmarks: for ./dev fuzz and ./dev bench --micro.
add_custom_target(consent_fuzzers)
add_custom_target(consent_benches)

# GoogleTest, RapidCheck and what nearly every test includes, compiled once: half of the work of
# compiling a test. Only tests have it; product code stands on what it includes itself.
option(CONSENT_PCH "Precompile the headers that all tests share" ON)
if(CONSENT_PCH)
  file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/test_pch.cc" CONTENT "")
  add_executable(consent_test_pch EXCLUDE_FROM_ALL "${CMAKE_BINARY_DIR}/test_pch.cc")
  target_link_libraries(consent_test_pch PRIVATE GTest::gmock_main rapidcheck_gtest absl::statusor)
  # What ccache needs: to be told that one was used, and no time of its making within.
  set(CONSENT_PCH_OPTIONS
      "$<IF:$<CXX_COMPILER_ID:GNU>,-fpch-preprocess,SHELL:-Xclang -fno-pch-timestamp>")
  target_compile_options(consent_test_pch PRIVATE "${CONSENT_PCH_OPTIONS}")
  target_precompile_headers(consent_test_pch PRIVATE
    <gtest/gtest.h> <gmock/gmock.h> <rapidcheck/gtest.h>
    <algorithm> <cstdint> <functional> <map> <memory> <optional> <string> <string_view> <vector>
    "$<1:absl/status/statusor.h>" "$<1:absl/strings/str_cat.h>")
endif()

if(CONSENT_SANITIZE STREQUAL "thread")
  set(CONSENT_ONLY_THREADS ON)
  set(CONSENT_ASIDE EXCLUDE_FROM_ALL)  # Built only where a test of threads needs it.
endif()

# What the sanitizer of this preset is told to pass over: linked into every test.
if(CONSENT_SANITIZE STREQUAL "thread")
  set(CONSENT_SUPPRESSIONS "${PROJECT_SOURCE_DIR}/tests/sanitizers/tsan_suppressions.cc")
elseif(CONSENT_SANITIZE MATCHES "address")
  set(CONSENT_SUPPRESSIONS "${PROJECT_SOURCE_DIR}/tests/sanitizers/lsan_suppressions.cc")
endif()

set(CONSENT_TEST_ENVIRONMENT "CONSENT_BIN_DIR=${CMAKE_BINARY_DIR}/bin")

function(consent_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SRCS;HDRS;DEPS")
  if(arg_SRCS)
    add_library(${name} STATIC ${CONSENT_ASIDE} ${arg_SRCS} ${arg_HDRS})
    target_link_libraries(${name} PUBLIC ${arg_DEPS})
  else()
    add_library(${name} INTERFACE ${arg_HDRS})
    target_link_libraries(${name} INTERFACE ${arg_DEPS})
  endif()
endfunction()

function(consent_binary name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SRCS;DEPS")
  add_executable(${name} ${CONSENT_ASIDE} ${arg_SRCS})
  target_link_libraries(${name} PRIVATE ${arg_DEPS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
endfunction()

function(consent_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "RAPIDCHECK;WHOLE;THREADS" "TIMEOUT;LABEL" "SRCS;DEPS")
  _consent_test_defaults()
  if(CONSENT_ONLY_THREADS AND arg_THREADS)
    add_executable(${name} ${arg_SRCS} ${CONSENT_SUPPRESSIONS})
  else()
    add_executable(${name} ${CONSENT_ASIDE} ${arg_SRCS} ${CONSENT_SUPPRESSIONS})
  endif()
  target_link_libraries(${name} PRIVATE ${arg_DEPS} consent_base GTest::gmock_main)
  if(arg_RAPIDCHECK)
    target_link_libraries(${name} PRIVATE rapidcheck_gtest)
  endif()
  if(CONSENT_PCH)
    target_precompile_headers(${name} REUSE_FROM consent_test_pch)
    target_compile_options(${name} PRIVATE "${CONSENT_PCH_OPTIONS}")
  elseif(arg_RAPIDCHECK)
    # <rapidcheck/gtest.h> uses GoogleTest without including it, and sorts before it.
    target_compile_options(${name} PRIVATE "SHELL:-include gtest/gtest.h")
  endif()
  if(CONSENT_ONLY_THREADS AND NOT arg_THREADS)
    return()
  endif()
  if(arg_WHOLE)
    consent_script_test(${name} COMMAND ${name} LABEL ${arg_LABEL} ${timeout})
    return()
  endif()
  gtest_discover_tests(${name}
    DISCOVERY_MODE PRE_TEST
    DISCOVERY_TIMEOUT 60
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
    PROPERTIES LABELS ${arg_LABEL} ${timeout}
               ENVIRONMENT "${CONSENT_TEST_ENVIRONMENT}")
endfunction()

function(consent_script_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT;LABEL" "COMMAND")
  if(CONSENT_ONLY_THREADS)
    return()
  endif()
  _consent_test_defaults()
  add_test(NAME ${name} COMMAND ${arg_COMMAND} WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  set_tests_properties(${name} PROPERTIES LABELS ${arg_LABEL} ${timeout}
    ENVIRONMENT "${CONSENT_TEST_ENVIRONMENT}")
endfunction()

function(consent_fuzz name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SRCS;DEPS")
  if(CONSENT_FUZZ)
    add_executable(${name} ${arg_SRCS})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  else()
    add_executable(${name} ${CONSENT_ASIDE} ${arg_SRCS}
                   "${PROJECT_SOURCE_DIR}/tests/fuzz/replay_main.cc")
    consent_script_test(${name}
      COMMAND ${name} "${PROJECT_SOURCE_DIR}/tests/corpus/${name}" LABEL unit)
  endif()
  target_link_libraries(${name} PRIVATE ${arg_DEPS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/fuzz")
  add_dependencies(consent_fuzzers ${name})
endfunction()

function(consent_bench name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SRCS;DEPS")
  add_executable(${name} ${CONSENT_ASIDE} ${arg_SRCS})
  target_link_libraries(${name} PRIVATE ${arg_DEPS} benchmark::benchmark benchmark::benchmark_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bench")
  add_dependencies(consent_benches ${name})
endfunction()

# The label of a test that names none; its timeout as a property, where it names one.
macro(_consent_test_defaults)
  if(NOT arg_LABEL)
    set(arg_LABEL unit)
  endif()
  set(timeout "")
  if(arg_TIMEOUT)
    set(timeout TIMEOUT ${arg_TIMEOUT})
  endif()
endmacro()
