#include "crypto/hkdf.h"

#include "crypto/openssl.h"

#include <openssl/params.h>
#include <vector>

namespace gatehouse::crypto {

base::Secret hkdf_sha256(std::string_view key, std::string_view salt, std::string_view info, std::size_t length) {
  static const openssl::Kdf kHkdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  openssl::require(kHkdf != nullptr, "EVP_KDF_fetch");
  const openssl::KdfContext context(EVP_KDF_CTX_new(kHkdf.get()));
  openssl::require(context != nullptr, "EVP_KDF_CTX_new");

  // OSSL_PARAM takes pointers to non-const, but a KDF only reads them.
  const auto octets = [](const char* name, std::string_view value) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<unsigned char*>(openssl::bytes(value)), value.size());
  };
  char digest[] = "SHA256";
  std::vector<OSSL_PARAM> parameters{OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
                                     octets(OSSL_KDF_PARAM_KEY, key)};
  if (!salt.empty()) parameters.push_back(octets(OSSL_KDF_PARAM_SALT, salt));
  if (!info.empty()) parameters.push_back(octets(OSSL_KDF_PARAM_INFO, info));
  parameters.push_back(OSSL_PARAM_construct_end());

  std::string out(length, '\0');
  openssl::require(EVP_KDF_derive(context.get(), openssl::bytes(out), out.size(), parameters.data()) == 1, "HKDF");
  return base::Secret(std::move(out));
}

}  // namespace gatehouse::crypto
