-- What the application keeps with an organization: a JSON object that nobody here reads.
ALTER TABLE organizations ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
