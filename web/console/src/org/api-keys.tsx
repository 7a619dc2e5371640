// Keys for back ends: of an organization, or for operators of the platform.

import { useState } from "preact/hooks";
import { api, type ApiKey, type CreatedApiKey } from "../api.ts";
import { useOrganization, useSession } from "../session.ts";
import { formatTime, t, tn } from "../text.ts";
import { useQuery } from "../router.ts";
import { announce } from "../ui/announce.tsx";
import { Confirm, Dialog, FormDialog } from "../ui/dialog.tsx";
import { Badge, Button, Copy, Empty, Loaded, PageHead, SelectField, TextField, Trouble } from "../ui/parts.tsx";
import { Pager, Table, type Column } from "../ui/table.tsx";
import { useRead, useWrite } from "../use-api.ts";

interface Props {
  isOperator: boolean;
}

const columns: Column<ApiKey>[] = [
  { title: "console.keys.name", cell: (key) => key.name },
  { title: "console.members.status", cell: (key) => <Badge state={key.status} /> },
  { title: "console.keys.permissions", cell: (key) => <span title={key.permissions.join(", ")}>{tn("console.keys.permissions.count", key.permissions.length)}</span> },
  { title: "console.keys.created", cell: (key) => formatTime(key.created_at, "day") },
  { title: "console.keys.used", cell: (key) => formatTime(key.last_used_at) },
  { title: "console.keys.expires", cell: (key) => formatTime(key.expires_at, "day") },
];

const lives = ["30", "90", "365", "never"];

/** What a key can hold: what the viewer holds, less what owners alone may and the making of keys. */
function useGrantable(isOperator: boolean): string[] {
  const { permissions } = useSession();
  const reading = useRead(`grantable ${isOperator}`, (signal) => api("get", "/v1/permissions", { query: { limit: 200 }, signal }));
  if (isOperator) return ["platform:manage", "platform:read"];
  return (reading.data?.data ?? []).filter(({ key, roles, source }) => permissions.includes(key) && key !== "api_keys:manage" && (source === "application" || roles.length !== 1 || roles[0] !== "owner")).map(({ key }) => key);
}

function Make({ isOperator, onClose, onMade }: Props & { onClose: () => void; onMade: (key: CreatedApiKey) => void }) {
  const organization = useOrganization();
  const grantable = useGrantable(isOperator);
  const [name, setName] = useState("");
  const [life, setLife] = useState("90");
  const [permissions, setPermissions] = useState(new Set<string>());
  const { isBusy, error, run } = useWrite();
  const toggle = (key: string) => setPermissions((before) => { const next = new Set(before); if (!next.delete(key)) next.add(key); return next; });
  const make = () => run(async (idempotencyKey) => {
    const body = { name, permissions: [...permissions].sort(), ...(life === "never" ? {} : { expires_at: new Date(Date.now() + Number(life) * 86_400_000).toISOString() }) };
    const made = isOperator ? await api("post", "/v1/operator/api-keys", { body, idempotencyKey }) : await api("post", "/v1/organizations/{organization}/api-keys", { path: { organization }, body, idempotencyKey });
    onMade(made.data);
  });
  return (
    <FormDialog title={t("console.keys.new")} submit={t("console.keys.new.submit")} isBusy={isBusy} error={error} canSubmit={permissions.size > 0 && name.trim() !== ""} onSubmit={make} onClose={onClose}>
      <TextField label={t("console.keys.name")} hint={t("console.keys.name.hint")} required maxLength={100} value={name} onValue={setName} error={error?.fields.get("name")} />
      <SelectField label={t("console.keys.life")} value={life} onValue={setLife} choices={lives.map((value) => ({ value, label: value === "never" ? t("console.keys.life.never") : tn("console.days", Number(value)) }))} />
      <fieldset class="checks"><legend>{t("console.keys.permissions")}</legend>
        {grantable.map((key) => <label key={key}><input type="checkbox" checked={permissions.has(key)} onChange={() => toggle(key)} /> <code>{key}</code></label>)}
      </fieldset>
    </FormDialog>
  );
}

