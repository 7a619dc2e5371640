// Somebody else changed the same thing meanwhile (412): what, and what one wants to do about it.

import type { ApiError } from "../api.ts";
import { t } from "../text.ts";
import { Button } from "../ui/parts.tsx";

export interface Difference {
  label: string;
  before: string;
  now: string;
}

export const isConflict = (error: ApiError | undefined) => error?.status === 412;

/** What differs between what one began with and what is there now; labels and values as people read them. */
export function differences(before: Record<string, string>, now: Record<string, string>): Difference[] {
  return Object.keys(now).filter((label) => before[label] !== now[label]).map((label) => ({ label, before: before[label] ?? "", now: now[label] ?? "" }));
}

interface ConflictProps {
  changes: Difference[];
  onTakeTheirs: () => void;
  onKeepMine: () => void;
  isBusy: boolean;
}

export function Conflict({ changes, onTakeTheirs, onKeepMine, isBusy }: ConflictProps) {
  return (
    <div class="trouble" role="alert">
      <p><strong>{t("console.conflict.title")}</strong></p>
      {changes.length > 0 && (
        <table class="numbers">
          <caption class="unseen">{t("console.conflict.changes")}</caption>
          <thead><tr><th scope="col">{t("console.conflict.what")}</th><th scope="col">{t("console.conflict.before")}</th><th scope="col">{t("console.conflict.now")}</th></tr></thead>
          <tbody>{changes.map((change) => <tr key={change.label}><th scope="row">{change.label}</th><td>{change.before || t("console.none")}</td><td>{change.now || t("console.none")}</td></tr>)}</tbody>
        </table>
      )}
      <div class="actions">
        <Button onClick={onTakeTheirs}>{t("console.conflict.theirs")}</Button>
        <Button onClick={onKeepMine} isBusy={isBusy}>{t("console.conflict.mine")}</Button>
      </div>
    </div>
  );
}
