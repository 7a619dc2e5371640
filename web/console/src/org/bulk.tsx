// The same for many, one after the other, with progress and what became of each.

import { useRef, useState } from "preact/hooks";
import { ApiError } from "../api.ts";
import { t, textOr, tn } from "../text.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Button } from "../ui/parts.tsx";

export interface Task {
  name: string;
  run: () => Promise<unknown>;
}

interface Outcome {
  name: string;
  error: ApiError | undefined;
}

export function useBulk() {
  const [total, setTotal] = useState(0);
  const [outcomes, setOutcomes] = useState<Outcome[]>([]);
  const [isRunning, setRunning] = useState(false);
  const isStopped = useRef(false);
  const start = async (tasks: Task[]): Promise<boolean> => {
    isStopped.current = false;
    setTotal(tasks.length);
    setOutcomes([]);
    setRunning(true);
    let hasFailed = false;
    for (const task of tasks) {
      if (isStopped.current) break;
      let error: ApiError | undefined;
      try {
        await task.run();
      } catch (caught) {
        error = caught instanceof ApiError ? caught : new ApiError({ status: 0, code: "unknown", detail: String(caught) });
        hasFailed = true;
      }
      setOutcomes((before) => [...before, { name: task.name, error }]);
    }
    setRunning(false);
    return !hasFailed && !isStopped.current;
  };
  const stop = () => { isStopped.current = true; };
  const clear = () => { setTotal(0); setOutcomes([]); };
  return { total, outcomes, isRunning, start, stop, clear };
}

export function BulkDialog({ title, bulk, onClose }: { title: string; bulk: ReturnType<typeof useBulk>; onClose: () => void }) {
  const failed = bulk.outcomes.filter((outcome) => outcome.error);
  const done = bulk.outcomes.length;
  const close = () => { if (!bulk.isRunning) onClose(); };
  return (
    <Dialog title={title} onClose={close}>
      <label>{t("console.bulk.progress", { done, total: bulk.total })}<progress max={bulk.total} value={done} /></label>
      <p role="status">{bulk.isRunning ? t("console.bulk.running") : tn("console.bulk.done", done - failed.length)}{failed.length > 0 && ` ${tn("console.bulk.failed", failed.length)}`}</p>
      {failed.length > 0 && (
        <ul class="outcomes">
          {failed.map(({ name, error }) => <li key={name}><strong>{name}</strong>: {textOr(`console.refusal.${error?.code}`, error?.message ?? "")}{error?.requestId && <span class="quiet"> {t("console.error.request")} <code>{error.requestId}</code></span>}</li>)}
        </ul>
      )}
      <div class="dialog-foot">
        {bulk.isRunning ? <Button onClick={bulk.stop}>{t("console.bulk.stop")}</Button> : <Button kind="primary" onClick={close}>{t("console.bulk.close")}</Button>}
      </div>
    </Dialog>
  );
}
