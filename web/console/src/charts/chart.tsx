// Charts as SVG: a title, a sentence that says what they show, and the same numbers as a table. Series differ by dash,
// mark or hatching, not by colour alone.

import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { useQuery } from "../router.ts";
import { formatNumber, t } from "../text.ts";
import { Button } from "../ui/parts.tsx";
import { labelIndexes, niceTicks, slotAt, slotWidth, slotX, valueY, type Frame } from "./scale.ts";

export interface Series {
  name: string;
  values: number[];
}

interface ChartProps {
  /** In the address, when it is shown as a table. */
  name: string;
  title: string;
  sentence: string;
  labels: string[];
  series: Series[];
  kind: "line" | "bars" | "stacked";
  /** The heading of the labels. */
  labelTitle: string;
  csv?: string | undefined;
  note?: ComponentChildren;
}

function useWidth() {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(640);
  useEffect(() => {
    if (!box.current) return undefined;
    const observer = new ResizeObserver(([entry]) => { if (entry && entry.contentRect.width > 0) setWidth(Math.floor(entry.contentRect.width)); });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return { box, width };
}

const height = 220;
const markEvery = 40;

function Mark({ shape, x, y }: { shape: number; x: number; y: number }) {
  const attributes = { class: `mark series-${shape}` };
  switch (shape % 4) {
    case 0: return <circle {...attributes} cx={x} cy={y} r={3} />;
    case 1: return <rect {...attributes} x={x - 3} y={y - 3} width={6} height={6} />;
    case 2: return <path {...attributes} d={`M${x} ${y - 4}l4 7h-8z`} />;
    default: return <path {...attributes} d={`M${x} ${y - 4}l4 4l-4 4l-4 -4z`} />;
  }
}

function Lines({ frame, series, most }: { frame: Frame; series: Series[]; most: number }) {
  const count = series[0]?.values.length ?? 0;
  const step = Math.max(1, Math.ceil((count * markEvery) / Math.max(frame.width, 1)));
  return (
    <>
      {series.map((one, shape) => {
        const points = one.values.map((value, index) => ({ x: slotX(frame, index, count), y: valueY(frame, value, most) }));
        return (
          <g key={one.name}>
            <polyline class={`line series-${shape}`} points={points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ")} />
            {points.map(({ x, y }, index) => ((count - 1 - index) % step === 0 ? <Mark key={index} shape={shape} x={x} y={y} /> : null))}
          </g>
        );
      })}
    </>
  );
}

function Bars({ frame, series, most, areStacked, hatch }: { frame: Frame; series: Series[]; most: number; areStacked: boolean; hatch: string }) {
  const count = series[0]?.values.length ?? 0;
  const room = slotWidth(frame, count) * 0.72;
  const width = Math.max(1, Math.min(areStacked ? room : room / series.length, 36));
  const base = valueY(frame, 0, most);
  return (
    <>
      {Array.from({ length: count }, (_, index) => {
        let below = 0;
        return (
          <g key={index}>
            {series.map((one, shape) => {
              const value = one.values[index] ?? 0;
              const top = valueY(frame, value + below, most);
              const bottom = areStacked ? valueY(frame, below, most) : base;
              const middle = slotX(frame, index, count);
              const offset = areStacked ? -width / 2 : (frame.isRtl ? series.length - 1 - shape : shape) * width - (width * series.length) / 2;
              if (areStacked) below += value;
              if (value === 0) return null;
              const place = { x: middle + offset, y: top, width: Math.max(width - 1, 1), height: Math.max(bottom - top, 1) };
              return (
                <g key={one.name}>
                  <rect {...place} class={`bar series-${shape}`} />
                  {shape > 0 && <rect {...place} fill={`url(#${hatch}-${shape})`} />}
                </g>
              );
            })}
          </g>
        );
      })}
    </>
  );
}

function Hatches({ id }: { id: string }) {
  return (
    <defs>
      {[1, 2, 3].map((shape) => (
        <pattern key={shape} id={`${id}-${shape}`} width={6} height={6} patternUnits="userSpaceOnUse" patternTransform={`rotate(${[0, 45, -45, 90][shape]})`}>
          <line class="hatch" x1={0} y1={0} x2={0} y2={6} />
        </pattern>
      ))}
    </defs>
  );
}

function Legend({ series, kind, hatch }: { series: Series[]; kind: ChartProps["kind"]; hatch: string }) {
  return (
    <ul class="legend">
      {series.map((one, shape) => (
        <li key={one.name}>
          <svg aria-hidden="true" width={26} height={12}>
            {kind === "line"
              ? <><line class={`line series-${shape}`} x1={0} y1={6} x2={26} y2={6} /><Mark shape={shape} x={13} y={6} /></>
              : <><rect class={`bar series-${shape}`} width={26} height={12} />{shape > 0 && <rect width={26} height={12} fill={`url(#${hatch}-${shape})`} />}</>}
          </svg>
          {one.name}
        </li>
      ))}
    </ul>
  );
}

function Drawing({ labels, series, kind, titleId, sentenceId }: Pick<ChartProps, "labels" | "series" | "kind"> & { titleId: string; sentenceId: string }) {
  const { box, width } = useWidth();
  const hatch = useId();
  const [pointed, setPointed] = useState<number>();
  const highest = kind === "stacked"
    ? Math.max(0, ...labels.map((_, index) => series.reduce((sum, one) => sum + (one.values[index] ?? 0), 0)))
    : Math.max(0, ...series.flatMap((one) => one.values));
  const ticks = niceTicks(highest);
  const most = ticks[ticks.length - 1] ?? 1;
  const start = 12 + formatNumber(most).length * 8;
  const frame: Frame = { width, height, start, end: 8, top: 10, bottom: 26, isRtl: document.dir === "rtl" };
  const lineStart = frame.isRtl ? frame.end : frame.start;
  const lineEnd = frame.isRtl ? width - frame.start : width - frame.end;
  const shown = pointed === undefined ? undefined : labels[pointed];
  return (
    <div class="drawing" ref={box}>
      <svg role="img" aria-labelledby={titleId} aria-describedby={sentenceId} width={width} height={height} viewBox={`0 0 ${width} ${height}`}
        onPointerMove={(event) => setPointed(slotAt(frame, event.offsetX, labels.length))} onPointerLeave={() => setPointed(undefined)}>
        <Hatches id={hatch} />
        {ticks.map((tick) => {
          const y = valueY(frame, tick, most);
          return (
            <g key={tick}>
              <line class={tick === 0 ? "axis" : "grid"} x1={lineStart} x2={lineEnd} y1={y} y2={y} />
              <text class="tick" x={frame.isRtl ? width - frame.start + 6 : frame.start - 6} y={y + 4} text-anchor="end">{formatNumber(tick)}</text>
            </g>
          );
        })}
        {labelIndexes(labels.length, width - frame.start - frame.end, 76).map((index) => (
          <text key={index} class="tick" x={Math.min(Math.max(slotX(frame, index, labels.length), 30), width - 30)} y={height - 8} text-anchor="middle">{labels[index]}</text>
        ))}
        {pointed !== undefined && <line class="pointer" x1={slotX(frame, pointed, labels.length)} x2={slotX(frame, pointed, labels.length)} y1={frame.top} y2={height - frame.bottom} />}
        {kind === "line" ? <Lines frame={frame} series={series} most={most} /> : <Bars frame={frame} series={series} most={most} areStacked={kind === "stacked"} hatch={hatch} />}
      </svg>
      {series.length > 1 && <Legend series={series} kind={kind} hatch={hatch} />}
      <p class="readout" aria-hidden="true">
        {shown !== undefined && pointed !== undefined && <><strong>{shown}</strong> {series.map((one) => `${one.name}: ${formatNumber(one.values[pointed] ?? 0)}`).join(" · ")}</>}
      </p>
    </div>
  );
}

function Numbers({ title, labelTitle, labels, series }: Pick<ChartProps, "title" | "labelTitle" | "labels" | "series">) {
  return (
    <div class="scroller" tabIndex={0} role="region" aria-label={title}>
      <table class="numbers">
        <caption class="unseen">{title}</caption>
        <thead><tr><th scope="col">{labelTitle}</th>{series.map((one) => <th key={one.name} scope="col" class="number">{one.name}</th>)}</tr></thead>
        <tbody>
          {labels.map((label, index) => (
            <tr key={index}><th scope="row">{label}</th>{series.map((one) => <td key={one.name} class="number">{formatNumber(one.values[index] ?? 0)}</td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Chart({ name, title, sentence, labels, series, kind, labelTitle, csv, note }: ChartProps) {
  const id = useId();
  const [query, change] = useQuery();
  const asTable = (query.get("table") ?? "").split(",").filter(Boolean);
  const isTable = asTable.includes(name);
  const toggle = () => change({ table: (isTable ? asTable.filter((each) => each !== name) : [...asTable, name]).join(",") }, { replace: true });
  const isEmpty = series.every((one) => one.values.every((value) => value === 0));
  return (
    <figure class="card chart" aria-labelledby={`${id}-title`}>
      <div class="card-head">
        <h2 id={`${id}-title`}>{title}</h2>
        <div class="actions">
          <Button kind="quiet" aria-pressed={isTable} onClick={toggle}>{t("console.chart.table")}<span class="unseen">: {title}</span></Button>
          {csv && <a class="button quiet" href={csv} download={`${name}.csv`}>{t("console.chart.csv")}<span class="unseen">: {title}</span></a>}
        </div>
      </div>
      <p class="sentence" id={`${id}-sentence`}>{sentence}</p>
      {isTable ? <Numbers title={title} labelTitle={labelTitle} labels={labels} series={series} />
        : isEmpty ? <p class="nothing">{t("console.chart.nothing")}</p>
        : <Drawing labels={labels} series={series} kind={kind} titleId={`${id}-title`} sentenceId={`${id}-sentence`} />}
      {note && <figcaption class="quiet">{note}</figcaption>}
    </figure>
  );
}
