// Roles and what they permit, as a matrix: a row for each permission, a column for each role.

import { useState } from "preact/hooks";
import { api, type Permission, type Role } from "../api.ts";
import { useMay, useOrganization, useSession } from "../session.ts";
import { roleName, t, textOr } from "../text.ts";
import { announce } from "../ui/announce.tsx";
import { FormDialog } from "../ui/dialog.tsx";
import { Button, ButtonFor, Loaded, PageHead, SelectField, TextField, Trouble } from "../ui/parts.tsx";
import { useRead, useWrite } from "../use-api.ts";
import { Conflict, differences, isConflict } from "./conflict.tsx";
import { fixedRoles, useOutranks } from "./lookups.ts";

const isFixed = (role: Role) => fixedRoles.includes(role.key);

/** Of our own permissions in the language, of the application's as it was registered. */
const descriptionOf = ({ key, description, source }: Permission) => (source === "application" ? description : textOr(`console.permission.${key}`, description));

/** Owners alone hold it: no other role can. */
const isOwnersOnly = (permission: Permission) => permission.roles.length === 1 && permission.roles[0] === "owner" && permission.source !== "application";

function RoleForm({ role, onClose, onDone }: { role: Role | undefined; onClose: () => void; onDone: () => void }) {
  const organization = useOrganization();
  const [name, setName] = useState(role?.name ?? "");
  const [description, setDescription] = useState(role?.description ?? "");
  const { isBusy, error, run } = useWrite();
  const save = async () => {
    const isDone = await run((idempotencyKey) => role
      ? api("patch", "/v1/organizations/{organization}/roles/{role}", { path: { organization, role: role.id }, body: { name, description } })
      : api("post", "/v1/organizations/{organization}/roles", { path: { organization }, body: { name, description, permissions: [] }, idempotencyKey }));
    if (isDone) onDone();
  };
  return (
    <FormDialog title={role ? t("console.roles.rename.title", { name: role.name }) : t("console.roles.new")} submit={role ? t("console.save") : t("console.roles.new.submit")} isBusy={isBusy} error={error} onSubmit={save} onClose={onClose}>
      <TextField label={t("console.roles.name")} required maxLength={100} value={name} onValue={setName} error={error?.fields.get("name")} />
      <TextField label={t("console.roles.description")} maxLength={500} value={description} onValue={setDescription} error={error?.fields.get("description")} />
      {!role && <p class="hint">{t("console.roles.new.hint")}</p>}
    </FormDialog>
  );
}

function DeleteRole({ role, roles, onClose, onDone }: { role: Role; roles: Role[]; onClose: () => void; onDone: () => void }) {
  const organization = useOrganization();
  const [replacement, setReplacement] = useState(roles.find((each) => each.key === "member")?.id ?? "");
  const [typed, setTyped] = useState("");
  const { isBusy, error, run } = useWrite();
  const remove = async () => {
    if (await run(() => api("delete", "/v1/organizations/{organization}/roles/{role}", { path: { organization, role: role.id }, query: { replacement } }))) onDone();
  };
  return (
    <FormDialog title={t("console.roles.delete.title", { name: role.name })} submit={t("console.roles.delete")} kind="danger" isBusy={isBusy} error={error} canSubmit={typed.trim() === role.name} onSubmit={remove} onClose={onClose}>
      <p>{t("console.roles.delete.text")}</p>
      <SelectField label={t("console.roles.replacement")} value={replacement} onValue={setReplacement} choices={roles.filter((each) => each.id !== role.id).map((each) => ({ value: each.id, label: roleName(each) }))} />
      <TextField label={t("console.confirm.type", { name: role.name })} autocomplete="off" spellcheck={false} value={typed} onValue={setTyped} />
    </FormDialog>
  );
}

interface Editing {
  role: Role;
  etag: string | undefined;
  permissions: Set<string>;
}

function useRoleEditing(onDone: () => void) {
  const organization = useOrganization();
  const [editing, setEditing] = useState<Editing>();
  const [theirs, setTheirs] = useState<{ role: Role; etag: string | undefined }>();
  const write = useWrite();
  const read = (id: string) => api("get", "/v1/organizations/{organization}/roles/{role}", { path: { organization, role: id } });
  const begin = (role: Role) => write.run(async () => {
    const { data, etag } = await read(role.id);
    setTheirs(undefined);
    setEditing({ role: data, etag, permissions: new Set(data.permissions) });
  });
  const cancel = () => { write.clear(); setTheirs(undefined); setEditing(undefined); };
  const toggle = (permission: string) => setEditing((before) => {
    if (!before) return before;
    const permissions = new Set(before.permissions);
    if (!permissions.delete(permission)) permissions.add(permission);
    return { ...before, permissions };
  });
  const save = async (etag: string | undefined) => {
    if (!editing) return;
    const body = { permissions: [...editing.permissions].sort() };
    const isDone = await write.run(() => api("patch", "/v1/organizations/{organization}/roles/{role}", { path: { organization, role: editing.role.id }, body, etag }), async () => {
      const now = await read(editing.role.id);
      setTheirs({ role: now.data, etag: now.etag });
    });
    if (!isDone) return;
    cancel();
    announce(t("console.saved"));
    onDone();
  };
  return { editing, theirs, write, begin, cancel, toggle, save };
}

const shown = (role: Role) => ({ [t("console.roles.name")]: roleName(role), [t("console.roles.description")]: role.description, [t("console.roles.permissions")]: [...role.permissions].sort().join(", ") });

