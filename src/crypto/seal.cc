#include "crypto/seal.h"

#include "base/random.h"
#include "crypto/openssl.h"

#include <stdexcept>

namespace gatehouse::crypto {

namespace {

// version (1 byte) | length of the key's id (1 byte) | id | nonce | ciphertext | tag
constexpr char kVersion = 0x01;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
/// Far above any letter; keeps every length inside OpenSSL's int.
constexpr std::size_t kLongestPlainBytes = 64 * 1024 * 1024;

const EVP_CIPHER* aes_256_gcm() {
  static const openssl::Cipher kCipher(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  openssl::require(kCipher != nullptr, "EVP_CIPHER_fetch");
  return kCipher.get();
}

openssl::CipherContext new_context() {
  openssl::CipherContext context(EVP_CIPHER_CTX_new());
  openssl::require(context != nullptr, "EVP_CIPHER_CTX_new");
  return context;
}

std::string header_for(std::string_view id) { return std::string{kVersion, char(id.size())}.append(id); }

struct Parts {
  std::string_view header;
  std::string_view id;
  std::string_view nonce;
  std::string_view ciphertext;
  std::string_view tag;
};

std::optional<Parts> take_apart(std::string_view sealed) {
  if (sealed.size() < 2 || sealed[0] != kVersion || sealed.size() > kLongestPlainBytes + 1024) return std::nullopt;
  const std::size_t id_bytes = static_cast<unsigned char>(sealed[1]);
  const std::size_t header_bytes = 2 + id_bytes;
  if (sealed.size() < header_bytes + kNonceBytes + kTagBytes) return std::nullopt;
  Parts parts;
  parts.header = sealed.substr(0, header_bytes);
  parts.id = sealed.substr(2, id_bytes);
  parts.nonce = sealed.substr(header_bytes, kNonceBytes);
  parts.tag = sealed.substr(sealed.size() - kTagBytes);
  parts.ciphertext = sealed.substr(header_bytes + kNonceBytes);
  parts.ciphertext.remove_suffix(kTagBytes);
  return parts;
}

}  // namespace

std::string Sealer::seal(std::string_view plain, std::string_view bound_to) const {
  if (plain.size() > kLongestPlainBytes) throw std::length_error("too long to be sealed");
  const EncryptionKeys::Subkey& key = keys_.subkeys(Purpose::seal).front();
  const std::string header = header_for(key.id);
  const std::string bound = std::string(header).append(bound_to);
  std::string out = header;
  out.resize(header.size() + kNonceBytes + plain.size() + kTagBytes);
  unsigned char* const nonce = openssl::bytes(out) + header.size();
  unsigned char* const ciphertext = nonce + kNonceBytes;
  unsigned char* const tag = ciphertext + plain.size();
  base::fill_random({nonce, kNonceBytes});

  const auto context = new_context();
  int ignored = 0;
  const bool ok =
      EVP_EncryptInit_ex2(context.get(), aes_256_gcm(), openssl::bytes(key.bytes.reveal()), nonce, nullptr) == 1 &&
      EVP_EncryptUpdate(context.get(), nullptr, &ignored, openssl::bytes(bound), int(bound.size())) == 1 &&
      EVP_EncryptUpdate(context.get(), ciphertext, &ignored, openssl::bytes(plain), int(plain.size())) == 1 &&
      EVP_EncryptFinal_ex(context.get(), tag, &ignored) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, int(kTagBytes), tag) == 1;
  openssl::require(ok, "AES-256-GCM");
  return out;
}

std::optional<base::Secret> Sealer::open(std::string_view sealed, std::string_view bound_to) const {
  const auto parts = take_apart(sealed);
  if (!parts) return std::nullopt;
  for (const EncryptionKeys::Subkey& key : keys_.subkeys(Purpose::seal)) {
    if (key.id != parts->id) continue;
    const std::string bound = std::string(parts->header).append(bound_to);
    std::string plain(parts->ciphertext.size(), '\0');
    std::string tag(parts->tag);
    const auto context = new_context();
    int ignored = 0;
    const bool ready =
        EVP_DecryptInit_ex2(context.get(), aes_256_gcm(), openssl::bytes(key.bytes.reveal()),
                            openssl::bytes(parts->nonce), nullptr) == 1 &&
        EVP_DecryptUpdate(context.get(), nullptr, &ignored, openssl::bytes(bound), int(bound.size())) == 1 &&
        EVP_DecryptUpdate(context.get(), openssl::bytes(plain), &ignored, openssl::bytes(parts->ciphertext),
                          int(parts->ciphertext.size())) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, int(kTagBytes), tag.data()) == 1;
    // A Secret from here on, so that what fails its tag is wiped too.
    base::Secret opened(std::move(plain));
    openssl::require(ready, "AES-256-GCM");
    unsigned char nothing[kTagBytes];
    if (EVP_DecryptFinal_ex(context.get(), nothing, &ignored) == 1) return opened;
    ERR_clear_error();
    return std::nullopt;
  }
  return std::nullopt;
}

bool Sealer::is_outdated(std::string_view sealed) const {
  const auto parts = take_apart(sealed);
  return !parts || parts->id != keys_.subkeys(Purpose::seal).front().id;
}

}  // namespace gatehouse::crypto
