#include "dispatch/gateway/tls_certificate.hpp"

#include <openssl/ssl.h>

namespace swiftlet::dispatch {
namespace {

namespace fs = std::filesystem;
namespace ssl = boost::asio::ssl;

Expected<TlsContext> context_of(const TlsFiles& files) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  boost::system::error_code error;
  context->use_certificate_chain_file(files.certificate.string(), error);
  if (error)
    return fail(ErrorCode::value_invalid, "is no PEM certificate: " + error.message(), files.certificate.string());
  context->use_private_key_file(files.key.string(), ssl::context::pem, error);
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
  if (const Times times = changed_at(); times != read_at_) {
    if (auto context = context_of(files_)) {
      context_ = std::move(*context);
      read_at_ = times;
    }
  }
  return context_;
}

}  // namespace swiftlet::dispatch
