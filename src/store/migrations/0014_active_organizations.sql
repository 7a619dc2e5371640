-- On which UTC day (since 1970) anybody was active in an organization last, and last before that.
ALTER TABLE organizations ADD COLUMN active_day BIGINT;
ALTER TABLE organizations ADD COLUMN previous_active_day BIGINT;
