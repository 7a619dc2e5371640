// One person, as operators see them.

import { api, type OperatedUser } from "../api.ts";
import { formatTime, roleName, t } from "../text.ts";
import { Badge, Card, Facts, Id, Loaded, PageHead } from "../ui/parts.tsx";
import { Table } from "../ui/table.tsx";
import { useRead } from "../use-api.ts";
import { ReasonButton } from "./reason.tsx";

function Actions({ found, reload }: { found: OperatedUser; reload: () => void }) {
  const { user } = found;
  const path = { user: user.id };
  const name = user.name ?? user.email;
  return (
    <Card title={t("console.members.status")}>
      <div class="actions">
        {user.status === "active"
          ? <ReasonButton label={t("console.members.suspend")} buttonKind="danger" title={t("console.user.suspend.title", { name })} submit={t("console.members.suspend")} done={t("console.user.suspended")} onDone={reload}
              run={(reason) => api("post", "/v1/operator/users/{user}/suspend", { path, body: { reason } })}>{t("console.user.suspend.text")}</ReasonButton>
          : <ReasonButton label={t("console.members.reinstate")} kind="primary" title={t("console.user.reinstate.title", { name })} submit={t("console.members.reinstate")} done={t("console.user.reinstated")} onDone={reload}
              run={(reason) => api("post", "/v1/operator/users/{user}/reinstate", { path, body: { reason } })}>{t("console.user.reinstate.text")}</ReasonButton>}
        <ReasonButton label={t("console.user.sign_out")} title={t("console.user.sign_out.title", { name })} submit={t("console.user.sign_out")} done={t("console.user.signed_out")} onDone={reload}
          run={(reason) => api("post", "/v1/operator/users/{user}/sign-out", { path, body: { reason } })}>{t("console.user.sign_out.text")}</ReasonButton>
        <ReasonButton label={t("console.user.reset")} kind="primary" title={t("console.user.reset.title", { name })} submit={t("console.user.reset.submit")} done={t("console.user.reset.done")} onDone={reload}
          run={(reason) => api("post", "/v1/operator/users/{user}/reset-password", { path, body: { reason } })}>{t("console.user.reset.text")}</ReasonButton>
      </div>
    </Card>
  );
}

export function UserPage({ id }: { id: string }) {
  const reading = useRead(`operated user ${id}`, (signal) => api("get", "/v1/operator/users/{user}", { path: { user: id }, signal }));
  return (
    <Loaded reading={reading}>{(found) => (
      <>
        <PageHead title={found.user.name ?? found.user.email} back={{ href: "/console/operator/users", label: t("console.nav.users") }} lead={<><Badge state={found.user.status} /> {found.user.email}</>}
          actions={<a class="button plain" href={`/console/operator/audit?actor=${found.user.id}`}>{t("console.nav.audit")}</a>} />
        <Card title={t("console.member.about")}>
          <Facts items={[
            ["console.users.verified", t(found.user.email_verified ? "console.roles.yes" : "console.roles.no")], ["console.settings.created", formatTime(found.user.created_at)],
            ["console.users.directory", <code>{found.user.directory}</code>], ["console.member.user_id", <Id value={found.user.id} />],
          ]} />
        </Card>
        <Actions found={found} reload={reading.reload} />
        <Card title={t("console.nav.organizations")}>
          {found.memberships.length === 0 ? <p>{t("console.user.no_organizations")}</p> : <Table caption={t("console.nav.organizations")} rows={found.memberships} keyOf={(one) => one.member_id} columns={[
            { title: "console.settings.name", cell: (one) => <a href={`/console/operator/organizations/${one.id}`}>{one.name}</a> },
            { title: "console.members.role", cell: (one) => roleName(one.role) },
            { title: "console.members.status", cell: (one) => <Badge state={one.status} /> },
            { title: "console.members.joined", cell: (one) => formatTime(one.joined_at, "day") },
          ]} />}
        </Card>
        <Card title={t("console.user.sessions")}>
          {found.sessions.length === 0 ? <p>{t("console.user.no_sessions")}</p> : <Table caption={t("console.user.sessions")} rows={found.sessions} keyOf={(one) => one.id} columns={[
            { title: "console.user.device", cell: (one) => one.device },
            { title: "console.audit.address", cell: (one) => one.address, kind: "word" },
            { title: "console.user.seen", cell: (one) => formatTime(one.last_seen_at), kind: "time" },
            { title: "console.keys.expires", cell: (one) => formatTime(one.expires_at), kind: "time" },
          ]} />}
        </Card>
      </>
    )}</Loaded>
  );
}
