-- What tenants, back ends and operators manage: profiles, custom roles, policies, API keys, isolated directories.

ALTER TABLE organizations ADD COLUMN purge_at TIMESTAMPTZ;
ALTER TABLE organizations ADD COLUMN password_minimum BIGINT;
ALTER TABLE organizations ADD COLUMN session_idle_seconds BIGINT;
ALTER TABLE organizations ADD COLUMN session_absolute_seconds BIGINT;
ALTER TABLE organizations ADD COLUMN sign_in_alert TEXT;
ALTER TABLE organizations ADD COLUMN allowed_domains TEXT NOT NULL DEFAULT '';
ALTER TABLE organizations ADD COLUMN who_may_invite TEXT;
CREATE INDEX organizations_created ON organizations (created_at, id);
CREATE INDEX organizations_directory ON organizations (directory_id);
CREATE INDEX organizations_purge ON organizations (purge_at) WHERE purge_at IS NOT NULL;

ALTER TABLE users ADD COLUMN name TEXT;
ALTER TABLE users ADD COLUMN given_name TEXT;
ALTER TABLE users ADD COLUMN family_name TEXT;
ALTER TABLE users ADD COLUMN locale TEXT;
ALTER TABLE users ADD COLUMN zoneinfo TEXT;
-- The name in lower case, for search by its beginning.
ALTER TABLE users ADD COLUMN name_folded TEXT COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX users_name ON users (directory_id, name_folded);
CREATE INDEX users_created ON users (created_at, id);

ALTER TABLE roles ADD COLUMN description TEXT NOT NULL DEFAULT '';
-- Of a custom role, separated by spaces and sorted; the fixed roles have theirs by what they are.
ALTER TABLE roles ADD COLUMN permissions TEXT NOT NULL DEFAULT '';

-- The application's own permissions. roles: the fixed roles that hold it, separated by spaces.
CREATE TABLE application_permissions (
  key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  description TEXT NOT NULL,
  roles TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL
);

ALTER TABLE invitations ADD COLUMN message TEXT;
ALTER TABLE invitations ADD COLUMN inviter_kind TEXT NOT NULL DEFAULT 'user';
ALTER TABLE invitations ADD COLUMN opened_at TIMESTAMPTZ;

ALTER TABLE letters ADD COLUMN invitation_id UUID;
ALTER TABLE letters ADD COLUMN tried_at TIMESTAMPTZ;
CREATE INDEX letters_invitation ON letters (organization_id, invitation_id) WHERE invitation_id IS NOT NULL;

-- What was typed to name the organization, when one was named.
ALTER TABLE reset_requests ADD COLUMN organization TEXT;

-- organization_id is nil for a key of the platform.
CREATE TABLE api_keys (
  organization_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  permissions TEXT NOT NULL,
  secret_hash BYTEA NOT NULL,
  created_by UUID,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ,
  last_used_at TIMESTAMPTZ,
  revoked_at TIMESTAMPTZ,
  PRIMARY KEY (organization_id, id)
);

-- key: an HMAC of caller, route and what the client sent. answer: sealed.
CREATE TABLE idempotency_keys (
  key BYTEA NOT NULL PRIMARY KEY,
  fingerprint BYTEA NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'committed', 'answered')),
  answer BYTEA,
  lease_until TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);

CREATE INDEX audit_entries_actor ON audit_entries (actor_id, id);
CREATE INDEX audit_entries_subject ON audit_entries (subject, id);

-- One more purpose. SQLite can't change a CHECK, so the table is made anew.
CREATE TABLE one_time_tokens_new (
  directory_id UUID NOT NULL REFERENCES directories (id),
  id UUID NOT NULL,
  purpose TEXT NOT NULL CHECK (purpose IN ('verify_email', 'change_email', 'reset_password', 'operator_setup')),
  user_id UUID,
  organization_id UUID,
  email TEXT COLLATE "C",
  secret_hash BYTEA NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  used_at TIMESTAMPTZ,
  PRIMARY KEY (directory_id, id),
  FOREIGN KEY (directory_id, user_id) REFERENCES users (directory_id, id)
);
INSERT INTO one_time_tokens_new (directory_id, id, purpose, user_id, organization_id, email, secret_hash, created_at,
  expires_at, used_at)
SELECT directory_id, id, purpose, user_id, organization_id, email, secret_hash, created_at, expires_at, used_at
FROM one_time_tokens;
DROP TABLE one_time_tokens;
ALTER TABLE one_time_tokens_new RENAME TO one_time_tokens;
CREATE INDEX one_time_tokens_user ON one_time_tokens (directory_id, user_id);
CREATE INDEX one_time_tokens_expiry ON one_time_tokens (expires_at);
