-- Stands for another branch's step while this one is tested alone.
SELECT 1;
