#pragma once

#include "base/fair_queue.h"
#include "base/secret.h"

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace gatehouse::crypto {

class ForeignHash;

/// Argon2id (RFC 9106) with p = 1.
struct PasswordCost {
  std::uint64_t memory_bytes = 19 * 1024 * 1024;
  std::uint64_t passes = 2;
};

struct Verification {
  bool matches = false;
  /// The hash was made with a smaller cost than today's, or in another way: hash again and store.
  bool outdated = false;
};

/// The queue of the hasher is full: answer 503 with Retry-After.
class HasherOverloaded : public std::exception {
 public:
  const char* what() const noexcept override { return "the password hasher is full"; }
};

/// Runs password hashing on threads of its own with low priority, as many as asked, and lets callers wait. Waiting
/// calls are taken in turn by `lane` (an organization, or the network of a stranger), so that one of them can't
/// starve the others. Passwords are compared as NFC (bytes that are not UTF-8 as they are). Thread safe; callers must
/// not hold a transaction.
class PasswordHasher {
 public:
  /// At least one thread. `queue_limit` is how many calls may wait. Throws std::invalid_argument for a cost that Argon2
  /// does not know. A machine without the memory for it shows that at the first hash: hash() and verify() throw
  /// std::runtime_error then.
  PasswordHasher(PasswordCost cost, std::size_t threads, std::size_t queue_limit);
  /// Finishes the calls that were accepted.
  ~PasswordHasher();
  PasswordHasher(const PasswordHasher&) = delete;
  PasswordHasher& operator=(const PasswordHasher&) = delete;

  /// A PHC string ("$argon2id$v=19$…"). Throws HasherOverloaded.
  std::string hash(const base::Secret& password, std::string_view lane);
  /// `stored` is a PHC string, or a hash of another program (foreign_password.h), which costs what it costs and is
  /// compared with the password both as NFC and as it is. Nothing, or something that is neither, means that there is
  /// no such account: the work of a hash of ours is done and the answer is no. Throws HasherOverloaded.
  Verification verify(const std::optional<std::string>& stored, const base::Secret& password, std::string_view lane);

  /// How many calls wait for a thread.
  std::size_t waiting();

 private:
  Verification verify_foreign(const ForeignHash& foreign, const base::Secret& password, const base::Secret& normal,
                              std::string_view lane);
  /// Runs `work` on a hasher thread, waits, and passes on what it throws.
  void run(std::string_view lane, std::function<void()> work);
  void serve();

  PasswordCost cost_;
  std::string decoy_;
  std::mutex mutex_;
  std::condition_variable wake_;
  base::FairQueue<std::packaged_task<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

/// zxcvbn's score, 0 (guessed at once) to 4, of the NFC form, with `context` (organization, address and its parts) as
/// words that a guesser would try first. Only the first 64 bytes count and are looked at. Thread safe.
int password_strength(const base::Secret& password, const std::vector<std::string>& context);

}  // namespace gatehouse::crypto
