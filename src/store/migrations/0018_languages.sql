-- The language that somebody chose for pages and letters; that of an organization's letters to whoever chose none; and
-- the one in which somebody is invited. A tag of text::kLanguageTags.
ALTER TABLE users ADD COLUMN language TEXT;
ALTER TABLE organizations ADD COLUMN language TEXT;
ALTER TABLE invitations ADD COLUMN language TEXT;
