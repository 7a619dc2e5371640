// The statistics of one organization, or for operators of all.

import { useState } from "preact/hooks";
import { api, pathOf, queryOf } from "../api.ts";
import { formatDuration, formatNumber, formatShare, formatTime, locale, roleName, t, tn } from "../text.ts";
import { useRead } from "../use-api.ts";
import { Loaded, PageHead, Button } from "../ui/parts.tsx";
import { Chart } from "./chart.tsx";
import { RangePicker, useRange, zone } from "./range-picker.tsx";
import { dayIn, periodLabel, rangeBefore, seriesQuery, type Range } from "./range.ts";
import { sample } from "./scale.ts";

/** An organization's id; nothing for the platform. */
type Scope = string | undefined;

const base = (scope: Scope) => (scope ? pathOf("/v1/organizations/{organization}/stats", { organization: scope }) : "/v1/operator/stats");
const csvOf = (scope: Scope, what: string, query: Record<string, string>) => `${base(scope)}/${what}${queryOf({ ...query, format: "csv" })}`;
const inPath = (scope: string) => ({ path: { organization: scope } });

/** So many instants are asked for in a chart of states. */
const mostInstants = 13;
const seriesName = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

function readGrowth(scope: Scope, range: Range, signal: AbortSignal) {
  const query = seriesQuery(range, zone);
  return scope ? api("get", "/v1/organizations/{organization}/stats/growth", { ...inPath(scope), query, signal }) : api("get", "/v1/operator/stats/growth", { query, signal });
}

function readMembers(scope: Scope, asOf: string | undefined, signal: AbortSignal) {
  const query = { as_of: asOf };
  return scope ? api("get", "/v1/organizations/{organization}/stats/members", { ...inPath(scope), query, signal }) : api("get", "/v1/operator/stats/members", { query, signal });
}

function trendSentence(now: number, before: number): string {
  if (before === now) return t("console.stats.same_as_before", { before: formatNumber(before) });
  return t(now > before ? "console.stats.more_than_before" : "console.stats.fewer_than_before", { before: formatNumber(before) });
}

function Growth({ scope, range }: { scope: Scope; range: Range }) {
  const reading = useRead(`growth ${scope} ${JSON.stringify(range)}`, async (signal) => {
    const now = (await readGrowth(scope, range, signal)).data.data;
    const first = now[0] ? dayIn(new Date(now[0].start), zone) : range.from;
    const before = (await readGrowth(scope, rangeBefore(range.by, first, now.length), signal)).data.data;
    return { data: { now, before }, etag: undefined };
  });
  return (
    <Loaded reading={reading}>{({ now, before }) => {
      const labels = now.map((period) => periodLabel(period.start, range.by, zone, locale));
      const total = now[now.length - 1]?.total ?? 0;
      const sum = (rows: typeof now, of: "joined" | "left") => rows.reduce((all, row) => all + row[of], 0);
      const csv = csvOf(scope, "growth", seriesQuery(range, zone));
      return (
        <>
          <Chart name="total" title={t("console.stats.total.title")} kind="line" labels={labels} labelTitle={t("console.stats.period")} csv={csv}
            sentence={`${tn("console.stats.total.sentence", total)} ${t("console.stats.total.change", { joined: formatNumber(sum(now, "joined")), left: formatNumber(sum(now, "left")) })}`}
            series={[{ name: t("console.stats.total"), values: now.map((row) => row.total) }]} />
          <Chart name="growth" title={t("console.stats.growth.title")} kind="bars" labels={labels} labelTitle={t("console.stats.period")} csv={csv}
            sentence={`${tn("console.stats.growth.sentence", sum(now, "joined"))} ${trendSentence(sum(now, "joined"), sum(before, "joined"))}`}
            series={[{ name: t("console.stats.joined"), values: now.map((row) => row.joined) }, { name: t("console.stats.left"), values: now.map((row) => row.left) }]} />
        </>
      );
    }}</Loaded>
  );
}

