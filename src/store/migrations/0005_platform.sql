-- What operators look for: accounts by id and address over all directories, organizations by name, letters by what
-- became of them, sessions of an organization.

CREATE INDEX users_id ON users (id);
CREATE INDEX users_email ON users (email);
CREATE INDEX organizations_name ON organizations (name);
CREATE INDEX sessions_organization ON sessions (organization_id);
CREATE INDEX letters_status ON letters (status, id);
