// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/pkcs11.h"

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "src/base/status_macros.h"
#include "src/crypto/key_file.h"

namespace consent::crypto {
namespace {

// Of PKCS #11 v3.0; the headers at hand end before it.
constexpr CK_KEY_TYPE kEdwardsKey = 0x40;
constexpr CK_MECHANISM_TYPE kEdDsa = 0x1057;

constexpr size_t kEd25519SignatureBytes = 64;
constexpr CK_ULONG kSlotsMax = 256;

unsigned char* Bytes(std::string_view text) {
  return const_cast<unsigned char*>(reinterpret_cast<const unsigned char*>(text.data()));
}

absl::Status Refused(const std::string& what, CK_RV code) {
  return absl::FailedPreconditionError(absl::StrFormat("%s: the device says 0x%08x", what, code));
}

// A module, loaded and initialised for as long as the process lives: what unloads one pulls the
// ground from under the others who use it.
absl::StatusOr<CK_FUNCTION_LIST*> LoadModule(const std::string& path) {
  void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("PKCS #11 module ", path, ": cannot be loaded: ", dlerror()));
  }
  const auto get = reinterpret_cast<CK_C_GetFunctionList>(dlsym(library, "C_GetFunctionList"));
  CK_FUNCTION_LIST* functions = nullptr;
  if (get == nullptr || get(&functions) != CKR_OK || functions == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("PKCS #11 module ", path, ": is none: it gives no functions"));
  }
  CK_C_INITIALIZE_ARGS arguments{};
  arguments.flags = CKF_OS_LOCKING_OK;
  const CK_RV code = functions->C_Initialize(&arguments);
  if (code != CKR_OK && code != CKR_CRYPTOKI_ALREADY_INITIALIZED) {
    return Refused(absl::StrCat("PKCS #11 module ", path), code);
  }
  return functions;
}

std::string Unpadded(const unsigned char* text, size_t size) {
  std::string label(reinterpret_cast<const char*>(text), size);
  label.erase(label.find_last_not_of(' ') + 1);
  return label;
}

absl::StatusOr<CK_SLOT_ID> FindSlot(CK_FUNCTION_LIST* functions, const std::string& token) {
  std::array<CK_SLOT_ID, kSlotsMax> slots;
  CK_ULONG count = slots.size();
  if (const CK_RV code = functions->C_GetSlotList(CK_TRUE, slots.data(), &count); code != CKR_OK) {
    return Refused("PKCS #11 slots", code);
  }
  for (CK_ULONG i = 0; i < count; ++i) {
    CK_TOKEN_INFO info{};
    if (functions->C_GetTokenInfo(slots[i], &info) != CKR_OK) continue;
    if (Unpadded(info.label, sizeof info.label) == token) return slots[i];
  }
  return absl::FailedPreconditionError(
      absl::StrCat("PKCS #11 token ", token, ": not found among ", count, " that are there"));
}

// An object on a token, with the session in which it was found.
class Device {
 public:
  Device(Pkcs11Uri uri, CK_OBJECT_CLASS type) : uri_(std::move(uri)), type_(type) {}
  ~Device() { Close(); }
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  absl::Status Open() {
    const std::lock_guard lock(mutex_);
    return OpenLocked();
  }

  // What the device makes of `message`, which is `size` bytes long.
  absl::StatusOr<std::string> Sign(CK_MECHANISM_TYPE mechanism, std::string_view message,
                                   size_t size) {
    const std::lock_guard lock(mutex_);
    absl::StatusOr<std::string> made = SignLocked(mechanism, message, size);
    if (made.ok()) return made;
    Close();  // The device may have been away since the last time: once more, from the beginning.
    return SignLocked(mechanism, message, size);
  }

  // The point of the public key that has the same label and id.
  absl::StatusOr<std::string> PublicPoint() {
    const std::lock_guard lock(mutex_);
    RETURN_IF_ERROR(OpenLocked());
    CK_KEY_TYPE key_type = 0;
    CK_ATTRIBUTE about{CKA_KEY_TYPE, &key_type, sizeof key_type};
    if (functions_->C_GetAttributeValue(*session_, object_, &about, 1) != CKR_OK ||
        key_type != kEdwardsKey) {
      return absl::FailedPreconditionError(
          absl::StrCat("PKCS #11 object ", uri_.object, ": expected an Ed25519 key"));
    }
    ASSIGN_OR_RETURN(const CK_OBJECT_HANDLE public_key, Find(CKO_PUBLIC_KEY));
    std::array<char, 64> point;
    CK_ATTRIBUTE attribute{CKA_EC_POINT, point.data(), point.size()};
    const CK_RV code = functions_->C_GetAttributeValue(*session_, public_key, &attribute, 1);
    if (code != CKR_OK) {
      return Refused(absl::StrCat("PKCS #11 object ", uri_.object, ", its point"), code);
    }
    // An OCTET STRING around 32 bytes; some devices leave the wrapping out.
    std::string_view bytes(point.data(), attribute.ulValueLen);
    if (bytes.starts_with("\x04\x20")) bytes.remove_prefix(2);
    return std::string(bytes);
  }

