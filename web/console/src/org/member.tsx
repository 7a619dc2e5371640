// One member.

import { useState } from "preact/hooks";
import { api, type Member } from "../api.ts";
import { navigate, withLanguage } from "../router.ts";
import { useMay, useOrganization, useSession } from "../session.ts";
import { formatTime, roleName, t } from "../text.ts";
import { announce } from "../ui/announce.tsx";
import { Confirm } from "../ui/dialog.tsx";
import { Badge, Button, ButtonFor, Card, Facts, Id, Loaded, PageHead, SelectField, Trouble } from "../ui/parts.tsx";
import { useRead, useWrite } from "../use-api.ts";
import { AuditRows } from "./audit.tsx";
import { Conflict, differences, isConflict } from "./conflict.tsx";
import { useOutranks, useRoles } from "./lookups.ts";
import { nameOf } from "./members.tsx";

function RoleCard({ member, etag, onChanged }: { member: Member; etag: string | undefined; onChanged: () => void }) {
  const organization = useOrganization();
  const may = useMay();
  const roles = useRoles();
  const outranks = useOutranks();
  const [role, setRole] = useState(member.role.id);
  const [theirs, setTheirs] = useState<{ member: Member; etag: string | undefined }>();
  const { isBusy, error, run, clear } = useWrite();
  const path = { organization, member: member.id };
  const all = roles.data?.data ?? [];
  const own = all.find((each) => each.id === member.role.id);
  const isAbove = outranks(own);
  const save = async (currentEtag: string | undefined) => {
    const isDone = await run(() => api("patch", "/v1/organizations/{organization}/members/{member}", { path, body: { role_id: role }, etag: currentEtag }), async () => {
      const now = await api("get", "/v1/organizations/{organization}/members/{member}", { path });
      setTheirs({ member: now.data, etag: now.etag });
    });
    if (!isDone) return;
    setTheirs(undefined);
    announce(t("console.saved"));
    onChanged();
  };
  const shown = (of: Member) => ({ [t("console.members.role")]: roleName(of.role), [t("console.members.status")]: t(`console.state.${of.status}` as "console.state.active") });
  return (
    <Card title={t("console.member.role.title")}>
      <SelectField label={t("console.members.role")} value={role} onValue={setRole} disabled={!may("members:update") || isAbove}
        hint={!may("members:update") ? t("console.forbidden.action", { permission: "members:update" }) : isAbove ? t("console.member.outranks") : undefined}
        choices={all.map((each) => ({ value: each.id, label: outranks(each) ? t("console.roles.outranks", { name: roleName(each) }) : roleName(each), disabled: outranks(each) }))} />
      {isConflict(error) && theirs
        ? <Conflict changes={differences(shown(member), shown(theirs.member))} isBusy={isBusy} onTakeTheirs={() => { clear(); setRole(theirs.member.role.id); onChanged(); }} onKeepMine={() => save(theirs.etag)} />
        : <Trouble error={error} />}
      <p><Button kind="primary" isBusy={isBusy} disabled={role === member.role.id || isAbove || !may("members:update")} onClick={() => save(etag)}>{t("console.member.role.save")}</Button></p>
    </Card>
  );
}

function StandingCard({ member, onChanged }: { member: Member; onChanged: () => void }) {
  const organization = useOrganization();
  const { user } = useSession();
  const may = useMay();
  const [asked, setAsked] = useState<"suspend" | "remove">();
  const { isBusy, error, run, clear } = useWrite();
  const path = { organization, member: member.id };
  const close = () => { clear(); setAsked(undefined); };
  const suspend = async () => {
    if (await run(() => api("post", "/v1/organizations/{organization}/members/{member}/suspend", { path }))) { close(); announce(t("console.member.suspended")); onChanged(); }
  };
  const reinstate = async () => {
    if (await run(() => api("post", "/v1/organizations/{organization}/members/{member}/reinstate", { path }))) { announce(t("console.member.reinstated")); onChanged(); }
  };
  const remove = async () => {
    if (await run(() => api("delete", "/v1/organizations/{organization}/members/{member}", { path }))) { announce(t("console.member.removed")); navigate("/console/members"); }
  };
  if (member.user_id === user.id) return <Card title={t("console.member.standing")}><p>{t("console.member.self")} <a href={withLanguage("/account/leave")}>{t("console.member.leave")}</a></p></Card>;
  return (
    <Card title={t("console.member.standing")}>
      <p>{t("console.members.suspend.text")}</p>
      {!asked && <Trouble error={error} />}
      <div class="actions">
        {member.status === "suspended"
          ? <ButtonFor allowed={may("members:update")} needs="members:update" isBusy={isBusy} onClick={reinstate}>{t("console.members.reinstate")}</ButtonFor>
          : <ButtonFor allowed={may("members:update")} needs="members:update" onClick={() => setAsked("suspend")}>{t("console.members.suspend")}</ButtonFor>}
        <ButtonFor allowed={may("members:remove")} needs="members:remove" kind="danger" onClick={() => setAsked("remove")}>{t("console.members.remove")}</ButtonFor>
      </div>
      {asked === "suspend" && <Confirm title={t("console.member.suspend.title", { name: nameOf(member) })} submit={t("console.members.suspend")} isBusy={isBusy} error={error} onSubmit={suspend} onClose={close}>{t("console.members.suspend.text")}</Confirm>}
      {asked === "remove" && <Confirm title={t("console.member.remove.title", { name: nameOf(member) })} submit={t("console.members.remove")} typed={member.email} isBusy={isBusy} error={error} onSubmit={remove} onClose={close}>{t("console.members.remove.text")}</Confirm>}
    </Card>
  );
}

function Activity({ member }: { member: Member }) {
  const organization = useOrganization();
  const reading = useRead(`member activity ${member.id}`, (signal) => api("get", "/v1/organizations/{organization}/audit", { path: { organization }, query: { actor: member.user_id, limit: 10 }, signal }));
  return (
    <Card title={t("console.member.activity")} actions={<a href={`/console/audit?actor=${member.user_id}`}>{t("console.member.activity.all")}</a>}>
      <Loaded reading={reading}>{({ data }) => (data.length === 0 ? <p>{t("console.member.activity.none")}</p> : <AuditRows entries={data} scope={organization} />)}</Loaded>
    </Card>
  );
}

export function MemberPage({ id }: { id: string }) {
  const organization = useOrganization();
  const may = useMay();
  const reading = useRead(`member ${organization} ${id}`, (signal) => api("get", "/v1/organizations/{organization}/members/{member}", { path: { organization, member: id }, signal }));
  return (
    <Loaded reading={reading}>{(member) => (
      <>
        <PageHead title={nameOf(member)} back={{ href: "/console/members", label: t("console.nav.members") }} lead={<><Badge state={member.status} /> {member.email}</>} />
        <div class="columns">
          <Card title={t("console.member.about")}>
            <Facts items={[
              ["console.members.name", member.name], ["console.members.email", member.email], ["console.members.role", roleName(member.role)],
              ["console.members.joined", formatTime(member.joined_at)], ["console.member.id", <Id value={member.id} />], ["console.member.user_id", <Id value={member.user_id} />],
            ]} />
          </Card>
          <RoleCard key={member.role.id} member={member} etag={reading.etag} onChanged={reading.reload} />
        </div>
        <StandingCard member={member} onChanged={reading.reload} />
        {may("audit:read") && <Activity member={member} />}
      </>
    )}</Loaded>
  );
}
