// Of which time the statistics are, as the address has it.

export const ranges = ["7", "30", "90", "365", "custom"] as const;
export const granularities = ["day", "week", "month"] as const;
export type RangeName = (typeof ranges)[number];
export type Granularity = (typeof granularities)[number];

export interface Range {
  name: RangeName;
  /** Days such as 2026-10-25, both among them. */
  from: string;
  to: string;
  by: Granularity;
}

const isDay = (text: string | null): text is string => text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

/** The day of that instant in that time zone. */
export function dayIn(instant: Date, zone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(instant);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

export const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

function fittingGranularity(days: number): Granularity {
  if (days <= 45) return "day";
  return days <= 190 ? "week" : "month";
}

/** What the address asks for; whatever it says that makes no sense is left out. */
export function rangeOf(query: URLSearchParams, now: Date, zone: string): Range {
  const today = dayIn(now, zone);
  const named = query.get("range");
  const by = granularities.find((each) => each === query.get("by"));
  const from = query.get("from");
  const to = query.get("to");
  if (named === "custom" && isDay(from) && isDay(to) && from <= to) {
    return { name: "custom", from, to, by: by ?? fittingGranularity(daysBetween(from, to)) };
  }
  const name = ranges.find((each) => each === named && each !== "custom") ?? "30";
  const days = Number(name);
  return { name, from: addDays(today, 1 - days), to: today, by: by ?? fittingGranularity(days) };
}

function addMonths(day: string, months: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.toISOString().slice(0, 10);
}

/** As many whole periods just before the one that begins with that day: none is in both. */
export function rangeBefore(by: Granularity, firstDay: string, periods: number): Range {
  const from = by === "month" ? addMonths(firstDay, -periods) : addDays(firstDay, -periods * (by === "week" ? 7 : 1));
  return { name: "custom", from, to: addDays(firstDay, -1), by };
}

/** What the series of /v1 take. */
export function seriesQuery(range: Range, zone: string) {
  return { from: range.from, to: range.to, granularity: range.by, time_zone: zone };
}

/** How a period is called in that time zone, by its first instant. */
export function periodLabel(start: string, by: Granularity, zone: string, language: string): string {
  const form: Intl.DateTimeFormatOptions = by === "month" ? { month: "short", year: "numeric" } : { day: "numeric", month: "short" };
  return new Intl.DateTimeFormat(language, { ...form, timeZone: zone }).format(new Date(start));
}
