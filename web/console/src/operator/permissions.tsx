// The application's permissions, which organizations give to their roles.

import { useState } from "preact/hooks";
import { api, type ApplicationPermission } from "../api.ts";
import { fixedRoles } from "../org/lookups.ts";
import { useQuery } from "../router.ts";
import { formatTime, roleName, t } from "../text.ts";
import { announce } from "../ui/announce.tsx";
import { Confirm, FormDialog } from "../ui/dialog.tsx";
import { Button, Empty, Loaded, PageHead, TextField } from "../ui/parts.tsx";
import { Pager, Table } from "../ui/table.tsx";
import { useRead, useWrite } from "../use-api.ts";

type FixedRole = "owner" | "admin" | "member";

function PermissionForm({ permission, onClose, onDone }: { permission: ApplicationPermission | undefined; onClose: () => void; onDone: () => void }) {
  const [key, setKey] = useState(permission?.key ?? "");
  const [description, setDescription] = useState(permission?.description ?? "");
  const [roles, setRoles] = useState(new Set(permission?.roles ?? ["owner", "admin"]));
  const { isBusy, error, run } = useWrite();
  const toggle = (role: string) => setRoles((before) => { const next = new Set(before); if (!next.delete(role)) next.add(role); return next; });
  const save = async () => {
    const body = { description, roles: [...roles] as FixedRole[] };
    const isDone = await run((idempotencyKey) => permission
      ? api("patch", "/v1/operator/permissions/{permission}", { path: { permission: permission.key }, body })
      : api("post", "/v1/operator/permissions", { body: { key, ...body }, idempotencyKey }));
    if (isDone) onDone();
  };
  return (
    <FormDialog title={permission ? permission.key : t("console.permissions.new")} submit={t(permission ? "console.save" : "console.permissions.new.submit")} isBusy={isBusy} error={error} onSubmit={save} onClose={onClose}>
      {!permission && <TextField label={t("console.permissions.key")} hint={t("console.permissions.key.hint")} required spellcheck={false} autocomplete="off" value={key} onValue={setKey} error={error?.fields.get("key")} />}
      <TextField label={t("console.roles.description")} required maxLength={200} value={description} onValue={setDescription} error={error?.fields.get("description")} />
      <fieldset class="checks"><legend>{t("console.permissions.roles")}</legend>
        {fixedRoles.map((role) => <label key={role}><input type="checkbox" checked={roles.has(role)} onChange={() => toggle(role)} /> {roleName({ key: role, name: role })}</label>)}
      </fieldset>
    </FormDialog>
  );
}

export function Permissions() {
  const [query] = useQuery();
  const [isMaking, setMaking] = useState(false);
  const [edited, setEdited] = useState<ApplicationPermission>();
  const [deleted, setDeleted] = useState<ApplicationPermission>();
  const { isBusy, error, run, clear } = useWrite();
  const reading = useRead(`permissions ${query}`, (signal) => api("get", "/v1/operator/permissions", { query: { after: query.get("after") ?? "", limit: 50 }, signal }));
  const done = () => { setMaking(false); setEdited(undefined); announce(t("console.saved")); reading.reload(); };
  const remove = async () => {
    if (!deleted || !await run(() => api("delete", "/v1/operator/permissions/{permission}", { path: { permission: deleted.key } }))) return;
    setDeleted(undefined);
    announce(t("console.permissions.deleted"));
    reading.reload();
  };
  const make = <Button kind="primary" onClick={() => setMaking(true)}>{t("console.permissions.new")}</Button>;
  return (
    <>
      <PageHead title={t("console.nav.permissions")} lead={t("console.permissions.lead")} actions={make} />
      <Loaded reading={reading}>{({ data, page }) => (data.length === 0
        ? <Empty title={t("console.permissions.none")} action={make}>{t("console.permissions.none.text")}</Empty>
        : <>
            <Table caption={t("console.nav.permissions")} rows={data} keyOf={(one) => one.key} columns={[
              { title: "console.permissions.key", cell: (one) => <code>{one.key}</code> },
              { title: "console.roles.description", cell: (one) => one.description },
              { title: "console.permissions.roles", cell: (one) => one.roles.map((role) => roleName({ key: role, name: role })).join(", ") },
              { title: "console.settings.created", cell: (one) => formatTime(one.created_at, "day") },
            ]} actions={(one) => <>
              <Button kind="quiet" onClick={() => setEdited(one)}>{t("console.roles.edit")}<span class="unseen">: {one.key}</span></Button>
              <Button kind="quiet" onClick={() => setDeleted(one)}>{t("console.roles.delete")}<span class="unseen">: {one.key}</span></Button>
            </>} />
            <Pager page={page} shown={data.length} what="console.keys.permissions.count" />
          </>)}
      </Loaded>
      {isMaking && <PermissionForm permission={undefined} onClose={() => setMaking(false)} onDone={done} />}
      {edited && <PermissionForm permission={edited} onClose={() => setEdited(undefined)} onDone={done} />}
      {deleted && <Confirm title={t("console.permissions.delete.title", { key: deleted.key })} submit={t("console.roles.delete")} typed={deleted.key} isBusy={isBusy} error={error} onSubmit={remove} onClose={() => { clear(); setDeleted(undefined); }}>{t("console.permissions.delete.text")}</Confirm>}
    </>
  );
}
