// Who is held up by a limit, and letting them through.

import { useState } from "preact/hooks";
import { api } from "../api.ts";
import { useQuery } from "../router.ts";
import { formatDuration, formatNumber, formatTime, t, textOr } from "../text.ts";
import { Badge, Button, Empty, Loaded, PageHead, TextField } from "../ui/parts.tsx";
import { Pager, Table } from "../ui/table.tsx";
import { useRead } from "../use-api.ts";
import { ReasonButton } from "./reason.tsx";

function Search() {
  const [query, change] = useQuery();
  const [subject, setSubject] = useState(query.get("email") ?? query.get("network") ?? "");
  const find = () => {
    const text = subject.trim();
    change(text.includes("@") ? { email: text, network: undefined } : { email: undefined, network: text });
  };
  return (
    <form class="filters" role="search" aria-label={t("console.limits.search")} onSubmit={(event) => { event.preventDefault(); find(); }}>
      <TextField label={t("console.limits.subject")} hint={t("console.limits.subject.hint")} required spellcheck={false} autocomplete="off" value={subject} onValue={setSubject} />
      <Button type="submit">{t("console.limits.find")}</Button>
    </form>
  );
}

function Counted({ subject }: { subject: { email: string } | { network: string } }) {
  const [query] = useQuery();
  const reading = useRead(`limits ${query}`, (signal) => api("get", "/v1/operator/limits", { query: { ...subject, after: query.get("after") ?? "", limit: 100 }, signal }));
  return (
    <Loaded reading={reading}>{({ data, page }) => (
      <>
        <p><ReasonButton label={t("console.limits.clear")} title={t("console.limits.clear")} submit={t("console.limits.clear")} done={t("console.limits.cleared")} onDone={reading.reload}
          run={(reason) => api("post", "/v1/operator/limits/clear", { body: { ...subject, reason } })}>{t("console.limits.clear.text")}</ReasonButton></p>
        <Table caption={t("console.nav.limits")} rows={data} keyOf={(one) => `${one.name} ${one.counted_by} ${one.user_id}`} columns={[
          { title: "console.limits.name", cell: (one) => <code>{one.name}</code> },
          { title: "console.limits.counted_by", cell: (one) => textOr(`console.limits.by.${one.counted_by}`, one.counted_by) },
          { title: "console.members.status", cell: (one) => <Badge state={one.blocked ? "blocked" : "ok"} /> },
          { title: "console.limits.hits", cell: (one) => t("console.bulk.progress", { done: formatNumber(one.hits), total: formatNumber(one.quota) }) },
          { title: "console.limits.window", cell: (one) => formatDuration(one.window_seconds) },
          { title: "console.limits.ends", cell: (one) => one.ends_at && formatTime(one.ends_at) },
        ]} />
        <Pager page={page} shown={data.length} what="console.limits.count" />
      </>
    )}</Loaded>
  );
}

export function Limits() {
  const [query] = useQuery();
  const email = query.get("email");
  const network = query.get("network");
  return (
    <>
      <PageHead title={t("console.nav.limits")} lead={t("console.limits.lead")} />
      <Search />
      {email ? <Counted subject={{ email }} /> : network ? <Counted subject={{ network }} /> : <Empty title={t("console.limits.none")} />}
    </>
  );
}
