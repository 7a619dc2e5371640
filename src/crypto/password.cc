#include "crypto/password.h"

#include "base/log.h"
#include "base/random.h"
#include "base/text.h"
#include "crypto/foreign_password.h"
#include "crypto/hash_memory.h"

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <fmt/format.h>
#include <pthread.h>
#include <sodium.h>
#include <stdexcept>
#include <sys/resource.h>
#include <unistd.h>

namespace gatehouse::crypto {

namespace {

constexpr int kNiceness = 10;
/// How long a thread without work keeps the memory of its last hash, with what is in it.
constexpr std::chrono::milliseconds kMemoryKept{100};

void start_sodium() {
  // Also picks the fastest Argon2 for this processor. Safe to call again.
  if (::sodium_init() < 0) throw std::runtime_error("libsodium can't be initialized");
}

base::Secret normalized(const base::Secret& password) {
  if (!base::is_valid_utf8(password.reveal())) return password;
  return base::Secret(base::to_nfc(password.reveal()));
}

std::string make_hash(std::string_view password, const PasswordCost& cost) {
  char out[crypto_pwhash_argon2id_STRBYTES];
  if (::crypto_pwhash_argon2id_str(out, password.data(), password.size(), cost.passes, cost.memory_bytes) != 0) {
    throw std::runtime_error("Argon2id failed: not enough memory for its cost");
  }
  return out;
}

/// A hash in form only, which no password has and whose check costs what that of a real one costs. To make a real one
/// takes a third of the time from start to the first answer.
std::string make_decoy(const PasswordCost& cost) {
  const auto random_text = [](std::size_t size) {
    std::string bytes(size, '\0');
    base::fill_random({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
    std::string text = base::to_base64(bytes);
    text.erase(text.find_last_not_of('=') + 1);
    return text;
  };
  return fmt::format("$argon2id$v=19$m={},t={},p=1${}${}", cost.memory_bytes / 1024, cost.passes, random_text(16),
                     random_text(32));
}

bool read_number(std::string_view& text, std::string_view before, std::uint64_t& out) {
  if (!text.starts_with(before)) return false;
  text.remove_prefix(before.size());
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc()) return false;
  text.remove_prefix(std::size_t(end - text.data()));
  return true;
}

/// The cost that a hash of ours, or one of the same form, was made with; nothing for all else.
std::optional<PasswordCost> cost_of(std::string_view stored) {
  if (stored.size() >= crypto_pwhash_argon2id_STRBYTES || stored.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  std::uint64_t memory_kib = 0, passes = 0, lanes = 0;
  if (!read_number(stored, "$argon2id$v=19$m=", memory_kib) || !read_number(stored, ",t=", passes) ||
      !read_number(stored, ",p=", lanes) || lanes != 1 || !stored.starts_with('$')) {
    return std::nullopt;
  }
  return PasswordCost{memory_kib * 1024, passes};
}

}  // namespace

PasswordHasher::PasswordHasher(PasswordCost cost, std::size_t threads, std::size_t queue_limit)
    : cost_(cost), queue_(queue_limit) {
  if (threads == 0) throw std::invalid_argument("the password hasher needs a thread");
  if (cost.memory_bytes < crypto_pwhash_argon2id_MEMLIMIT_MIN || cost.passes < crypto_pwhash_argon2id_OPSLIMIT_MIN) {
    throw std::invalid_argument("the cost of passwords is below the minimum of Argon2id: 8 KiB and 1 pass");
  }
  if (cost.memory_bytes > crypto_pwhash_argon2id_MEMLIMIT_MAX || cost.passes > crypto_pwhash_argon2id_OPSLIMIT_MAX) {
    throw std::invalid_argument("the cost of passwords is above the maximum of Argon2id");
  }
  start_sodium();
  decoy_ = make_decoy(cost_);
  for (std::size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { serve(); });
    ::pthread_setname_np(threads_.back().native_handle(), "hasher");
  }
}

PasswordHasher::~PasswordHasher() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

std::string PasswordHasher::hash(const base::Secret& password, std::string_view lane) {
  const base::Secret typed = normalized(password);
  std::string made;
  run(lane, [&] { made = make_hash(typed.reveal(), cost_); });
  return made;
}

Verification PasswordHasher::verify(const std::optional<std::string>& stored, const base::Secret& password,
                                    std::string_view lane) {
  const base::Secret typed = normalized(password);
  const auto stored_cost = stored ? cost_of(*stored) : std::nullopt;
  if (stored && !stored_cost) {
    if (const auto foreign = ForeignHash::parse(*stored)) return verify_foreign(*foreign, password, typed, lane);
  }
  const std::string& compared = stored_cost ? *stored : decoy_;
  bool equal = false;
  run(lane, [&] {
    equal = ::crypto_pwhash_argon2id_str_verify(compared.c_str(), typed.reveal().data(), typed.reveal().size()) == 0;
  });
  if (!equal || !stored_cost) return {};
  return {true, stored_cost->memory_bytes < cost_.memory_bytes || stored_cost->passes < cost_.passes};
}

Verification PasswordHasher::verify_foreign(const ForeignHash& foreign, const base::Secret& password,
                                            const base::Secret& normal, std::string_view lane) {
  bool equal = false;
  run(lane, [&] {
    // Who made the hash may have taken the password as it was typed.
    equal = foreign.matches(normal.reveal()) ||
            (normal.reveal() != password.reveal() && foreign.matches(password.reveal()));
  });
  return {equal, equal};
}

std::size_t PasswordHasher::waiting() {
  std::lock_guard lock(mutex_);
  return queue_.size();
}

void PasswordHasher::run(std::string_view lane, std::function<void()> work) {
  std::packaged_task<void()> task(std::move(work));
  auto done = task.get_future();
  {
    std::lock_guard lock(mutex_);
    if (stopping_ || !queue_.push(lane, std::move(task))) throw HasherOverloaded();
  }
  wake_.notify_one();
  done.get();
}

void PasswordHasher::serve() {
  // Hashing gives way to everything else that this machine does for us.
  if (::setpriority(PRIO_PROCESS, id_t(::gettid()), kNiceness) != 0) {
    base::log::warning("the priority of a hasher thread can't be lowered", {{"reason", std::strerror(errno)}});
  }
  HashMemory memory(cost_.memory_bytes);
  const auto has_work = [this] { return stopping_ || !queue_.empty(); };
  for (;;) {
    std::optional<std::packaged_task<void()>> task;
    {
      std::unique_lock lock(mutex_);
      if (!wake_.wait_for(lock, kMemoryKept, has_work)) {
        lock.unlock();
        memory.give_back();
        lock.lock();
        wake_.wait(lock, has_work);
      }
      task = queue_.pop();
    }
    if (!task) return;
    (*task)();
  }
}

}  // namespace gatehouse::crypto
