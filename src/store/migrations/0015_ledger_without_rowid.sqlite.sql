-- Rows of the ledger are hardly more than their keys, and a change of a membership pays for each tree that they are in:
-- SQLite keeps one without rowids, where there were two.
CREATE TABLE stats_deltas_new (
  organization_id UUID NOT NULL,
  subject_id UUID NOT NULL,
  step BIGINT NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  detail TEXT COLLATE "C" NOT NULL,
  role_id UUID NOT NULL,
  role_key TEXT COLLATE "C" NOT NULL,
  joined_at TIMESTAMPTZ,
  at TIMESTAMPTZ NOT NULL,
  change BIGINT NOT NULL,
  PRIMARY KEY (organization_id, subject_id, step)
) WITHOUT ROWID;
INSERT INTO stats_deltas_new SELECT * FROM stats_deltas;
DROP TABLE stats_deltas;
ALTER TABLE stats_deltas_new RENAME TO stats_deltas;

CREATE TABLE stats_counts_new (
  organization_id UUID NOT NULL,
  series BIGINT NOT NULL,
  level BIGINT NOT NULL,
  bucket BIGINT NOT NULL,
  role_id UUID NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  detail TEXT COLLATE "C" NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (organization_id, series, level, bucket, role_id, kind, detail)
) WITHOUT ROWID;
INSERT INTO stats_counts_new SELECT * FROM stats_counts;
DROP TABLE stats_counts;
ALTER TABLE stats_counts_new RENAME TO stats_counts;
