-- Operators read the audit log of all organizations in the order of its ids.
CREATE INDEX audit_entries_id ON audit_entries (id);

-- What was invited with an API key is taken back when that key is revoked.
ALTER TABLE invitations ADD COLUMN api_key_id UUID;
