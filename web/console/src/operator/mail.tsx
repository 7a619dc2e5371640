// What was and will be mailed. Nobody sees a letter's text or link here.

import { api, type Letter } from "../api.ts";
import { useQuery } from "../router.ts";
import { formatNumber, formatTime, t } from "../text.ts";
import { announce } from "../ui/announce.tsx";
import { Badge, Button, Empty, Loaded, PageHead, Trouble } from "../ui/parts.tsx";
import { FilterSelect, Pager, Table, type Column } from "../ui/table.tsx";
import { useRead, useWrite } from "../use-api.ts";

const columns: Column<Letter>[] = [
  { title: "console.mail.recipient", cell: (letter) => letter.recipient },
  { title: "console.mail.letter", cell: (letter) => <code class="word">{letter.template}</code> },
  { title: "console.members.status", cell: (letter) => <Badge state={letter.status} /> },
  { title: "console.mail.tries", cell: (letter) => formatNumber(letter.tries), isNumber: true },
  { title: "console.mail.reply", cell: (letter) => letter.reply && <code>{letter.reply}</code> },
  { title: "console.mail.queued", cell: (letter) => formatTime(letter.created_at), kind: "time" },
  { title: "console.mail.next", cell: (letter) => (letter.status === "queued" ? formatTime(letter.next_try_at) : formatTime(letter.finished_at)), kind: "time" },
];

export function Mail() {
  const [query, change] = useQuery();
  const { isBusy, error, run } = useWrite();
  const status = query.get("status") ?? "";
  const reading = useRead(`mail ${query}`, (signal) => api("get", "/v1/operator/outbox", { query: { status, after: query.get("after") ?? "", limit: 50 }, signal }));
  const retry = async (letter: Letter) => {
    if (!await run(() => api("post", "/v1/operator/outbox/{letter}/retry", { path: { letter: letter.id }, body: {} }))) return;
    announce(t("console.mail.retried", { address: letter.recipient }));
    reading.reload();
  };
  return (
    <>
      <PageHead title={t("console.nav.mail")} lead={t("console.mail.lead")} actions={<Button onClick={reading.reload}>{t("console.reload")}</Button>} />
      <div class="filters"><FilterSelect name="status" label="console.members.status" choices={(["queued", "sent", "failed", "withdrawn"] as const).map((value) => ({ value, label: t(`console.state.${value}`) }))} /></div>
      <Trouble error={error} />
      <Loaded reading={reading}>{({ data, page }) => (data.length === 0
        ? <Empty title={t("console.mail.none")} action={status && <Button onClick={() => change({ status: undefined })}>{t("console.filter.clear")}</Button>} />
        : <>
            <Table caption={t("console.nav.mail")} rows={data} columns={columns} keyOf={(letter) => letter.id}
              actions={(letter) => (letter.status === "queued" || letter.status === "failed") && <Button kind="quiet" isBusy={isBusy} onClick={() => retry(letter)}>{t("console.mail.retry")}<span class="unseen">: {letter.recipient}</span></Button>} />
            <Pager page={page} shown={data.length} what="console.mail.count" />
          </>)}
      </Loaded>
    </>
  );
}
