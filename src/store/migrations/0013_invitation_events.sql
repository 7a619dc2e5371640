-- What happened to an invitation and its letters, kept as it happens: the rows of both only tell how things stand now.
-- No link and nothing of what a letter says stands here. position counts within the invitation, so that what happened
-- at one moment keeps its order.
CREATE TABLE invitation_events (
  organization_id UUID NOT NULL REFERENCES organizations (id),
  id UUID NOT NULL,
  invitation_id UUID NOT NULL,
  position BIGINT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  what TEXT COLLATE "C" NOT NULL,
  detail TEXT,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, invitation_id) REFERENCES invitations (organization_id, id)
);
CREATE INDEX invitation_events_invitation ON invitation_events (organization_id, invitation_id, position);