function Roles({ scope, range }: { scope: Scope; range: Range }) {
  const reading = useRead(`roles ${scope} ${JSON.stringify(range)}`, async (signal) => {
    const periods = (await readGrowth(scope, range, signal)).data.data;
    const shown = sample(periods.length, mostInstants).map((index) => periods[index]!);
    const states = await Promise.all(shown.map((period) => readMembers(scope, Date.parse(period.end) > Date.now() ? undefined : period.end, signal)));
    return { data: { shown, states: states.map((state) => state.data) }, etag: undefined };
  });
  return (
    <Loaded reading={reading}>{({ shown, states }) => {
      const nameOf = (row: { role: string; name?: string }) => seriesName(roleName({ key: row.role, name: row.name ?? row.role }));
      const totals = new Map<string, number>();
      for (const state of states) for (const row of state.data) totals.set(nameOf(row), (totals.get(nameOf(row)) ?? 0) + row.members);
      const byCount = [...totals].sort((one, other) => other[1] - one[1]).map(([name]) => name);
      // Four can be told apart; the rest is one.
      const own = byCount.length > 4 ? byCount.slice(0, 3) : byCount;
      const count = (state: (typeof states)[number], take: (name: string) => boolean) => state.data.reduce((sum, row) => sum + (take(nameOf(row)) ? row.members : 0), 0);
      const series = own.map((name) => ({ name, values: states.map((state) => count(state, (each) => each === name)) }));
      if (byCount.length > own.length) series.push({ name: t("console.stats.roles.others"), values: states.map((state) => count(state, (each) => !own.includes(each))) });
      const last = series.map((one) => `${one.name}: ${formatNumber(one.values[one.values.length - 1] ?? 0)}`).join(", ");
      return <Chart name="roles" title={t("console.stats.roles.title")} kind="stacked" labelTitle={t("console.stats.period")} labels={shown.map((period) => periodLabel(period.start, range.by, zone, locale))}
        sentence={last === "" ? t("console.stats.roles.none") : t("console.stats.roles.sentence", { roles: last })} series={series} csv={csvOf(scope, "members", {})} note={t("console.stats.roles.note")} />;
    }}</Loaded>
  );
}

function Active({ scope, range }: { scope: Scope; range: Range }) {
  const query = { from: range.from, to: range.to };
  const reading = useRead(`active ${scope} ${JSON.stringify(query)}`, (signal) => scope
    ? api("get", "/v1/organizations/{organization}/stats/active-members", { ...inPath(scope), query, signal })
    : api("get", "/v1/operator/stats/active-members", { query, signal }));
  return (
    <Loaded reading={reading}>{({ data }) => {
      const last = data[data.length - 1];
      return <Chart name="active" title={t("console.stats.active.title")} kind="line" labelTitle={t("console.stats.day")} csv={csvOf(scope, "active-members", query)}
        labels={data.map((day) => periodLabel(`${day.day}T00:00:00Z`, "day", "UTC", locale))}
        sentence={t("console.stats.active.sentence", { daily: formatNumber(last?.daily ?? 0), weekly: formatNumber(last?.weekly ?? 0), monthly: formatNumber(last?.monthly ?? 0) })}
        series={[
          { name: t("console.stats.active.monthly"), values: data.map((day) => day.monthly) },
          { name: t("console.stats.active.weekly"), values: data.map((day) => day.weekly) },
          { name: t("console.stats.active.daily"), values: data.map((day) => day.daily) },
        ]} note={t("console.stats.active.note")} />;
    }}</Loaded>
  );
}

function SignIns({ scope, range }: { scope: Scope; range: Range }) {
  const query = seriesQuery(range, zone);
  const reading = useRead(`sign-ins ${scope} ${JSON.stringify(query)}`, async (signal) => {
    const [growth, answer] = await Promise.all([readGrowth(scope, range, signal), scope
      ? api("get", "/v1/organizations/{organization}/stats/sign-ins", { ...inPath(scope), query, signal })
      : api("get", "/v1/operator/stats/sign-ins", { query, signal })]);
    return { data: { periods: growth.data.data, rows: answer.data.data }, etag: undefined };
  });
  return (
    <Loaded reading={reading}>{({ periods, rows }) => {
      const of = (start: string, result: string) => rows.reduce((sum, row) => sum + (row.start === start && row.result === result ? row.sign_ins : 0), 0);
      const succeeded = periods.map((period) => of(period.start, "succeeded"));
      const failed = periods.map((period) => of(period.start, "failed"));
      const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);
      const share = sum(succeeded) + sum(failed) === 0 ? 0 : sum(failed) / (sum(succeeded) + sum(failed));
      return <Chart name="sign-ins" title={t("console.stats.sign_ins.title")} kind="stacked" labelTitle={t("console.stats.period")} csv={csvOf(scope, "sign-ins", query)}
        labels={periods.map((period) => periodLabel(period.start, range.by, zone, locale))}
        sentence={t("console.stats.sign_ins.sentence", { succeeded: formatNumber(sum(succeeded)), failed: formatNumber(sum(failed)), share: formatShare(share) })}
        series={[{ name: t("console.stats.sign_ins.succeeded"), values: succeeded }, { name: t("console.stats.sign_ins.failed"), values: failed }]} />;
    }}</Loaded>
  );
}

