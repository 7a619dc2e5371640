-- Which invitations wait for an address, whatever organization they are of.
CREATE INDEX invitations_email ON invitations (email);
