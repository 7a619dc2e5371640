-- What the statistics count besides memberships: invitations, organizations, sign-ins and who was active. What happened
-- before is taken from the rows that tell of it; nothing does of who was active.

-- How often it was sent again: tells apart what is counted of each time (store/invitations.h).
ALTER TABLE invitations ADD COLUMN renewals BIGINT NOT NULL DEFAULT 0;

-- On which UTC day (since 1970) somebody was active in an organization last, and last before that. Outlives the
-- membership, so that whoever comes back on the same day is counted once; not the account, nor the organization.
CREATE TABLE member_activity (
  organization_id UUID NOT NULL,
  directory_id UUID NOT NULL,
  user_id UUID NOT NULL,
  last_day BIGINT NOT NULL,
  previous_day BIGINT,
  PRIMARY KEY (organization_id, user_id),
  FOREIGN KEY (organization_id, directory_id) REFERENCES organizations (id, directory_id),
  FOREIGN KEY (directory_id, user_id) REFERENCES users (directory_id, id)
);
CREATE INDEX member_activity_user ON member_activity (directory_id, user_id);

-- The platform's directory has the nil id, which neither database writes as the other one does.
INSERT INTO stats_deltas (organization_id, subject_id, step, kind, detail, role_id, role_key, at, change)
SELECT p.id, o.id, 0, 'organization', 'created', p.id, '', o.created_at, 1
FROM organizations o JOIN directories p ON p.kind = 'platform';

INSERT INTO stats_deltas (organization_id, subject_id, step, kind, detail, role_id, role_key, at, change)
SELECT i.organization_id, i.id, 0, 'invitation', 'sent', p.id, '', i.created_at, 1
FROM invitations i JOIN directories p ON p.kind = 'platform';

INSERT INTO stats_deltas (organization_id, subject_id, step, kind, detail, role_id, role_key, at, change)
SELECT i.organization_id, i.id, 1, 'invitation', 'accepted', p.id, '', i.finished_at, 1
FROM invitations i JOIN directories p ON p.kind = 'platform' WHERE i.status = 'accepted';

INSERT INTO stats_deltas (organization_id, subject_id, step, kind, detail, role_id, role_key, at, change)
SELECT i.organization_id, i.id, 3, 'invitation', 'expired', p.id, '', i.expires_at, 1
FROM invitations i JOIN directories p ON p.kind = 'platform'
WHERE i.status = 'pending' OR (i.status = 'revoked' AND i.finished_at >= i.expires_at);

INSERT INTO stats_deltas (organization_id, subject_id, step, kind, detail, role_id, role_key, at, change)
SELECT a.organization_id, a.id, 0, 'sign_in',
  CASE WHEN a.action = 'session.signed_in' THEN 'succeeded password' ELSE 'failed password' END, p.id, '', a.at, 1
FROM audit_entries a JOIN directories p ON p.kind = 'platform'
WHERE a.action IN ('session.signed_in', 'session.sign_in_failed');