function Cell({ role, permission, edit }: { role: Role; permission: Permission; edit: ReturnType<typeof useRoleEditing> }) {
  const { permissions } = useSession();
  const { editing } = edit;
  const has = role.permissions.includes(permission.key);
  if (editing?.role.id !== role.id) return <td class="mark">{has ? <><span aria-hidden="true">✓</span><span class="unseen">{t("console.roles.yes")}</span></> : <><span aria-hidden="true" class="quiet">–</span><span class="unseen">{t("console.roles.no")}</span></>}</td>;
  const why = isOwnersOnly(permission) ? t("console.roles.owners_only") : !permissions.includes(permission.key) ? t("console.roles.not_yours") : undefined;
  return (
    <td class="mark editing" title={why}>
      <input type="checkbox" checked={editing.permissions.has(permission.key)} disabled={why !== undefined}
        aria-label={t("console.roles.cell", { role: roleName(role), permission: permission.key })} onChange={() => edit.toggle(permission.key)} />
    </td>
  );
}

function RoleHead({ role, edit, onRename, onDelete }: { role: Role; edit: ReturnType<typeof useRoleEditing>; onRename: () => void; onDelete: () => void }) {
  const may = useMay();
  const outranks = useOutranks();
  const { editing, write } = edit;
  const isThis = editing?.role.id === role.id;
  const named = (text: string) => <>{text}<span class="unseen">: {roleName(role)}</span></>;
  return (
    <th scope="col" class={isThis ? "editing" : undefined} title={role.description}>
      <span class="role-name">{roleName(role)}</span>
      {isFixed(role) && <span class="quiet">{t("console.roles.fixed")}</span>}
      {!isFixed(role) && may("roles:manage") && !outranks(role) && (isThis
        ? <span class="role-actions"><Button kind="primary" isBusy={write.isBusy} onClick={() => edit.save(editing?.etag)}>{named(t("console.save"))}</Button><Button kind="quiet" onClick={edit.cancel}>{named(t("console.cancel"))}</Button></span>
        : !editing && <span class="role-actions">
            <Button kind="quiet" onClick={() => edit.begin(role)}>{named(t("console.roles.edit"))}</Button>
            <Button kind="quiet" onClick={onRename}>{named(t("console.roles.rename"))}</Button>
            <Button kind="quiet" onClick={onDelete}>{named(t("console.roles.delete"))}</Button>
          </span>)}
    </th>
  );
}

function Matrix({ roles, permissions, reload }: { roles: Role[]; permissions: Permission[]; reload: () => void }) {
  const edit = useRoleEditing(reload);
  const [renamed, setRenamed] = useState<Role>();
  const [deleted, setDeleted] = useState<Role>();
  const groups = [...new Set(permissions.map((permission) => permission.key.split(":")[0] ?? ""))];
  const done = () => { setRenamed(undefined); setDeleted(undefined); announce(t("console.saved")); reload(); };
  const { editing, theirs, write } = edit;
  return (
    <>
      {isConflict(write.error) && editing && theirs
        ? <Conflict changes={differences(shown(editing.role), shown(theirs.role))} isBusy={write.isBusy} onTakeTheirs={() => { edit.cancel(); reload(); }} onKeepMine={() => edit.save(theirs.etag)} />
        : <Trouble error={write.error} />}
      <div class="scroller" tabIndex={0} role="region" aria-label={t("console.roles.matrix")}>
        <table class="matrix">
          <caption class="unseen">{t("console.roles.matrix")}</caption>
          <thead><tr><th scope="col">{t("console.roles.permission")}</th>{roles.map((role) => <RoleHead key={role.id} role={role} edit={edit} onRename={() => setRenamed(role)} onDelete={() => setDeleted(role)} />)}</tr></thead>
          {groups.map((group) => (
            <tbody key={group}>
              {permissions.filter((permission) => permission.key.startsWith(`${group}:`)).map((permission) => (
                <tr key={permission.key}>
                  <th scope="row"><code>{permission.key}</code><span class="quiet">{descriptionOf(permission)}</span></th>
                  {roles.map((role) => <Cell key={role.id} role={role} permission={permission} edit={edit} />)}
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </div>
      {renamed && <RoleForm role={renamed} onClose={() => setRenamed(undefined)} onDone={done} />}
      {deleted && <DeleteRole role={deleted} roles={roles} onClose={() => setDeleted(undefined)} onDone={done} />}
    </>
  );
}

export function Roles() {
  const organization = useOrganization();
  const may = useMay();
  const [isMaking, setMaking] = useState(false);
  const reading = useRead(`matrix ${organization}`, async (signal) => {
    const [roles, permissions] = await Promise.all([
      api("get", "/v1/organizations/{organization}/roles", { path: { organization }, query: { limit: 200 }, signal }),
      api("get", "/v1/permissions", { query: { limit: 200 }, signal }),
    ]);
    const rank = (role: Role) => (isFixed(role) ? fixedRoles.indexOf(role.key) : fixedRoles.length);
    return { data: { roles: [...roles.data.data].sort((one, other) => rank(one) - rank(other)), permissions: permissions.data.data }, etag: undefined };
  });
  return (
    <>
      <PageHead title={t("console.nav.roles")} lead={t("console.roles.lead")}
        actions={<ButtonFor kind="primary" allowed={may("roles:manage")} needs="roles:manage" onClick={() => setMaking(true)}>{t("console.roles.new")}</ButtonFor>} />
      <Loaded reading={reading}>{({ roles, permissions }) => <Matrix roles={roles} permissions={permissions} reload={reading.reload} />}</Loaded>
      {isMaking && <RoleForm role={undefined} onClose={() => setMaking(false)} onDone={() => { setMaking(false); announce(t("console.roles.made")); reading.reload(); }} />}
    </>
  );
}