function Invitations({ scope, range }: { scope: Scope; range: Range }) {
  const query = seriesQuery(range, zone);
  const reading = useRead(`invitations ${scope} ${JSON.stringify(query)}`, (signal) => scope
    ? api("get", "/v1/organizations/{organization}/stats/invitations", { ...inPath(scope), query, signal })
    : api("get", "/v1/operator/stats/invitations", { query, signal }));
  return (
    <Loaded reading={reading}>{({ data }) => {
      const sum = (of: "sent" | "accepted" | "expired") => data.reduce((all, row) => all + row[of], 0);
      const medians = data.flatMap((row) => row.median_seconds_to_accept ?? []);
      const newest = medians[medians.length - 1];
      const median = newest === undefined ? "" : ` ${t("console.stats.invitations.median", { duration: formatDuration(newest) })}`;
      return <Chart name="invitations" title={t("console.stats.invitations.title")} kind="bars" labelTitle={t("console.stats.period")} csv={csvOf(scope, "invitations", query)}
        labels={data.map((row) => periodLabel(row.start, range.by, zone, locale))}
        sentence={t("console.stats.invitations.sentence", { sent: formatNumber(sum("sent")), accepted: formatNumber(sum("accepted")), expired: formatNumber(sum("expired")) }) + median}
        series={[
          { name: t("console.stats.invitations.sent"), values: data.map((row) => row.sent) },
          { name: t("console.stats.invitations.accepted"), values: data.map((row) => row.accepted) },
          { name: t("console.stats.invitations.expired"), values: data.map((row) => row.expired) },
        ]} />;
    }}</Loaded>
  );
}

function Organizations({ range }: { range: Range }) {
  const query = seriesQuery(range, zone);
  const reading = useRead(`organizations ${JSON.stringify(query)}`, (signal) => api("get", "/v1/operator/stats/organizations", { query, signal }));
  return (
    <Loaded reading={reading}>{({ data }) => (
      <Chart name="organizations" title={t("console.stats.organizations.title")} kind="bars" labelTitle={t("console.stats.period")} csv={csvOf(undefined, "organizations", query)}
        labels={data.map((row) => periodLabel(row.start, range.by, zone, locale))}
        sentence={t("console.stats.organizations.sentence", { created: formatNumber(data.reduce((all, row) => all + row.created, 0)), active: formatNumber(data[data.length - 1]?.active ?? 0) })}
        series={[{ name: t("console.stats.organizations.active"), values: data.map((row) => row.active) }, { name: t("console.stats.organizations.created"), values: data.map((row) => row.created) }]} />
    )}</Loaded>
  );
}

/** One chart or two for the home screens. */
export function Glance({ scope }: { scope: Scope }) {
  const range = useRange();
  return <div class="charts"><Growth scope={scope} range={range} /><Active scope={scope} range={range} /><SignIns scope={scope} range={range} /></div>;
}

export function Statistics({ scope }: { scope: Scope }) {
  const range = useRange();
  const [isOf] = useState(() => new Date().toISOString());
  return (
    <>
      <PageHead title={t("console.stats.title")} lead={t("console.stats.lead", { time: formatTime(isOf), zone })} actions={<Button onClick={() => print()}>{t("console.print")}</Button>} />
      <RangePicker />
      <div class="charts">
        {scope === undefined && <Organizations range={range} />}
        <Growth scope={scope} range={range} />
        <Roles scope={scope} range={range} />
        <Active scope={scope} range={range} />
        <SignIns scope={scope} range={range} />
        <Invitations scope={scope} range={range} />
      </div>
    </>
  );
}
