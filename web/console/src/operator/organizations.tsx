// All organizations.

import { useState } from "preact/hooks";
import { api, type Organization } from "../api.ts";
import { useQuery } from "../router.ts";
import { formatTime, t } from "../text.ts";
import { announce } from "../ui/announce.tsx";
import { FormDialog } from "../ui/dialog.tsx";
import { Badge, Button, Empty, Loaded, PageHead, SearchField, SelectField, TextField } from "../ui/parts.tsx";
import { FilterSelect, Pager, Table, type Column } from "../ui/table.tsx";
import { useRead, useWrite } from "../use-api.ts";

const columns: Column<Organization>[] = [
  { title: "console.settings.name", cell: (one) => <a href={`/console/operator/organizations/${one.id}`}>{one.name}</a> },
  { title: "console.settings.slug", cell: (one) => <code>{one.slug}</code> },
  { title: "console.members.status", cell: (one) => <Badge state={one.status} /> },
  { title: "console.settings.directory", cell: (one) => t(one.has_own_directory ? "console.settings.directory.own" : "console.settings.directory.shared") },
  { title: "console.settings.created", cell: (one) => formatTime(one.created_at, "day") },
];

function NewOrganization({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [name, setName] = useState("");
  const [slug, setSlug] = useState("");
  const [owner, setOwner] = useState("");
  const [directory, setDirectory] = useState("shared");
  const [reason, setReason] = useState("");
  const { isBusy, error, run } = useWrite();
  const make = async () => {
    const body = { name, owner_email: owner, directory: directory as "shared" | "isolated", ...(slug.trim() === "" ? {} : { slug: slug.trim() }), ...(reason.trim() === "" ? {} : { reason }) };
    if (!await run((idempotencyKey) => api("post", "/v1/operator/organizations", { body, idempotencyKey }))) return;
    announce(t("console.organizations.made"));
    onDone();
  };
  return (
    <FormDialog title={t("console.organizations.new")} submit={t("console.organizations.new.submit")} isBusy={isBusy} error={error} onSubmit={make} onClose={onClose}>
      <TextField label={t("console.settings.name")} required maxLength={100} value={name} onValue={setName} error={error?.fields.get("name")} />
      <TextField label={t("console.settings.slug")} hint={t("console.organizations.slug.hint")} maxLength={63} spellcheck={false} autocomplete="off" value={slug} onValue={setSlug} error={error?.fields.get("slug")} />
      <TextField label={t("console.organizations.owner")} hint={t("console.organizations.owner.hint")} type="email" required value={owner} onValue={setOwner} error={error?.fields.get("owner_email")} />
      <SelectField label={t("console.settings.directory")} value={directory} onValue={setDirectory} choices={[{ value: "shared", label: t("console.settings.directory.shared") }, { value: "isolated", label: t("console.settings.directory.own") }]} />
      <TextField label={t("console.reason")} maxLength={200} value={reason} onValue={setReason} error={error?.fields.get("reason")} />
    </FormDialog>
  );
}

export function Organizations() {
  const [query, change] = useQuery();
  const [isMaking, setMaking] = useState(false);
  const q = query.get("q") ?? "";
  const reading = useRead(`organizations ${query}`, (signal) => api("get", "/v1/operator/organizations", { query: { q, status: query.get("status") ?? "", after: query.get("after") ?? "", limit: 50 }, signal }));
  const make = <Button kind="primary" onClick={() => setMaking(true)}>{t("console.organizations.new")}</Button>;
  const isFiltered = q !== "" || query.has("status");
  return (
    <>
      <PageHead title={t("console.nav.organizations")} lead={t("console.organizations.lead")} actions={make} />
      <div class="filters" role="search" aria-label={t("console.organizations.search.label")}>
        <SearchField label={t("console.members.search")} value={q} onValue={(text) => change({ q: text }, { replace: true })} placeholder={t("console.organizations.search.hint")} />
        <FilterSelect name="status" label="console.members.status" choices={(["active", "suspended", "deleted"] as const).map((value) => ({ value, label: t(`console.state.${value}`) }))} />
      </div>
      <Loaded reading={reading}>{({ data, page }) => (data.length === 0
        ? <Empty title={t(isFiltered ? "console.organizations.none_found" : "console.organizations.none")} action={isFiltered ? <Button onClick={() => change({ q: undefined, status: undefined })}>{t("console.filter.clear")}</Button> : make} />
        : <><Table caption={t("console.nav.organizations")} rows={data} columns={columns} keyOf={(one) => one.id} /><Pager page={page} shown={data.length} what="console.organizations.count" /></>)}
      </Loaded>
      {isMaking && <NewOrganization onClose={() => setMaking(false)} onDone={() => { setMaking(false); reading.reload(); }} />}
    </>
  );
}
