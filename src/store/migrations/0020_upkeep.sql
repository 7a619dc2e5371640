-- What upkeep looks for, step by step: sessions that were ended, and failed letters that still say something. The latter
-- begins with the status for SQLite, which else takes the index of all letters by theirs.
CREATE INDEX sessions_revoked ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX letters_unwiped ON letters (status, expires_at) WHERE status = 'failed' AND content IS NOT NULL;
