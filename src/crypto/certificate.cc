// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/certificate.h"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "src/base/status_macros.h"

namespace consent::crypto {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using X509Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

absl::Status Unreadable() {
  ERR_clear_error();
  return absl::InvalidArgumentError("expected X.509 certificates in PEM form");
}

absl::StatusOr<int64_t> SecondsOf(const ASN1_TIME* time) {
  tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return Unreadable();
  const absl::CivilSecond civil(parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                                parts.tm_hour, parts.tm_min, parts.tm_sec);
  return absl::ToUnixSeconds(absl::FromCivil(civil, absl::UTCTimeZone()));
}

std::string SubjectOf(X509* certificate) {
  const Bio out(BIO_new(BIO_s_mem()), BIO_free);
  X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return size > 0 ? std::string(text, static_cast<size_t>(size)) : "";
}

absl::StatusOr<std::vector<std::string>> UrisOf(X509* certificate) {
  std::vector<std::string> uris;
  int critical = -1;
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> names(
      static_cast<GENERAL_NAMES*>(
          X509_get_ext_d2i(certificate, NID_subject_alt_name, &critical, nullptr)),
      GENERAL_NAMES_free);
  // -1: there is none. Anything else is one that cannot be read, or two.
  if (names == nullptr && critical != -1) return Unreadable();
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_URI) continue;
    const ASN1_IA5STRING* const uri = name->d.uniformResourceIdentifier;
    std::string text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                     static_cast<size_t>(ASN1_STRING_length(uri)));
    if (uris.size() == kUrisMax || text.find('\0') != std::string::npos) return Unreadable();
    uris.push_back(std::move(text));
  }
  return uris;
}

absl::StatusOr<Certificate> Read(X509* certificate) {
  Certificate read;
  read.subject = SubjectOf(certificate);
  ASSIGN_OR_RETURN(read.uris, UrisOf(certificate));
  ASSIGN_OR_RETURN(read.not_before, SecondsOf(X509_get0_notBefore(certificate)));
  ASSIGN_OR_RETURN(read.not_after, SecondsOf(X509_get0_notAfter(certificate)));
  return read;
}

}  // namespace

absl::StatusOr<std::vector<Certificate>> ParseCertificates(std::string_view pem) {
  if (pem.size() > kCertificatesBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected at most ", kCertificatesBytesMax, " bytes, found ", pem.size()));
  }
  const Bio in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  std::vector<Certificate> certificates;
  while (true) {
    const X509Certificate next(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr), X509_free);
    if (next == nullptr) break;
    ASSIGN_OR_RETURN(Certificate read, Read(next.get()));
    certificates.push_back(std::move(read));
  }
  const unsigned long why = ERR_peek_last_error();
  const bool at_end = ERR_GET_LIB(why) == ERR_LIB_PEM && ERR_GET_REASON(why) == PEM_R_NO_START_LINE;
  if (certificates.empty() || !at_end) return Unreadable();
  ERR_clear_error();
  return certificates;
}

}  // namespace consent::crypto
