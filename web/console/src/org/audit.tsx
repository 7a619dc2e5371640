// Who did what to what, when and from where.

import { useState } from "preact/hooks";
import { api, pathOf, queryOf, type AuditEntry } from "../api.ts";
import { useQuery } from "../router.ts";
import { formatTime, t, textOr } from "../text.ts";
import { Button, Copy, Empty, Loaded, PageHead, SearchField } from "../ui/parts.tsx";
import { Pager } from "../ui/table.tsx";
import { useRead } from "../use-api.ts";

type Scope = string | undefined;

const actionName = (action: string) => textOr(`action.${action}`, action);

const actionNames = ["member.*", "invitation.*", "role.*", "organization.*", "api_key.*", "session.*", "user.*"];
const filterNames = ["action", "actor", "subject", "from", "to", "address"] as const;

function placeOf(id: string | null | undefined, scope: Scope): string | undefined {
  const [kind] = (id ?? "").split("_");
  if (kind === "mem" && scope) return `/console/members/${id}`;
  if (kind === "inv" && scope) return `/console/invitations/${id}`;
  if (kind === "usr" && scope) return `/console/audit?actor=${id}`;
  if (kind === "usr") return `/console/operator/users/${id}`;
  if (kind === "org" && !scope) return `/console/operator/organizations/${id}`;
  return undefined;
}

function Reference({ id, scope }: { id: string | null | undefined; scope: Scope }) {
  if (!id) return null;
  const place = placeOf(id, scope);
  const short = `${id.slice(0, 4)}…${id.slice(-6)}`;
  return place ? <a href={place} title={id}><code>{short}</code></a> : <code title={id}>{short}</code>;
}

function Details({ entry, scope }: { entry: AuditEntry; scope: Scope }) {
  const [isOpen, setOpen] = useState(false);
  const json = JSON.stringify({ ...entry, details: entry.details }, null, 2);
  return (
    <>
      <tr>
        <td data-label={t("console.audit.at")}><time dateTime={entry.at}>{formatTime(entry.at, "exact")}</time></td>
        <td data-label={t("console.audit.action")}><span>{actionName(entry.action)}<br /><code class="quiet">{entry.action}</code></span></td>
        <td data-label={t("console.audit.actor")}><span>{textOr(`console.actor.${entry.actor.kind}`, entry.actor.kind)} <Reference id={entry.actor.id} scope={scope} /></span></td>
        <td data-label={t("console.audit.subject")}><Reference id={entry.subject} scope={scope} /></td>
        <td class="word" data-label={t("console.audit.address")}>{entry.address ?? ""}</td>
        <td class="row-actions"><Button kind="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>{t(isOpen ? "console.audit.less" : "console.audit.more")}<span class="unseen">: {actionName(entry.action)}</span></Button></td>
      </tr>
      {isOpen && <tr class="opened"><td colSpan={6}><pre tabIndex={0}>{json}</pre><Copy value={json} label={t("console.audit.copy")} /></td></tr>}
    </>
  );
}

export function AuditRows({ entries, scope }: { entries: AuditEntry[]; scope: Scope }) {
  return (
    <table class="rows">
      <caption class="unseen">{t("console.nav.audit")}</caption>
      <thead><tr>{(["console.audit.at", "console.audit.action", "console.audit.actor", "console.audit.subject", "console.audit.address"] as const).map((key) => <th key={key} scope="col">{t(key)}</th>)}<th scope="col"><span class="unseen">{t("console.table.actions")}</span></th></tr></thead>
      <tbody>{entries.map((entry) => <Details key={entry.id} entry={entry} scope={scope} />)}</tbody>
    </table>
  );
}

function Filters() {
  const [query, change] = useQuery();
  const isFiltered = filterNames.some((name) => query.has(name));
  return (
    <div class="filters" role="search" aria-label={t("console.audit.filters")}>
      <label class="filter"><span>{t("console.audit.action")}</span>
        <input type="search" list="actions" value={query.get("action") ?? ""} placeholder="member.*" spellcheck={false} autocomplete="off" onChange={(event) => change({ action: event.currentTarget.value.trim() })} />
        <datalist id="actions">{actionNames.map((name) => <option key={name} value={name} />)}</datalist>
      </label>
      <SearchField label={t("console.audit.actor")} value={query.get("actor") ?? ""} onValue={(actor) => change({ actor: actor.trim() }, { replace: true })} placeholder="usr_…" />
      <SearchField label={t("console.audit.subject")} value={query.get("subject") ?? ""} onValue={(subject) => change({ subject: subject.trim() }, { replace: true })} placeholder="mem_…" />
      <SearchField label={t("console.audit.address")} value={query.get("address") ?? ""} onValue={(address) => change({ address: address.trim() }, { replace: true })} placeholder="203.0.113.7" />
      <div class="pair">
        <label class="filter"><span>{t("console.range.from")}</span><input type="date" value={query.get("from") ?? ""} onChange={(event) => change({ from: event.currentTarget.value })} /></label>
        <label class="filter"><span>{t("console.range.to")}</span><input type="date" value={query.get("to") ?? ""} onChange={(event) => change({ to: event.currentTarget.value })} /></label>
      </div>
      {isFiltered && <Button kind="quiet" onClick={() => change(Object.fromEntries(filterNames.map((name) => [name, undefined])))}>{t("console.filter.clear")}</Button>}
    </div>
  );
}

/** The whole days of the address as instants of this browser's time zone. */
function instants(query: URLSearchParams) {
  const at = (day: string | null, time: string) => (day ? new Date(`${day}T${time}`).toISOString() : "");
  return { from: at(query.get("from"), "00:00:00"), to: at(query.get("to"), "23:59:59.999") };
}

export function Audit({ scope }: { scope: Scope }) {
  const [query, change] = useQuery();
  const filters = { action: query.get("action") ?? "", actor: query.get("actor") ?? "", subject: query.get("subject") ?? "", address: query.get("address") ?? "", ...instants(query) };
  const reading = useRead(`audit ${scope} ${query}`, (signal) => {
    const asked = { ...filters, after: query.get("after") ?? "", limit: 50 };
    return scope ? api("get", "/v1/organizations/{organization}/audit", { path: { organization: scope }, query: asked, signal }) : api("get", "/v1/operator/audit", { query: asked, signal });
  });
  const exported = (format: string) => (scope ? pathOf("/v1/organizations/{organization}/audit/export", { organization: scope }) : "/v1/operator/audit/export") + queryOf({ ...filters, format });
  return (
    <>
      <PageHead title={t("console.nav.audit")} lead={t("console.audit.lead")} actions={<>
        <a class="button plain" href={exported("csv")} download="audit.csv">{t("console.audit.csv")}</a>
        <a class="button plain" href={exported("ndjson")} download="audit.ndjson">{t("console.audit.ndjson")}</a>
      </>} />
      <Filters />
      <p class="quiet export-note">{t("console.audit.export")}</p>
      <Loaded reading={reading}>{({ data, page }) => (data.length === 0
        ? <Empty title={t("console.audit.none")} action={<Button onClick={() => change(Object.fromEntries(filterNames.map((name) => [name, undefined])))}>{t("console.filter.clear")}</Button>} />
        : <><AuditRows entries={data} scope={scope} /><Pager page={page} shown={data.length} what="console.audit.count" /></>)}
      </Loaded>
    </>
  );
}
