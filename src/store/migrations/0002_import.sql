-- What an import made, so that the next run of it finds it again and makes nothing twice. A row outlives what it names:
-- an account that was deleted here does not come back. source names the place that the external ids come from.
CREATE TABLE imported_rows (
  source TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('organization', 'user', 'member')),
  external_id TEXT COLLATE "C" NOT NULL,
  id UUID NOT NULL,
  PRIMARY KEY (source, kind, external_id)
);
