// Where things stand in a chart. Numbers only.

/** Round steps from 0 to at least `most`: at least one above it, about `wanted` of them. Counts have no halves. */
export function niceTicks(most: number, wanted = 4): number[] {
  const rough = Math.max(most, 1) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5, 10].find((each) => each * power >= rough - 1e-9) ?? 10) * power);
  const ticks = [0];
  while (ticks[ticks.length - 1]! < most || ticks.length < 2) ticks.push(ticks.length * step);
  return ticks;
}

export interface Frame {
  width: number;
  height: number;
  start: number;
  end: number;
  top: number;
  bottom: number;
  isRtl: boolean;
}

/** The middle of slot `index` of `count`. The first one is where reading begins. */
export function slotX(frame: Frame, index: number, count: number): number {
  const inner = frame.width - frame.start - frame.end;
  const x = frame.start + (inner * (index + 0.5)) / Math.max(count, 1);
  return frame.isRtl ? frame.width - x : x;
}

export const slotWidth = (frame: Frame, count: number) => (frame.width - frame.start - frame.end) / Math.max(count, 1);

export function valueY(frame: Frame, value: number, most: number): number {
  const inner = frame.height - frame.top - frame.bottom;
  return frame.top + inner * (1 - value / most);
}

/** Which slot is at that x; nothing beside the frame. */
export function slotAt(frame: Frame, x: number, count: number): number | undefined {
  const along = (frame.isRtl ? frame.width - x : x) - frame.start;
  const index = Math.floor(along / slotWidth(frame, count));
  return index >= 0 && index < count ? index : undefined;
}

/** Indexes of the labels to write so that they do not touch: evenly, the first among them. */
export function labelIndexes(count: number, room: number, labelWidth: number): number[] {
  const most = Math.max(1, Math.floor(room / labelWidth));
  const step = Math.max(1, Math.ceil(count / most));
  return Array.from({ length: Math.ceil(count / step) }, (_, index) => index * step);
}

/** At most `most` of the numbers 0 to count - 1, evenly, the first and the last among them. */
export function sample(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, index) => index);
  return Array.from({ length: most }, (_, index) => Math.round((index * (count - 1)) / (most - 1)));
}
