-- Hours of growth, by the hour of the day first: those that the midnights of another time zone need lie together. The
-- expression is that of store/statistics.cc, or the index would not be used. Without n: a row whose indexed columns
-- change, of this index or not, can't be updated in place (HOT), and n is all that changes in this table.
CREATE INDEX stats_counts_growth_hours
  ON stats_counts (organization_id, (bucket % 24 * 10000000 + bucket / 24))
  WHERE series = 3 AND level = 2;
