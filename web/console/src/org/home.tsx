// What there is to see and to do in the organization.

import { api } from "../api.ts";
import { Glance } from "../charts/statistics.tsx";
import { RangePicker } from "../charts/range-picker.tsx";
import { useMay, useOrganization, useSession } from "../session.ts";
import { formatNumber, formatTime, roleName, t, tn } from "../text.ts";
import { Badge, Card, Loaded, PageHead } from "../ui/parts.tsx";
import { useRead } from "../use-api.ts";
import { Restorable } from "./restorable.tsx";

interface Step {
  text: "console.first.invite" | "console.first.roles" | "console.first.policies" | "console.first.key";
  href: string;
  isDone: boolean;
}

/** What a new organization does first, from what is there. Gone when all is done, or nothing of it is the viewer's. */
function FirstSteps() {
  const organization = useOrganization();
  const may = useMay();
  const path = { organization };
  const reading = useRead(`first steps ${organization}`, async (signal) => {
    const [members, invitations, roles, policies, keys] = await Promise.all([
      api("get", "/v1/organizations/{organization}/members", { path, query: { limit: 2 }, signal }),
      api("get", "/v1/organizations/{organization}/invitations", { path, query: { limit: 1 }, signal }),
      api("get", "/v1/organizations/{organization}/roles", { path, query: { limit: 4 }, signal }),
      api("get", "/v1/organizations/{organization}/policies", { path, signal }),
      api("get", "/v1/organizations/{organization}/api-keys", { path, query: { limit: 1 }, signal }),
    ]);
    const { effective, allowed_domains, ...own } = policies.data;
    const steps: Step[] = [
      { text: "console.first.invite", href: "/console/members", isDone: members.data.data.length > 1 || invitations.data.data.length > 0 },
      { text: "console.first.policies", href: "/console/policies", isDone: allowed_domains.length > 0 || Object.values(own).some((value) => value !== null && value !== undefined) },
      { text: "console.first.roles", href: "/console/roles", isDone: roles.data.data.length > 3 },
      { text: "console.first.key", href: "/console/api-keys", isDone: keys.data.data.length > 0 },
    ];
    return { data: { steps, isAlone: members.data.data.length < 2 }, etag: undefined };
  });
  // It is for a beginning: whoever has a team has begun.
  if (!reading.data?.isAlone || !may("members:invite") || reading.data.steps.every((step) => step.isDone)) return null;
  return <Card title={t("console.first.title")}><Steps steps={reading.data.steps} /></Card>;
}

export function Steps({ steps }: { steps: { text: Parameters<typeof t>[0]; href: string; isDone: boolean }[] }) {
  return (
    <ol class="steps">
      {steps.map((step) => (
        <li key={step.text} class={step.isDone ? "done" : undefined}>
          <span aria-hidden="true">{step.isDone ? "✓" : "○"}</span> <a href={step.href}>{t(step.text)}</a>
          <span class="unseen">{t(step.isDone ? "console.first.done" : "console.first.open")}</span>
        </li>
      ))}
    </ol>
  );
}

function Waiting() {
  const organization = useOrganization();
  const reading = useRead(`waiting ${organization}`, (signal) => api("get", "/v1/organizations/{organization}/invitations", { path: { organization }, query: { state: "pending", limit: 5 }, signal }));
  return (
    <Card title={t("console.home.waiting")} actions={<a href="/console/invitations?state=pending">{t("console.home.all")}</a>}>
      <Loaded reading={reading}>{({ data }) => (data.length === 0 ? <p>{t("console.home.none_waiting")}</p> : (
        <ul class="short">
          {data.map((invitation) => <li key={invitation.id}><a href={`/console/invitations/${invitation.id}`}>{invitation.recipient}</a><span class="quiet">{roleName(invitation.role)} · {t("console.home.until", { time: formatTime(invitation.expires_at, "day") })}</span></li>)}
        </ul>
      ))}</Loaded>
    </Card>
  );
}

function Counts() {
  const organization = useOrganization();
  const reading = useRead(`counts ${organization}`, (signal) => api("get", "/v1/organizations/{organization}/stats/members", { path: { organization }, signal }));
  return (
    <Card title={t("console.home.members")} actions={<a href="/console/members">{t("console.home.all")}</a>}>
      <Loaded reading={reading}>{({ total, data }) => (
        <>
          <p class="figure">{formatNumber(total)} <span class="quiet">{tn("console.home.members.word", total)}</span></p>
          <ul class="short">{data.map((row) => <li key={row.role_id + row.status}><a href={`/console/members?role=${encodeURIComponent(row.role_id)}&status=${row.status}`}>{roleName({ key: row.role, name: row.name })}</a><span>{formatNumber(row.members)} {row.status !== "active" && <Badge state={row.status} />}</span></li>)}</ul>
        </>
      )}</Loaded>
    </Card>
  );
}

export function Home() {
  const { organization, user } = useSession();
  const may = useMay();
  return (
    <>
      <PageHead title={organization?.name ?? ""} lead={t("console.home.lead", { name: user.name ?? user.email, role: organization ? roleName(organization.role) : "" })} />
      {may("members:invite") && may("invitations:read") && may("members:read") && may("api_keys:manage") && may("organization:read") && <FirstSteps />}
      <Restorable />
      <div class="columns">
        {may("stats:read") && <Counts />}
        {may("invitations:read") && <Waiting />}
      </div>
      {may("stats:read") ? <><RangePicker /><Glance scope={organization?.id} /></> : <Card title={t("console.home.little")}><p>{t("console.home.little.text")}</p></Card>}
    </>
  );
}
