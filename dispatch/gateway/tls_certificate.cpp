#include "dispatch/gateway/tls_certificate.hpp"

#include <openssl/ssl.h>

namespace swiftlet::dispatch {
namespace {

namespace fs = std::filesystem;
namespace ssl = boost::asio::ssl;

/// Certificate and key are exchanged one after the other.
constexpr auto kExchange = std::chrono::seconds(5);

Expected<TlsContext> context_of(const TlsFiles& files) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  boost::system::error_code error;
  context->use_certificate_chain_file(files.certificate.string(), error);
  if (error)
    return fail(ErrorCode::value_invalid, "is no PEM certificate: " + error.message(), files.certificate.string());
  // Without this OpenSSL would ask at the terminal, and wait.
  bool encrypted = false;
  context->set_password_callback(
      [&encrypted](std::size_t, ssl::context::password_purpose) {
        encrypted = true;
        return std::string();
      },
      error);
  if (!error) context->use_private_key_file(files.key.string(), ssl::context::pem, error);
  if (encrypted) {
    return fail(
        ErrorCode::value_invalid,
        "is encrypted, and a service has nobody to ask for its passphrase: should be a key without one, in a file "
        "that only the service can read (openssl pkey -in KEY -out PLAIN)",
        files.key.string());
  }
  if (error)
    return fail(ErrorCode::value_invalid, "is not the certificate's PEM key: " + error.message(), files.key.string());
  return context;
}

}  // namespace

Expected<void> check_tls_files(const TlsFiles& files) {
  const auto context = context_of(files);
  return context ? Expected<void>() : Unexpected(context.error());
}

TlsCertificate::TlsCertificate(TlsFiles files, TlsContext context)
    : files_(std::move(files)), read_at_(changed_at()), context_(std::move(context)) {}

Expected<TlsCertificate> TlsCertificate::read(const TlsFiles& files) {
  auto context = context_of(files);
  if (!context) return Unexpected(context.error());
  return TlsCertificate(files, std::move(*context));
}

TlsCertificate::Times TlsCertificate::changed_at() const {
  std::error_code ignored;
  return {fs::last_write_time(files_.certificate, ignored), fs::last_write_time(files_.key, ignored)};
}

const TlsContext& TlsCertificate::current() {
  const Times times = changed_at();
  if (times == read_at_) {
    failure_.clear();
  } else if (auto context = context_of(files_)) {
    context_ = std::move(*context);
    read_at_ = times;
    failure_.clear();
  } else {
    if (failure_.empty()) failing_since_ = std::chrono::steady_clock::now();
    failure_ = describe(context.error());
  }
  return context_;
}

std::string TlsCertificate::trouble() const {
  const bool lasts = std::chrono::steady_clock::now() >= failing_since_ + kExchange;
  return lasts ? failure_ : std::string();
}

}  // namespace swiftlet::dispatch
