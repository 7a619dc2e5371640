-- For SQLite only: PostgreSQL knows no tables without heaps. A script can't be empty.
SELECT 1;
