-- What nodes may not believe any more of what they have in memory (store/announcements.h). id begins with the time at
-- which it was made.
CREATE TABLE announcements (
  id UUID NOT NULL PRIMARY KEY,
  subject_id UUID NOT NULL
);
