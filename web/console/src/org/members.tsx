// Who is a member: found, filtered, sorted, changed by ones and by many.

import { useState } from "preact/hooks";
import { api, type Member } from "../api.ts";
import { useQuery } from "../router.ts";
import { useMay, useOrganization } from "../session.ts";
import { formatTime, roleName, t, tn } from "../text.ts";
import { Confirm, FormDialog } from "../ui/dialog.tsx";
import { Badge, ButtonFor, Button, Empty, Loaded, PageHead, SearchField, SelectField, TextField } from "../ui/parts.tsx";
import { FilterSelect, Pager, Table, type Column } from "../ui/table.tsx";
import { useRead, useWrite } from "../use-api.ts";
import { BulkDialog, useBulk, type Task } from "./bulk.tsx";
import { InviteDialog } from "./invite.tsx";
import { useOrganizationDetails, useOutranks, useRoles } from "./lookups.ts";

export const nameOf = (member: Member) => member.name ?? member.email;

const columns: Column<Member>[] = [
  { title: "console.members.name", cell: (member) => <a href={`/console/members/${member.id}`}>{nameOf(member)}</a> },
  { title: "console.members.email", cell: (member) => member.email, sort: "email" },
  { title: "console.members.role", cell: (member) => roleName(member.role) },
  { title: "console.members.status", cell: (member) => <Badge state={member.status} /> },
  { title: "console.members.joined", cell: (member) => formatTime(member.joined_at, "day"), sort: "joined_at" },
];

type BulkKind = "role" | "suspend" | "reinstate" | "remove";

function AddDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const organization = useOrganization();
  const roles = useRoles();
  const outranks = useOutranks();
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState("member");
  const { isBusy, error, run } = useWrite();
  const add = async () => {
    const isDone = await run((idempotencyKey) => api("post", "/v1/organizations/{organization}/members", { path: { organization }, body: { email, role, ...(name === "" ? {} : { name }) }, idempotencyKey }));
    if (isDone) onDone();
  };
  return (
    <FormDialog title={t("console.members.add")} submit={t("console.members.add.submit")} isBusy={isBusy} error={error} onSubmit={add} onClose={onClose}>
      <p>{t("console.members.add.lead")}</p>
      <TextField label={t("console.members.email")} type="email" required autocomplete="off" value={email} onValue={setEmail} error={error?.fields.get("email")} />
      <TextField label={t("console.members.name")} autocomplete="off" value={name} onValue={setName} error={error?.fields.get("name")} />
      <SelectField label={t("console.members.role")} value={role} onValue={setRole} choices={(roles.data?.data ?? []).map((each) => ({ value: each.key, label: roleName(each), disabled: outranks(each) }))} />
    </FormDialog>
  );
}

function BulkBar({ members, onDone }: { members: Member[]; onDone: () => void }) {
  const organization = useOrganization();
  const may = useMay();
  const roles = useRoles();
  const outranks = useOutranks();
  const bulk = useBulk();
  const [asked, setAsked] = useState<BulkKind>();
  const [running, setRunning] = useState<BulkKind>();
  const [role, setRole] = useState("member");
  const begin = (kind: BulkKind) => {
    setAsked(undefined);
    setRunning(kind);
    const path = (member: Member) => ({ organization, member: member.id });
    const work: Record<BulkKind, (member: Member) => Promise<unknown>> = {
      role: (member) => api("patch", "/v1/organizations/{organization}/members/{member}", { path: path(member), body: { role } }),
      suspend: (member) => api("post", "/v1/organizations/{organization}/members/{member}/suspend", { path: path(member) }),
      reinstate: (member) => api("post", "/v1/organizations/{organization}/members/{member}/reinstate", { path: path(member) }),
      remove: (member) => api("delete", "/v1/organizations/{organization}/members/{member}", { path: path(member) }),
    };
    const tasks: Task[] = members.map((member) => ({ name: member.email, run: () => work[kind](member) }));
    void bulk.start(tasks);
  };
  const close = () => { setRunning(undefined); bulk.clear(); onDone(); };
  const count = members.length;
  return (
    <div class="bulk" role="region" aria-label={t("console.members.bulk.label")}>
      <p><strong>{tn("console.members.bulk.chosen", count)}</strong></p>
      <div class="actions">
        <ButtonFor allowed={may("members:update")} needs="members:update" onClick={() => setAsked("role")}>{t("console.members.bulk.role")}</ButtonFor>
        <ButtonFor allowed={may("members:update")} needs="members:update" onClick={() => setAsked("suspend")}>{t("console.members.bulk.suspend")}</ButtonFor>
        <ButtonFor allowed={may("members:update")} needs="members:update" onClick={() => begin("reinstate")}>{t("console.members.bulk.reinstate")}</ButtonFor>
        <ButtonFor allowed={may("members:remove")} needs="members:remove" kind="danger" onClick={() => setAsked("remove")}>{t("console.members.bulk.remove")}</ButtonFor>
      </div>
      {asked === "role" && (
        <FormDialog title={tn("console.members.bulk.role.title", count)} submit={t("console.members.bulk.role.submit")} isBusy={false} error={undefined} onSubmit={() => begin("role")} onClose={() => setAsked(undefined)}>
          <SelectField label={t("console.members.role")} value={role} onValue={setRole} choices={(roles.data?.data ?? []).map((each) => ({ value: each.key, label: roleName(each), disabled: outranks(each) }))} />
        </FormDialog>
      )}
      {asked === "suspend" && <Confirm title={tn("console.members.bulk.suspend.title", count)} submit={t("console.members.suspend")} isBusy={false} error={undefined} onSubmit={() => begin("suspend")} onClose={() => setAsked(undefined)}>{t("console.members.suspend.text")}</Confirm>}
      {asked === "remove" && <Confirm title={tn("console.members.bulk.remove.title", count)} submit={t("console.members.remove")} typed={tn("console.members.bulk.remove.word", count)} isBusy={false} error={undefined} onSubmit={() => begin("remove")} onClose={() => setAsked(undefined)}>{t("console.members.remove.text")}</Confirm>}
      {running && <BulkDialog title={t(`console.members.bulk.${running}`)} bulk={bulk} onClose={close} />}
    </div>
  );
}

