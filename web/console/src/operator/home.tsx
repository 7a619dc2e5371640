// How the service is, and what there is to do first.

import { api } from "../api.ts";
import { RangePicker } from "../charts/range-picker.tsx";
import { Glance } from "../charts/statistics.tsx";
import { Steps } from "../org/home.tsx";
import { formatNumber, roleName, t, tn } from "../text.ts";
import { Badge, Card, Loaded, PageHead } from "../ui/parts.tsx";
import { useRead } from "../use-api.ts";
import { readConfiguration } from "./service.tsx";

/** From what is there. Gone when all of it is done. */
function FirstRun() {
  const reading = useRead("first run", async (signal) => {
    const [settings, organizations, permissions] = await Promise.all([
      readConfiguration(signal),
      api("get", "/v1/operator/organizations", { query: { limit: 1 }, signal }),
      api("get", "/v1/operator/permissions", { query: { limit: 1 }, signal }),
    ]);
    const has = (key: string) => settings.some((setting) => setting.key === key && setting.value !== "" && setting.origin !== "default");
    return {
      data: [
        { text: "console.setup.operator", href: "/console/operator/audit?action=operator.created", isDone: true },
        { text: "console.setup.public_url", href: "/console/operator/service#configuration", isDone: has("public_url") },
        { text: "console.setup.mail", href: "/console/operator/service#configuration", isDone: has("mail.smtp_url") },
        { text: "console.setup.organization", href: "/console/operator/organizations", isDone: organizations.data.data.length > 0 },
        { text: "console.setup.permissions", href: "/console/operator/permissions", isDone: permissions.data.data.length > 0 },
      ] as const,
      etag: undefined,
    };
  });
  if (!reading.data || reading.data.every((step) => step.isDone)) return null;
  return <Card title={t("console.setup.title")}><p>{t("console.setup.text")}</p><Steps steps={[...reading.data]} /></Card>;
}

function Health() {
  const reading = useRead("health", (signal) => api("get", "/v1/operator/health", { signal }));
  return (
    <Card title={t("console.service.health")} actions={<a href="/console/operator/service">{t("console.home.all")}</a>}>
      <Loaded reading={reading}>{(health) => (
        <>
          <p class="figure"><Badge state={health.status} /></p>
          <ul class="short">
            <li><a href="/console/operator/mail?status=queued">{t("console.service.queued")}</a><span>{formatNumber(health.outbox.queued)}</span></li>
            <li><a href="/console/operator/mail?status=failed">{t("console.service.failed")}</a><span>{formatNumber(health.outbox.failed)}</span></li>
            <li><a href="/console/operator/service">{t("console.service.jobs_failing")}</a><span>{formatNumber(health.jobs.filter((job) => job.is_failing).length)}</span></li>
          </ul>
        </>
      )}</Loaded>
    </Card>
  );
}

function Counts() {
  const reading = useRead("platform counts", (signal) => api("get", "/v1/operator/stats/members", { signal }));
  return (
    <Card title={t("console.home.members")} actions={<a href="/console/operator/statistics">{t("console.nav.statistics")}</a>}>
      <Loaded reading={reading}>{({ total, data }) => (
        <>
          <p class="figure">{formatNumber(total)} <span class="quiet">{tn("console.home.members.word", total)}</span></p>
          <ul class="short">{data.map((row) => <li key={row.role + row.status}><span>{roleName({ key: row.role, name: row.role })}</span><span>{formatNumber(row.members)} {row.status !== "active" && <Badge state={row.status} />}</span></li>)}</ul>
        </>
      )}</Loaded>
    </Card>
  );
}

export function OperatorHome() {
  return (
    <>
      <PageHead title={t("console.operator")} lead={t("console.operator.lead")} />
      <FirstRun />
      <div class="columns"><Health /><Counts /></div>
      <RangePicker />
      <Glance scope={undefined} />
    </>
  );
}
