-- Organization tables begin their primary key with organization_id, account tables with directory_id; the others are
-- global. Composite foreign keys keep a row from pointing into another tenant.

CREATE TABLE directories (
  id UUID NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('shared', 'isolated', 'platform')),
  created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE organizations (
  id UUID NOT NULL PRIMARY KEY,
  directory_id UUID NOT NULL REFERENCES directories (id),
  name TEXT COLLATE "C" NOT NULL,
  slug TEXT COLLATE "C" NOT NULL UNIQUE,
  status TEXT NOT NULL CHECK (status IN ('active', 'suspended')),
  version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  UNIQUE (id, directory_id)
);

CREATE TABLE users (
  directory_id UUID NOT NULL REFERENCES directories (id),
  id UUID NOT NULL,
  email TEXT COLLATE "C" NOT NULL,
  email_verified_at TIMESTAMPTZ,
  password_hash BYTEA NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('active', 'disabled')),
  last_organization_id UUID,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (directory_id, id),
  UNIQUE (directory_id, email)
);

CREATE TABLE roles (
  organization_id UUID NOT NULL REFERENCES organizations (id),
  id UUID NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (organization_id, id),
  UNIQUE (organization_id, key)
);

CREATE TABLE members (
  organization_id UUID NOT NULL REFERENCES organizations (id),
  id UUID NOT NULL,
  directory_id UUID NOT NULL,
  user_id UUID NOT NULL,
  role_id UUID NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('active', 'suspended')),
  rights_version BIGINT NOT NULL,
  joined_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (organization_id, id),
  UNIQUE (organization_id, user_id),
  FOREIGN KEY (organization_id, directory_id) REFERENCES organizations (id, directory_id),
  FOREIGN KEY (organization_id, role_id) REFERENCES roles (organization_id, id),
  FOREIGN KEY (directory_id, user_id) REFERENCES users (directory_id, id)
);
CREATE INDEX members_id ON members (id);
CREATE INDEX members_user ON members (directory_id, user_id);
CREATE INDEX members_joined ON members (organization_id, joined_at, id);
CREATE INDEX members_role ON members (organization_id, role_id);

CREATE TABLE invitations (
  organization_id UUID NOT NULL REFERENCES organizations (id),
  id UUID NOT NULL,
  email TEXT COLLATE "C" NOT NULL,
  role_id UUID NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'accepted', 'revoked')),
  secret_hash BYTEA NOT NULL,
  inviter_id UUID NOT NULL,
  letter_id UUID,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  finished_at TIMESTAMPTZ,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, role_id) REFERENCES roles (organization_id, id)
);
CREATE UNIQUE INDEX invitations_organization_id_email_key ON invitations (organization_id, email) WHERE status = 'pending';
CREATE INDEX invitations_created ON invitations (organization_id, created_at, id);

CREATE TABLE sessions (
  directory_id UUID NOT NULL,
  id UUID NOT NULL,
  user_id UUID NOT NULL,
  organization_id UUID,
  generation BIGINT NOT NULL,
  address TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  rotated_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  absolute_expires_at TIMESTAMPTZ NOT NULL,
  revoked_at TIMESTAMPTZ,
  PRIMARY KEY (directory_id, id),
  FOREIGN KEY (directory_id, user_id) REFERENCES users (directory_id, id)
);
CREATE INDEX sessions_user ON sessions (directory_id, user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE one_time_tokens (
  directory_id UUID NOT NULL REFERENCES directories (id),
  id UUID NOT NULL,
  purpose TEXT NOT NULL CHECK (purpose IN ('verify_email', 'reset_password', 'operator_setup')),
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
CREATE INDEX one_time_tokens_user ON one_time_tokens (directory_id, user_id);
CREATE INDEX one_time_tokens_expiry ON one_time_tokens (expires_at);

-- Where an account has signed in from: its known networks and devices.
CREATE TABLE sign_in_origins (
  directory_id UUID NOT NULL,
  user_id UUID NOT NULL,
  network TEXT COLLATE "C" NOT NULL,
  device BYTEA NOT NULL,
  seen_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (directory_id, user_id, network, device),
  FOREIGN KEY (directory_id, user_id) REFERENCES users (directory_id, id)
);

-- Requests for a reset link, whether or not the address has an account: looked at by a job, so that both answer alike.
CREATE TABLE reset_requests (
  id UUID NOT NULL PRIMARY KEY,
  email TEXT COLLATE "C" NOT NULL,
  address TEXT NOT NULL,
  request_id TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL
);

-- A key is an HMAC of what is counted: no address of a stranger stands here.
CREATE TABLE limit_counters (
  key BYTEA NOT NULL PRIMARY KEY,
  hits BIGINT NOT NULL,
  ends_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX limit_counters_expiry ON limit_counters (ends_at);

-- The outbox. content is sealed and wiped once the letter is sent or given up.
CREATE TABLE letters (
  id UUID NOT NULL PRIMARY KEY,
  organization_id UUID,
  template TEXT NOT NULL,
  recipient TEXT COLLATE "C" NOT NULL,
  content BYTEA,
  urgency BIGINT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('queued', 'sent', 'failed', 'withdrawn')),
  tries BIGINT NOT NULL,
  reply TEXT,
  created_at TIMESTAMPTZ NOT NULL,
  next_try_at TIMESTAMPTZ NOT NULL,
  lease_until TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  finished_at TIMESTAMPTZ
);
CREATE INDEX letters_queue ON letters (urgency, next_try_at) WHERE status = 'queued';
CREATE INDEX letters_finished ON letters (finished_at);

CREATE TABLE signing_keys (
  kid TEXT NOT NULL PRIMARY KEY,
  algorithm TEXT NOT NULL,
  private_key BYTEA NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  signs_from TIMESTAMPTZ NOT NULL,
  retires_at TIMESTAMPTZ
);

CREATE TABLE audit_entries (
  organization_id UUID NOT NULL,
  id UUID NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  action TEXT COLLATE "C" NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id UUID,
  subject TEXT COLLATE "C",
  address TEXT,
  request_id TEXT,
  payload TEXT NOT NULL,
  position BIGINT,
  leaf_hash BYTEA,
  PRIMARY KEY (organization_id, id)
);
