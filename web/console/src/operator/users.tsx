// People of all directories.

import { api, type FoundUser } from "../api.ts";
import { useQuery } from "../router.ts";
import { formatTime, t } from "../text.ts";
import { Badge, Button, Empty, Loaded, PageHead, SearchField } from "../ui/parts.tsx";
import { FilterSelect, Pager, Table, type Column } from "../ui/table.tsx";
import { useRead } from "../use-api.ts";

const columns: Column<FoundUser>[] = [
  { title: "console.members.name", cell: (user) => <a href={`/console/operator/users/${user.id}`}>{user.name ?? user.email}</a> },
  { title: "console.members.email", cell: (user) => user.email },
  { title: "console.users.verified", cell: (user) => t(user.email_verified ? "console.roles.yes" : "console.roles.no") },
  { title: "console.members.status", cell: (user) => <Badge state={user.status} /> },
  { title: "console.settings.created", cell: (user) => formatTime(user.created_at, "day") },
];

export function Users() {
  const [query, change] = useQuery();
  const q = query.get("q") ?? "";
  const reading = useRead(`users ${query}`, (signal) => api("get", "/v1/operator/users", { query: { q, status: query.get("status") ?? "", after: query.get("after") ?? "", limit: 50 }, signal }));
  return (
    <>
      <PageHead title={t("console.nav.users")} lead={t("console.users.lead")} />
      <div class="filters" role="search" aria-label={t("console.users.search.label")}>
        <SearchField label={t("console.members.search")} value={q} onValue={(text) => change({ q: text }, { replace: true })} placeholder={t("console.users.search.hint")} />
        <FilterSelect name="status" label="console.members.status" choices={(["active", "suspended"] as const).map((value) => ({ value, label: t(`console.state.${value}`) }))} />
      </div>
      <Loaded reading={reading}>{({ data, page }) => (data.length === 0
        ? <Empty title={t("console.users.none")} action={<Button onClick={() => change({ q: undefined, status: undefined })}>{t("console.filter.clear")}</Button>} />
        : <><Table caption={t("console.nav.users")} rows={data} columns={columns} keyOf={(user) => user.id} /><Pager page={page} shown={data.length} what="console.users.count" /></>)}
      </Loaded>
    </>
  );
}
