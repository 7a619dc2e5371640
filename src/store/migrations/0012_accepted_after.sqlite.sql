-- How long the invitations took that were accepted before they were counted: seconds, rounded up to two significant
-- digits. Each database has its own way to take one time from another.
INSERT INTO stats_deltas (organization_id, subject_id, step, kind, detail, role_id, role_key, at, change)
SELECT organization_id, id, 2, 'accepted_after', CAST(CASE
    WHEN seconds < 100 THEN seconds
    WHEN seconds < 1000 THEN (seconds + 9) / 10 * 10
    WHEN seconds < 10000 THEN (seconds + 99) / 100 * 100
    WHEN seconds < 100000 THEN (seconds + 999) / 1000 * 1000
    WHEN seconds < 1000000 THEN (seconds + 9999) / 10000 * 10000
    WHEN seconds < 10000000 THEN (seconds + 99999) / 100000 * 100000
    WHEN seconds < 100000000 THEN (seconds + 999999) / 1000000 * 1000000
    ELSE (seconds + 9999999) / 10000000 * 10000000 END AS TEXT), platform_id, '', finished_at, 1
FROM (SELECT i.organization_id, i.id, i.finished_at, p.id AS platform_id,
    (i.finished_at - i.created_at + 999999) / 1000000 AS seconds
  FROM invitations i JOIN directories p ON p.kind = 'platform' WHERE i.status = 'accepted') accepted;
