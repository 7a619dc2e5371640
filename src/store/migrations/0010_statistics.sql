-- The ledger of the statistics (docs/decisions/0015-statistics-are-a-ledger.md). Nothing here points at what it counts,
-- for it outlives that.

-- When role or status changed last; NULL: not since it began.
ALTER TABLE members ADD COLUMN changed_at TIMESTAMPTZ;

-- What happened and is not folded into the counts yet. step tells the deltas of one subject apart. Of a membership: 0 it
-- began, 1 it ended, 2 * rights_version + 2 and + 3 what it was before and after a change; joined_at is NULL for all else.
CREATE TABLE stats_deltas (
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
);

-- series, level and bucket: see store/ledger.h. Of the platform organization: the sums of all.
CREATE TABLE stats_counts (
  organization_id UUID NOT NULL,
  series BIGINT NOT NULL,
  level BIGINT NOT NULL,
  bucket BIGINT NOT NULL,
  role_id UUID NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  detail TEXT COLLATE "C" NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (organization_id, series, level, bucket, role_id, kind, detail)
);

-- What a deleted role, or with the nil role a deleted organization, was called. key: of an organization its slug.
CREATE TABLE stats_tombstones (
  organization_id UUID NOT NULL,
  role_id UUID NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  deleted_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (organization_id, role_id)
);

INSERT INTO stats_deltas (organization_id, subject_id, step, kind, detail, role_id, role_key, joined_at, at, change)
SELECT m.organization_id, m.id, 0, 'joined', m.status, m.role_id, r.key, m.joined_at, m.joined_at, 1
FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id;
