// One organization, as operators see it.

import { useState } from "preact/hooks";
import { api, type OperatedOrganization } from "../api.ts";
import { formatNumber, formatTime, roleName, t } from "../text.ts";
import { announce } from "../ui/announce.tsx";
import { FormDialog } from "../ui/dialog.tsx";
import { Badge, Button, Card, Facts, Id, Loaded, PageHead, TextField } from "../ui/parts.tsx";
import { useRead, useWrite } from "../use-api.ts";
import { ReasonButton } from "./reason.tsx";

function Appoint({ organization, onDone }: { organization: OperatedOrganization; onDone: () => void }) {
  const [isAsked, setAsked] = useState(false);
  const [email, setEmail] = useState("");
  const [reason, setReason] = useState("");
  const { isBusy, error, run } = useWrite();
  const appoint = async () => {
    if (!await run(() => api("post", "/v1/operator/organizations/{organization}/owners", { path: { organization: organization.id }, body: { email, reason } }))) return;
    setAsked(false);
    announce(t("console.organization.appointed"));
    onDone();
  };
  return (
    <>
      <Button onClick={() => setAsked(true)}>{t("console.organization.appoint")}</Button>
      {isAsked && (
        <FormDialog title={t("console.organization.appoint")} submit={t("console.organization.appoint.submit")} isBusy={isBusy} error={error} onSubmit={appoint} onClose={() => setAsked(false)}>
          <p>{t("console.organization.appoint.text")}</p>
          <TextField label={t("console.members.email")} type="email" required value={email} onValue={setEmail} error={error?.fields.get("email")} />
          <TextField label={t("console.reason")} hint={t("console.reason.hint")} required maxLength={200} value={reason} onValue={setReason} error={error?.fields.get("reason")} />
        </FormDialog>
      )}
    </>
  );
}

function Standing({ organization, reload }: { organization: OperatedOrganization; reload: () => void }) {
  const path = { organization: organization.id };
  if (organization.status === "deleted") return <Card title={t("console.members.status")}><p>{t("console.organization.purge", { time: formatTime(organization.purge_at) })}</p></Card>;
  return (
    <Card title={t("console.members.status")}>
      <p>{t("console.organization.suspend.text")}</p>
      <div class="actions">
        {organization.status === "active"
          ? <ReasonButton label={t("console.members.suspend")} buttonKind="danger" title={t("console.organization.suspend.title", { name: organization.name })} submit={t("console.members.suspend")} done={t("console.organization.suspended")} onDone={reload}
              run={(reason) => api("post", "/v1/operator/organizations/{organization}/suspend", { path, body: { reason } })}>{t("console.organization.suspend.text")}</ReasonButton>
          : <ReasonButton label={t("console.members.reinstate")} kind="primary" title={t("console.organization.reinstate.title", { name: organization.name })} submit={t("console.members.reinstate")} done={t("console.organization.reinstated")} onDone={reload}
              run={(reason) => api("post", "/v1/operator/organizations/{organization}/reinstate", { path, body: { reason } })}>{t("console.organization.reinstate.text")}</ReasonButton>}
        {organization.is_orphaned && <Appoint organization={organization} onDone={reload} />}
      </div>
    </Card>
  );
}

export function OrganizationPage({ id }: { id: string }) {
  const reading = useRead(`operated ${id}`, (signal) => api("get", "/v1/operator/organizations/{organization}", { path: { organization: id }, signal }));
  return (
    <Loaded reading={reading}>{(organization) => (
      <>
        <PageHead title={organization.name} back={{ href: "/console/operator/organizations", label: t("console.nav.organizations") }} lead={<><Badge state={organization.status} /> {organization.is_orphaned && <Badge state="orphaned" />}</>}
          actions={<a class="button plain" href={`/console/operator/audit?subject=${organization.id}`}>{t("console.nav.audit")}</a>} />
        <div class="columns">
          <Card title={t("console.settings.about")}>
            <Facts items={[
              ["console.settings.slug", <code>{organization.slug}</code>], ["console.settings.created", formatTime(organization.created_at)],
              ["console.settings.directory", t(organization.has_own_directory ? "console.settings.directory.own" : "console.settings.directory.shared")], ["console.settings.id", <Id value={organization.id} />],
            ]} />
          </Card>
          <Card title={t("console.nav.members")}>
            <table class="numbers">
              <caption class="unseen">{t("console.nav.members")}</caption>
              <thead><tr><th scope="col">{t("console.members.role")}</th><th scope="col" class="number">{t("console.state.active")}</th><th scope="col" class="number">{t("console.state.suspended")}</th></tr></thead>
              <tbody>{organization.members.map((row) => <tr key={row.role.id}><th scope="row">{roleName(row.role)}</th><td class="number">{formatNumber(row.active)}</td><td class="number">{formatNumber(row.suspended)}</td></tr>)}</tbody>
            </table>
          </Card>
        </div>
        <Standing organization={organization} reload={reading.reload} />
      </>
    )}</Loaded>
  );
}