function Made({ made, onClose }: { made: CreatedApiKey; onClose: () => void }) {
  return (
    <Dialog title={t("console.keys.made")} onClose={onClose}>
      <p>{t("console.keys.made.text")}</p>
      <p class="secret"><code>{made.secret}</code> <Copy value={made.secret} label={t("console.keys.copy")} /></p>
      <div class="dialog-foot"><Button kind="primary" onClick={onClose}>{t("console.keys.made.close")}</Button></div>
    </Dialog>
  );
}

function Rename({ apiKey, isOperator, onClose, onDone }: Props & { apiKey: ApiKey; onClose: () => void; onDone: () => void }) {
  const organization = useOrganization();
  const [name, setName] = useState(apiKey.name);
  const { isBusy, error, run } = useWrite();
  const save = async () => {
    const isDone = await run(() => isOperator
      ? api("patch", "/v1/operator/api-keys/{key}", { path: { key: apiKey.id }, body: { name } })
      : api("patch", "/v1/organizations/{organization}/api-keys/{key}", { path: { organization, key: apiKey.id }, body: { name } }));
    if (isDone) onDone();
  };
  return <FormDialog title={t("console.keys.rename")} submit={t("console.save")} isBusy={isBusy} error={error} onSubmit={save} onClose={onClose}><TextField label={t("console.keys.name")} required value={name} onValue={setName} error={error?.fields.get("name")} /></FormDialog>;
}

export function ApiKeys({ isOperator }: Props) {
  const organization = useOrganization();
  const [query] = useQuery();
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<CreatedApiKey>();
  const [renamed, setRenamed] = useState<ApiKey>();
  const [revoked, setRevoked] = useState<ApiKey>();
  const { isBusy, error, run, clear } = useWrite();
  const page = { after: query.get("after") ?? "", limit: 50 };
  const reading = useRead(`keys ${organization} ${query}`, (signal) => isOperator
    ? api("get", "/v1/operator/api-keys", { query: page, signal })
    : api("get", "/v1/organizations/{organization}/api-keys", { path: { organization }, query: page, signal }));
  const revoke = async () => {
    if (!revoked) return;
    const isDone = await run(() => isOperator
      ? api("delete", "/v1/operator/api-keys/{key}", { path: { key: revoked.id } })
      : api("delete", "/v1/organizations/{organization}/api-keys/{key}", { path: { organization, key: revoked.id } }));
    if (!isDone) return;
    setRevoked(undefined);
    announce(t("console.keys.revoked"));
    reading.reload();
  };
  const make = <Button kind="primary" onClick={() => setMaking(true)}>{t("console.keys.new")}</Button>;
  return (
    <>
      <PageHead title={t("console.nav.api_keys")} lead={t(isOperator ? "console.keys.lead.operator" : "console.keys.lead")} actions={make} />
      {!revoked && <Trouble error={error} />}
      <Loaded reading={reading}>{({ data, page: at }) => (data.length === 0
        ? <Empty title={t("console.keys.none")} action={make}>{t("console.keys.none.text")}</Empty>
        : <>
            <Table caption={t("console.nav.api_keys")} rows={data} columns={columns} keyOf={(key) => key.id} actions={(key) => (key.status === "live" || key.status === "expired") && <>
              <Button kind="quiet" onClick={() => setRenamed(key)}>{t("console.keys.rename")}<span class="unseen">: {key.name}</span></Button>
              <Button kind="quiet" onClick={() => setRevoked(key)}>{t("console.keys.revoke")}<span class="unseen">: {key.name}</span></Button>
            </>} />
            <Pager page={at} shown={data.length} what="console.keys.count" />
          </>)}
      </Loaded>
      {isMaking && <Make isOperator={isOperator} onClose={() => setMaking(false)} onMade={(key) => { setMaking(false); setMade(key); reading.reload(); }} />}
      {made && <Made made={made} onClose={() => setMade(undefined)} />}
      {renamed && <Rename isOperator={isOperator} apiKey={renamed} onClose={() => setRenamed(undefined)} onDone={() => { setRenamed(undefined); announce(t("console.saved")); reading.reload(); }} />}
      {revoked && <Confirm title={t("console.keys.revoke.title", { name: revoked.name })} submit={t("console.keys.revoke")} typed={revoked.name} isBusy={isBusy} error={error} onSubmit={revoke} onClose={() => { clear(); setRevoked(undefined); }}>{t("console.keys.revoke.text")}</Confirm>}
    </>
  );
}
