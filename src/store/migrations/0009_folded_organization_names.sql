-- Operators find organizations by the beginning of the name in any case. SQL can't fold: store::complete_rows() does.
ALTER TABLE organizations ADD COLUMN name_folded TEXT COLLATE "C" NOT NULL DEFAULT '';
DROP INDEX organizations_name;
CREATE INDEX organizations_name_folded ON organizations (name_folded);
