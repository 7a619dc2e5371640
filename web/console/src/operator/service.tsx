// Health, jobs and configuration.

import { useEffect } from "preact/hooks";
import { api } from "../api.ts";
import { useQuery } from "../router.ts";
import { formatDuration, formatNumber, formatTime, t, textOr } from "../text.ts";
import { Badge, Button, Card, Facts, Loaded, PageHead, SearchField } from "../ui/parts.tsx";
import { Table } from "../ui/table.tsx";
import { useRead } from "../use-api.ts";

/** All settings, however many pages that takes. */
export async function readConfiguration(signal: AbortSignal) {
  const settings = [];
  let after: string | undefined;
  do {
    const { data } = await api("get", "/v1/operator/configuration", { query: { limit: 200, after }, signal });
    settings.push(...data.data);
    after = data.page.has_more ? data.page.next ?? undefined : undefined;
  } while (after !== undefined);
  return settings;
}

function Configuration() {
  const [query, change] = useQuery();
  const q = (query.get("q") ?? "").toLowerCase();
  const reading = useRead("configuration", async (signal) => ({ data: await readConfiguration(signal), etag: undefined }));
  useEffect(() => { if (reading.data && location.hash === "#configuration") document.getElementById("configuration")?.scrollIntoView(); }, [reading.data]);
  return (
    <Card title={t("console.service.configuration")} id="configuration">
      <p>{t("console.service.configuration.text")}</p>
      <SearchField label={t("console.service.configuration.search")} value={q} onValue={(text) => change({ q: text }, { replace: true })} />
      <Loaded reading={reading}>{(settings) => <Table caption={t("console.service.configuration")} rows={settings.filter((setting) => setting.key.includes(q) || setting.value.toLowerCase().includes(q))} keyOf={(setting) => setting.key} columns={[
        { title: "console.service.setting", cell: (setting) => <code>{setting.key}</code> },
        { title: "console.service.value", cell: (setting) => <code>{setting.value}</code> },
        { title: "console.service.origin", cell: (setting) => setting.origin },
      ]} />}</Loaded>
    </Card>
  );
}

export function Service() {
  const reading = useRead("health", (signal) => api("get", "/v1/operator/health", { signal }));
  return (
    <>
      <PageHead title={t("console.nav.service")} lead={t("console.service.lead")} actions={<Button onClick={reading.reload}>{t("console.reload")}</Button>} />
      <Loaded reading={reading}>{(health) => (
        <div class="columns">
          <Card title={t("console.service.health")}>
            <Facts items={[
              ["console.members.status", <Badge state={health.status} />], ["console.service.version", health.version], ["console.service.started", formatTime(health.started_at, "exact")], ["console.service.uptime", formatDuration(health.uptime_seconds)],
              ["console.service.database", t("console.service.schema", { kind: health.database.kind, schema: health.database.schema, known: health.database.schema_known })],
              ["console.service.queued", formatNumber(health.outbox.queued)], ["console.service.failed", formatNumber(health.outbox.failed)], ["console.service.hashes", formatNumber(health.waiting_hashes)],
            ]} />
          </Card>
          <Card title={t("console.service.jobs")}>
            <Table caption={t("console.service.jobs")} rows={health.jobs} keyOf={(job) => job.name} columns={[
              { title: "console.service.job", cell: (job) => textOr(`console.job.${job.name}`, job.name) },
              { title: "console.members.status", cell: (job) => <Badge state={job.is_failing ? "failing" : "ok"} /> },
              { title: "console.service.last_run", cell: (job) => formatTime(job.last_run_at, "exact"), kind: "time" },
            ]} />
          </Card>
        </div>
      )}</Loaded>
      <Configuration />
    </>
  );
}
