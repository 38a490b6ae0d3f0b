// SPDX-License-Identifier: Apache-2.0
//
// What a contact point costs: by the table, by the library, and its names.

#include <benchmark/benchmark.h>

#include <string>

#include "src/contact/contact_id.h"
#include "src/contact/contact_point.h"
#include "src/contact/phone_number.h"
#include "src/contact/zone.h"

namespace consent::contact {
namespace {

void BM_ParseByTable(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(ContactPoint::Parse("+33639980001"));
}
BENCHMARK(BM_ParseByTable);

void BM_ParsePunctuatedByTable(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(ContactPoint::Parse("+33 6 39 98 00 01"));
}
BENCHMARK(BM_ParsePunctuatedByTable);

void BM_NormaliseByLibrary(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(NormalisePhoneByLibrary("+33639980001"));
}
BENCHMARK(BM_NormaliseByLibrary);

void BM_ParseWithPrefixByLibrary(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(ContactPoint::Parse("+330639980001"));
}
BENCHMARK(BM_ParseWithPrefixByLibrary);

void BM_ParseNational(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(ContactPoint::ParseNational("0639980001", "FR"));
}
BENCHMARK(BM_ParseNational);

void BM_ParseEmail(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(ContactPoint::Parse("Someone@Example.org"));
}
BENCHMARK(BM_ParseEmail);

void BM_ZoneOf(benchmark::State& state) {
  const ContactPoint point = *ContactPoint::Parse("+33639980001");
  for (auto _ : state) benchmark::DoNotOptimize(ZoneOf(point));
}
BENCHMARK(BM_ZoneOf);

void BM_ContactId(benchmark::State& state) {
  const Pepper pepper(Pepper::kFirstVersion, crypto::HmacKey(crypto::Secret::Random()));
  const ContactPoint point = *ContactPoint::Parse("+33639980001");
  for (auto _ : state) benchmark::DoNotOptimize(pepper.Of(point));
}
BENCHMARK(BM_ContactId);

void BM_SubjectFor(benchmark::State& state) {
  const Pepper pepper(Pepper::kFirstVersion, crypto::HmacKey(crypto::Secret::Random()));
  const ContactPoint point = *ContactPoint::Parse("+33639980001");
  for (auto _ : state) benchmark::DoNotOptimize(pepper.SubjectFor("acme", point));
}
BENCHMARK(BM_SubjectFor);

}  // namespace
}  // namespace consent::contact
