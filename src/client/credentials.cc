// SPDX-License-Identifier: Apache-2.0

#include "src/client/credentials.h"

#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

namespace consent::client {
namespace {

constexpr char kBlanks[] = " \t\r\n";

// Nothing where the file cannot be read, or is empty.
std::optional<std::string> Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file || text.empty()) return std::nullopt;
  return text;
}

// The bearer token in a file, as it is at each call.
class FileToken : public grpc::MetadataCredentialsPlugin {
 public:
  explicit FileToken(std::string path) : path_(std::move(path)) {}

  bool IsBlocking() const override { return true; }

  grpc::Status GetMetadata(grpc::string_ref, grpc::string_ref, const grpc::AuthContext&,
                           std::multimap<grpc::string, grpc::string>* metadata) override {
    const std::string text = Read(path_).value_or("");
    const size_t begin = text.find_first_not_of(kBlanks);
    if (begin == std::string::npos) {
      return {grpc::StatusCode::UNAUTHENTICATED, "token_file: expected a token, found none"};
    }
    const size_t end = text.find_last_not_of(kBlanks);
    metadata->emplace("authorization", "Bearer " + text.substr(begin, end + 1 - begin));
    return grpc::Status::OK;
  }

 private:
  const std::string path_;
};

}  // namespace

std::shared_ptr<grpc::ChannelCredentials> CredentialsOf(const ClientOptions& options,
                                                        Error* fault) {
  const auto fail = [fault](std::string message) {
    *fault = {.code = ErrorCode::kInvalidArgument, .message = std::move(message)};
    return nullptr;
  };
  if (options.tls_cert.empty() != options.tls_key.empty()) {
    return fail("tls_cert, tls_key: expected both or none");
  }
  if (options.tls_ca.empty()) {
    if (options.tls_cert.empty() && options.token_file.empty()) {
      return grpc::InsecureChannelCredentials();
    }
    return fail("tls_ca: expected where tls_cert or token_file says who calls");
  }
  grpc::SslCredentialsOptions tls;
  const std::tuple<const char*, const std::string&, std::string&> files[] = {
      {"tls_ca", options.tls_ca, tls.pem_root_certs},
      {"tls_cert", options.tls_cert, tls.pem_cert_chain},
      {"tls_key", options.tls_key, tls.pem_private_key}};
  for (const auto& [name, path, text] : files) {
    if (path.empty()) continue;
    std::optional<std::string> read = Read(path);
    if (!read.has_value()) return fail(std::string(name) + ": " + path + " cannot be read");
    text = *std::move(read);
  }
  const auto channel = grpc::SslCredentials(tls);
  if (options.token_file.empty()) return channel;
  return grpc::CompositeChannelCredentials(
      channel,
      grpc::MetadataCredentialsFromPlugin(std::make_unique<FileToken>(options.token_file)));
}

}  // namespace consent::client
