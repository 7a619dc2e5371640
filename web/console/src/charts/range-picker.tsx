// Chooses the time of the statistics, in the address.

import { useState } from "preact/hooks";
import { useQuery } from "../router.ts";
import { t, type TextKey } from "../text.ts";
import { Button } from "../ui/parts.tsx";
import { granularities, rangeOf, ranges, type Range } from "./range.ts";

export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

export function useRange(): Range {
  const [query] = useQuery();
  return rangeOf(query, new Date(), zone);
}

function CustomDays({ range }: { range: Range }) {
  const [, change] = useQuery();
  const [from, setFrom] = useState(range.from);
  const [to, setTo] = useState(range.to);
  return (
    <form class="custom-days" onSubmit={(event) => { event.preventDefault(); change({ range: "custom", from, to, by: undefined }); }}>
      <label class="filter"><span>{t("console.range.from")}</span><input type="date" required value={from} max={to} onInput={(event) => setFrom(event.currentTarget.value)} /></label>
      <label class="filter"><span>{t("console.range.to")}</span><input type="date" required value={to} min={from} onInput={(event) => setTo(event.currentTarget.value)} /></label>
      <Button type="submit">{t("console.range.show")}</Button>
    </form>
  );
}

export function RangePicker() {
  const range = useRange();
  const [, change] = useQuery();
  const choose = (name: string) => change(name === "custom" ? { range: "custom", from: range.from, to: range.to, by: undefined } : { range: name === "30" ? undefined : name, from: undefined, to: undefined, by: undefined });
  return (
    <div class="range-picker">
      <fieldset>
        <legend class="unseen">{t("console.range.label")}</legend>
        {ranges.map((name) => <Button key={name} kind="quiet" aria-pressed={range.name === name} onClick={() => choose(name)}>{t(`console.range.${name}` as TextKey)}</Button>)}
      </fieldset>
      {range.name === "custom" && <CustomDays key={`${range.from}-${range.to}`} range={range} />}
      <fieldset>
        <legend class="unseen">{t("console.range.by")}</legend>
        {granularities.map((by) => <Button key={by} kind="quiet" aria-pressed={range.by === by} onClick={() => change({ by })}>{t(`console.range.by_${by}` as TextKey)}</Button>)}
      </fieldset>
    </div>
  );
}
