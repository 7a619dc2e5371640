#pragma once

#include <memory>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <stdexcept>
#include <string>
#include <string_view>

/// Owners for OpenSSL's objects and the one way in which its failures leave this folder. For the .cc files of crypto/.
namespace gatehouse::crypto::openssl {

template <auto Function>
struct FreeBy {
  template <class T>
  void operator()(T* object) const {
    Function(object);
  }
};

using Bio = std::unique_ptr<BIO, FreeBy<BIO_free_all>>;
using BigNumber = std::unique_ptr<BIGNUM, FreeBy<BN_clear_free>>;
using Cipher = std::unique_ptr<EVP_CIPHER, FreeBy<EVP_CIPHER_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeBy<EVP_CIPHER_CTX_free>>;
using Digest = std::unique_ptr<EVP_MD, FreeBy<EVP_MD_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeBy<EVP_MD_CTX_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, FreeBy<ECDSA_SIG_free>>;
using Kdf = std::unique_ptr<EVP_KDF, FreeBy<EVP_KDF_free>>;
using KdfContext = std::unique_ptr<EVP_KDF_CTX, FreeBy<EVP_KDF_CTX_free>>;
using Key = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;
using Mac = std::unique_ptr<EVP_MAC, FreeBy<EVP_MAC_free>>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, FreeBy<EVP_MAC_CTX_free>>;

/// Throws std::runtime_error with what we tried and OpenSSL's fixed reason text. The thread's error queue is emptied,
/// because libpq and libcurl read the same one.
[[noreturn]] inline void fail(const char* what) {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  std::string text = std::string("OpenSSL: ") + what + " failed";
  if (reason != nullptr) text += std::string(": ") + reason;
  ERR_clear_error();
  throw std::runtime_error(text);
}

inline void require(bool ok, const char* what) {
  if (!ok) fail(what);
}

inline const unsigned char* bytes(std::string_view text) {
  // An empty view may hold a null pointer, which OpenSSL takes for "no argument".
  return reinterpret_cast<const unsigned char*>(text.empty() ? "" : text.data());
}

inline unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace gatehouse::crypto::openssl
