// One invitation and what became of its letter.

import { useState } from "preact/hooks";
import { api, type InvitationDetails } from "../api.ts";
import { useMay, useOrganization } from "../session.ts";
import { formatTime, roleName, t, textOr } from "../text.ts";
import { announce } from "../ui/announce.tsx";
import { Confirm } from "../ui/dialog.tsx";
import { Badge, ButtonFor, Card, Facts, Id, Loaded, PageHead, Trouble } from "../ui/parts.tsx";
import { useRead, useWrite } from "../use-api.ts";

function Actions({ invitation, onChanged }: { invitation: InvitationDetails; onChanged: () => void }) {
  const organization = useOrganization();
  const may = useMay();
  const [isAsked, setAsked] = useState(false);
  const { isBusy, error, run, clear } = useWrite();
  const path = { organization, invitation: invitation.id };
  const resend = async () => {
    if (!await run(() => api("post", "/v1/organizations/{organization}/invitations/{invitation}/resend", { path, body: {} }))) return;
    announce(t("console.invitation.resent"));
    onChanged();
  };
  const revoke = async () => {
    if (!await run(() => api("post", "/v1/organizations/{organization}/invitations/{invitation}/revoke", { path }))) return;
    setAsked(false);
    announce(t("console.invitation.revoked"));
    onChanged();
  };
  if (invitation.status !== "pending" && invitation.status !== "expired") return null;
  return (
    <Card title={t("console.invitation.actions")}>
      <p>{t("console.invitation.actions.text")}</p>
      {!isAsked && <Trouble error={error} />}
      <div class="actions">
        <ButtonFor allowed={may("members:invite")} needs="members:invite" isBusy={isBusy} onClick={resend}>{t("console.invitation.resend")}</ButtonFor>
        {invitation.status === "pending" && <ButtonFor kind="danger" allowed={may("members:invite")} needs="members:invite" onClick={() => setAsked(true)}>{t("console.invitation.revoke")}</ButtonFor>}
      </div>
      {isAsked && <Confirm title={t("console.invitation.revoke.title", { address: invitation.recipient })} submit={t("console.invitation.revoke")} isBusy={isBusy} error={error} onSubmit={revoke} onClose={() => { clear(); setAsked(false); }}>{t("console.invitation.revoke.text")}</Confirm>}
    </Card>
  );
}

function Timeline({ invitation }: { invitation: InvitationDetails }) {
  return (
    <Card title={t("console.invitation.timeline")}>
      <ol class="timeline">
        {invitation.timeline.map((event, index) => (
          <li key={index} class={event.event}>
            <time dateTime={event.at}>{formatTime(event.at, "exact")}</time>
            <span><strong>{textOr(`console.event.${event.event}`, event.event)}</strong>{event.reply && <><br /><code>{event.reply}</code></>}</span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

export function InvitationPage({ id }: { id: string }) {
  const organization = useOrganization();
  const reading = useRead(`invitation ${organization} ${id}`, (signal) => api("get", "/v1/organizations/{organization}/invitations/{invitation}", { path: { organization, invitation: id }, signal }));
  return (
    <Loaded reading={reading}>{(invitation) => (
      <>
        <PageHead title={invitation.recipient} back={{ href: "/console/invitations", label: t("console.nav.invitations") }} lead={<Badge state={invitation.status} />} />
        <div class="columns">
          <Card title={t("console.invitation.about")}>
            <Facts items={[
              ["console.members.role", roleName(invitation.role)], ["console.invitations.sent", formatTime(invitation.created_at)], ["console.invitations.expires", formatTime(invitation.expires_at)],
              ["console.invitation.inviter", invitation.inviter.user_id ? <Id value={invitation.inviter.user_id} /> : invitation.inviter.api_key_id ? <Id value={invitation.inviter.api_key_id} /> : textOr(`console.actor.${invitation.inviter.kind}`, invitation.inviter.kind)],
              ["console.invite.message", invitation.message ? <span class="quoted">{invitation.message}</span> : null], ["console.invitation.id", <Id value={invitation.id} />],
            ]} />
          </Card>
          <Timeline invitation={invitation} />
        </div>
        <Actions invitation={invitation} onChanged={reading.reload} />
      </>
    )}</Loaded>
  );
}
