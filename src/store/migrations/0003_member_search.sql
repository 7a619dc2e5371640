-- Members are sorted by address and found by the beginning of address or name within their organization, however many
-- accounts the directory holds. The foreign key makes both follow the account, so that nobody has to think of it.

CREATE UNIQUE INDEX users_shown ON users (directory_id, id, email, name_folded);

-- SQLite can't add such a key to a table, so it is made anew, under its own name.
CREATE TABLE members_before AS SELECT * FROM members;
DROP TABLE members;
CREATE TABLE members (
  organization_id UUID NOT NULL REFERENCES organizations (id),
  id UUID NOT NULL,
  directory_id UUID NOT NULL,
  user_id UUID NOT NULL,
  email TEXT COLLATE "C" NOT NULL,
  name_folded TEXT COLLATE "C" NOT NULL,
  role_id UUID NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('active', 'suspended')),
  rights_version BIGINT NOT NULL,
  joined_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (organization_id, id),
  UNIQUE (organization_id, user_id),
  FOREIGN KEY (organization_id, directory_id) REFERENCES organizations (id, directory_id),
  FOREIGN KEY (organization_id, role_id) REFERENCES roles (organization_id, id),
  FOREIGN KEY (directory_id, user_id, email, name_folded) REFERENCES users (directory_id, id, email, name_folded)
    ON UPDATE CASCADE
);
INSERT INTO members (organization_id, id, directory_id, user_id, email, name_folded, role_id, status, rights_version,
  joined_at)
SELECT m.organization_id, m.id, m.directory_id, m.user_id, u.email, u.name_folded, m.role_id, m.status,
  m.rights_version, m.joined_at
FROM members_before m JOIN users u ON u.directory_id = m.directory_id AND u.id = m.user_id;
DROP TABLE members_before;
CREATE INDEX members_id ON members (id);
CREATE INDEX members_user ON members (directory_id, user_id);
CREATE INDEX members_joined ON members (organization_id, joined_at, id);
CREATE INDEX members_email ON members (organization_id, email, id);
CREATE INDEX members_name ON members (organization_id, name_folded, id);
CREATE INDEX members_role ON members (organization_id, role_id);

-- Invitations move with a role that is deleted.
CREATE INDEX invitations_role ON invitations (organization_id, role_id);
