-- The series of growth (store/ledger.h, Series::growth): the timeline's joined and left, without role and status, from the
-- hour up. What is not folded yet comes by itself.
INSERT INTO stats_counts (organization_id, series, level, bucket, role_id, kind, detail, n)
SELECT c.organization_id, 3, c.level, c.bucket, p.id, c.kind, '', CAST(SUM(c.n) AS BIGINT)
FROM stats_counts c CROSS JOIN (SELECT id FROM directories WHERE kind = 'platform') p
WHERE c.series = 1 AND c.level >= 2 AND c.kind IN ('joined', 'left')
GROUP BY c.organization_id, c.level, c.bucket, p.id, c.kind;
