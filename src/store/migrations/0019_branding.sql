-- How an organization shows itself on pages and in letters. Absent: as the service looks by itself. Colors are "#rrggbb"
-- in lower case, links https.
ALTER TABLE organizations ADD COLUMN brand_name TEXT;
ALTER TABLE organizations ADD COLUMN button_color TEXT;
ALTER TABLE organizations ADD COLUMN button_text_color TEXT;
ALTER TABLE organizations ADD COLUMN dark_button_color TEXT;
ALTER TABLE organizations ADD COLUMN dark_button_text_color TEXT;
ALTER TABLE organizations ADD COLUMN privacy_url TEXT;
ALTER TABLE organizations ADD COLUMN terms_url TEXT;
ALTER TABLE organizations ADD COLUMN support_url TEXT;
-- One each, and not a column of organizations: every fence would write the picture anew. name is a hash of the content.
CREATE TABLE organization_logos (
  organization_id UUID NOT NULL REFERENCES organizations (id),
  name TEXT COLLATE "C" NOT NULL,
  media_type TEXT NOT NULL,
  width BIGINT NOT NULL,
  height BIGINT NOT NULL,
  content BYTEA NOT NULL,
  PRIMARY KEY (organization_id, name),
  UNIQUE (organization_id)
);