 private:
  absl::Status OpenLocked() {
    if (session_.has_value()) return absl::OkStatus();
    ASSIGN_OR_RETURN(functions_, LoadModule(uri_.module_path));
    ASSIGN_OR_RETURN(const CK_SLOT_ID slot, FindSlot(functions_, uri_.token));
    CK_SESSION_HANDLE session = 0;
    CK_RV code = functions_->C_OpenSession(slot, CKF_SERIAL_SESSION, nullptr, nullptr, &session);
    if (code != CKR_OK) return Refused(absl::StrCat("PKCS #11 token ", uri_.token), code);
    session_ = session;
    absl::Status ready = LogIn();
    if (ready.ok()) {
      const absl::StatusOr<CK_OBJECT_HANDLE> found = Find(type_);
      ready = found.status();
      if (found.ok()) object_ = *found;
    }
    if (!ready.ok()) Close();
    return ready;
  }

  absl::StatusOr<std::string> SignLocked(CK_MECHANISM_TYPE mechanism, std::string_view message,
                                         size_t size) {
    RETURN_IF_ERROR(OpenLocked());
    CK_MECHANISM how{mechanism, nullptr, 0};
    CK_RV code = functions_->C_SignInit(*session_, &how, object_);
    std::string made(size, '\0');
    CK_ULONG got = size;
    if (code == CKR_OK) {
      code = functions_->C_Sign(*session_, Bytes(message), message.size(), Bytes(made), &got);
    }
    if (code == CKR_OK && got == size) return made;
    return Refused(absl::StrCat("PKCS #11 object ", uri_.object, ", to sign"), code);
  }

  absl::Status LogIn() {
    ASSIGN_OR_RETURN(const KeyText pin, ReadKeyText(uri_.pin_path));
    const std::string_view digits = pin.Line();
    const CK_RV code = functions_->C_Login(*session_, CKU_USER, Bytes(digits), digits.size());
    if (code == CKR_OK || code == CKR_USER_ALREADY_LOGGED_IN) return absl::OkStatus();
    return Refused(
        absl::StrCat("PKCS #11 token ", uri_.token, ", to log in with the pin in ", uri_.pin_path),
        code);
  }

  // The one object of this class with the URI's label and id.
  absl::StatusOr<CK_OBJECT_HANDLE> Find(CK_OBJECT_CLASS type) {
    std::vector<CK_ATTRIBUTE> wanted = {{CKA_CLASS, &type, sizeof type},
                                        {CKA_LABEL, Bytes(uri_.object), uri_.object.size()}};
    if (!uri_.id.empty()) wanted.push_back({CKA_ID, Bytes(uri_.id), uri_.id.size()});
    CK_RV code = functions_->C_FindObjectsInit(*session_, wanted.data(), wanted.size());
    std::array<CK_OBJECT_HANDLE, 2> found{};
    CK_ULONG count = 0;
    if (code == CKR_OK) {
      code = functions_->C_FindObjects(*session_, found.data(), found.size(), &count);
      functions_->C_FindObjectsFinal(*session_);
    }
    if (code != CKR_OK) return Refused(absl::StrCat("PKCS #11 object ", uri_.object), code);
    if (count == 1) return found[0];
    return absl::FailedPreconditionError(
        absl::StrCat("PKCS #11 object ", uri_.object, ": expected one on token ", uri_.token,
                     ", found ", count == 0 ? "none" : "several; give its id too"));
  }

  void Close() {
    if (session_.has_value()) functions_->C_CloseSession(*session_);
    session_.reset();
  }

  const Pkcs11Uri uri_;
  const CK_OBJECT_CLASS type_;
  std::mutex mutex_;  // Guards all below.
  CK_FUNCTION_LIST* functions_ = nullptr;
  std::optional<CK_SESSION_HANDLE> session_;
  CK_OBJECT_HANDLE object_ = 0;
};

}  // namespace

absl::StatusOr<SigningKey> OpenPkcs11Key(const Pkcs11Uri& uri) {
  const auto device = std::make_shared<Device>(uri, CKO_PRIVATE_KEY);
  RETURN_IF_ERROR(device->Open());
  ASSIGN_OR_RETURN(const std::string point, device->PublicPoint());
  absl::StatusOr<PublicKey> public_key = PublicKey::FromRawEd25519(point);
  if (!public_key.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat("PKCS #11 object ", uri.object, ": its public point is no Ed25519 key"));
  }
  SigningKey key(*public_key, [device](std::string_view message) -> absl::StatusOr<std::string> {
    absl::StatusOr<std::string> signature = device->Sign(kEdDsa, message, kEd25519SignatureBytes);
    if (signature.ok()) return signature;
    return absl::UnavailableError(std::string(signature.status().message()));
  });
  // A device whose private and public key do not belong together would be found out by others.
  ASSIGN_OR_RETURN(const std::string signature, key.Sign("consent-ledger"));
  if (!public_key->Verify("consent-ledger", signature).ok()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "PKCS #11 object ", uri.object, ": its public key does not verify what it signs"));
  }
  return key;
}

absl::StatusOr<Secret> DerivePkcs11Secret(const Pkcs11Uri& uri, std::string_view name) {
  Device device(uri, CKO_SECRET_KEY);
  RETURN_IF_ERROR(device.Open());
  ASSIGN_OR_RETURN(std::string bytes,
                   device.Sign(CKM_SHA256_HMAC, absl::StrCat("consent-ledger/", std::string(name)),
                               Secret::kSize));
  absl::StatusOr<Secret> secret = Secret::FromBytes(bytes);
  Wipe(bytes);
  return secret;
}

}  // namespace consent::crypto
