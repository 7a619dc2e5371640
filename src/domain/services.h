#pragma once

#include "base/clock.h"
#include "crypto/password.h"
#include "crypto/seal.h"
#include "db/database.h"
#include "domain/program_facts.h"
#include "domain/settings.h"

#include <functional>

namespace gatehouse::domain {

class AccessTokens;
class KnownSessions;
class RequestBudget;

/// What operations work with. app/ builds it once; everything in it is thread safe and outlives all requests.
struct Services {
  db::Database& database;
  const base::Clock& clock;
  crypto::PasswordHasher& hasher;
  const crypto::EncryptionKeys& keys;
  const crypto::Sealer& sealer;
  AccessTokens& access_tokens;
  Settings settings;
  /// Tells the jobs that a letter or a reset request waits. Cheap; called after COMMIT.
  std::function<void()> wake_jobs;
  RequestBudget& requests;
  KnownSessions& known_sessions;
  /// Made by the program that all this belongs to; reads the database.
  std::function<ProgramFacts()> facts = {};
};

}  // namespace gatehouse::domain
