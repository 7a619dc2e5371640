-- Hours of growth, by the hour of the day first: those that the midnights of another time zone need lie together. The
-- expression is that of store/statistics.cc, or the index would not be used. All that is asked for is in the index.
CREATE INDEX stats_counts_growth_hours
  ON stats_counts (organization_id, (bucket % 24 * 10000000 + bucket / 24), bucket, kind, n)
  WHERE series = 3 AND level = 2;