export function Members() {
  const organization = useOrganization();
  const may = useMay();
  const [query, change] = useQuery();
  const [chosen, setChosen] = useState(new Set<string>());
  const [dialog, setDialog] = useState<"invite" | "add">();
  const roles = useRoles();
  const details = useOrganizationDetails();
  const filters = {
    q: query.get("q") ?? "", role: query.get("role") ?? "", status: query.get("status") ?? "",
    joined_after: query.get("joined_after") ?? "", joined_before: query.get("joined_before") ?? "",
  };
  const isFiltered = Object.values(filters).some((value) => value !== "");
  const instant = (day: string) => (day === "" ? "" : `${day}T00:00:00Z`);
  const reading = useRead(`members ${organization} ${query}`, (signal) => api("get", "/v1/organizations/{organization}/members", {
    path: { organization }, signal,
    query: { ...filters, joined_after: instant(filters.joined_after), joined_before: instant(filters.joined_before), sort: query.get("sort") ?? "", after: query.get("after") ?? "", limit: 50 },
  }));
  const done = () => { setDialog(undefined); setChosen(new Set()); reading.reload(); };
  const invite = <ButtonFor kind="primary" allowed={may("members:invite")} needs="members:invite" onClick={() => setDialog("invite")}>{t("console.members.invite")}</ButtonFor>;
  const clear = () => change({ q: undefined, role: undefined, status: undefined, joined_after: undefined, joined_before: undefined });
  return (
    <>
      <PageHead title={t("console.nav.members")} lead={t("console.members.lead")} actions={<>
        {details.data?.has_own_directory && <ButtonFor allowed={may("members:create")} needs="members:create" onClick={() => setDialog("add")}>{t("console.members.add")}</ButtonFor>}
        {invite}
      </>} />
      <div class="filters" role="search" aria-label={t("console.members.search.label")}>
        <SearchField label={t("console.members.search")} value={filters.q} onValue={(q) => change({ q }, { replace: true })} placeholder={t("console.members.search.hint")} />
        <FilterSelect name="role" label="console.members.role" choices={(roles.data?.data ?? []).map((role) => ({ value: role.key, label: roleName(role) }))} />
        <FilterSelect name="status" label="console.members.status" choices={["active", "suspended"].map((value) => ({ value, label: t(`console.state.${value}` as "console.state.active") }))} />
        <label class="filter"><span>{t("console.members.joined_after")}</span><input type="date" value={filters.joined_after} onChange={(event) => change({ joined_after: event.currentTarget.value })} /></label>
        <label class="filter"><span>{t("console.members.joined_before")}</span><input type="date" value={filters.joined_before} onChange={(event) => change({ joined_before: event.currentTarget.value })} /></label>
        {isFiltered && <Button kind="quiet" onClick={clear}>{t("console.filter.clear")}</Button>}
      </div>
      <Loaded reading={reading}>{({ data, page }) => {
        if (data.length === 0) {
          return isFiltered || query.has("after")
            ? <Empty title={t("console.members.none_found")} action={<Button onClick={() => { clear(); }}>{t("console.filter.clear")}</Button>} />
            : <Empty title={t("console.members.none")} action={invite}>{t("console.members.none.text")}</Empty>;
        }
        const members = data.filter((member) => chosen.has(member.id));
        return (
          <>
            {members.length > 0 && <BulkBar members={members} onDone={done} />}
            <Table caption={t("console.nav.members")} rows={data} columns={columns} keyOf={(member) => member.id}
              selection={may("members:update") || may("members:remove") ? { chosen, change: setChosen, labelOf: nameOf } : undefined} />
            <Pager page={page} shown={data.length} what="console.members.count" />
          </>
        );
      }}</Loaded>
      {dialog === "invite" && <InviteDialog onClose={() => setDialog(undefined)} onDone={done} />}
      {dialog === "add" && <AddDialog onClose={() => setDialog(undefined)} onDone={done} />}
    </>
  );
}
