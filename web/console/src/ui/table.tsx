// Tables: real ones, which become cards where there is no room for columns.

import type { ComponentChildren } from "preact";
import { t, tn, type TextKey } from "../text.ts";
import { addressOf, usePlace, useQuery, withChanges } from "../router.ts";

export interface Column<T> {
  title: TextKey;
  cell: (row: T) => ComponentChildren;
  /** The value of `sort` for going up; the column can be sorted then. */
  sort?: string;
  isNumber?: boolean;
  /** An address, which is not broken into lines where there is room for columns; a time, which is broken into two. */
  kind?: "word" | "time";
}

interface Selection<T> {
  chosen: Set<string>;
  change: (chosen: Set<string>) => void;
  labelOf: (row: T) => string;
}

interface TableProps<T> {
  caption: string;
  rows: T[];
  columns: Column<T>[];
  keyOf: (row: T) => string;
  selection?: Selection<T> | undefined;
  actions?: (row: T) => ComponentChildren;
}

function SortButton({ column, label }: { column: string; label: string }) {
  const [query, change] = useQuery();
  const now = query.get("sort");
  const mark = now === column ? "↑" : now === `-${column}` ? "↓" : "";
  return (
    <button type="button" class="sort" onClick={() => change({ sort: now === column ? `-${column}` : column })}>
      {label} <span aria-hidden="true">{mark}</span>
    </button>
  );
}

export function Table<T>({ caption, rows, columns, keyOf, selection, actions }: TableProps<T>) {
  const { query } = usePlace();
  const sort = query.get("sort");
  const all = rows.map(keyOf);
  const areAllChosen = selection !== undefined && rows.length > 0 && all.every((key) => selection.chosen.has(key));
  const toggle = (key: string) => {
    const next = new Set(selection?.chosen);
    if (!next.delete(key)) next.add(key);
    selection?.change(next);
  };
  return (
    <table class="rows">
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          {selection && <th class="choose" scope="col"><input type="checkbox" aria-label={t("console.table.choose_all")} checked={areAllChosen} onChange={() => selection.change(areAllChosen ? new Set() : new Set(all))} /></th>}
          {columns.map((column) => (
            <th key={column.title} scope="col" class={column.isNumber ? "number" : undefined}
              aria-sort={column.sort && sort === column.sort ? "ascending" : column.sort && sort === `-${column.sort}` ? "descending" : undefined}>
              {column.sort ? <SortButton column={column.sort} label={t(column.title)} /> : t(column.title)}
            </th>
          ))}
          {actions && <th scope="col"><span class="unseen">{t("console.table.actions")}</span></th>}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const key = keyOf(row);
          return (
            <tr key={key} class={selection?.chosen.has(key) ? "chosen" : undefined}>
              {selection && <td class="choose"><input type="checkbox" aria-label={t("console.table.choose", { name: selection.labelOf(row) })} checked={selection.chosen.has(key)} onChange={() => toggle(key)} /></td>}
              {columns.map((column) => <td key={column.title} data-label={t(column.title)} class={column.isNumber ? "number" : column.kind}>{column.cell(row)}</td>)}
              {actions && <td class="row-actions">{actions(row)}</td>}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** The way through a list that comes in pages; each page has an address. */
export function Pager({ page, shown, what }: { page: { next?: string | null; has_more: boolean }; shown: number; what: string }) {
  const { path, query } = usePlace();
  const isFirst = !query.has("after");
  return (
    <nav class="pager" aria-label={t("console.pager.label")}>
      <p class="quiet">{tn(what, shown)}{page.has_more || !isFirst ? ` ${t("console.pager.on_page")}` : ""}</p>
      <p class="actions">
        {!isFirst && <a class="button plain" href={addressOf(path, withChanges(query, { after: undefined }))}>{t("console.pager.first")}</a>}
        {page.has_more && page.next && <a class="button plain" href={addressOf(path, withChanges(query, { after: page.next }))}>{t("console.pager.next")}</a>}
      </p>
    </nav>
  );
}

/** A filter of the list, kept in the address. */
export function FilterSelect({ name, label, choices }: { name: string; label: TextKey; choices: { value: string; label: string }[] }) {
  const [query, change] = useQuery();
  return (
    <label class="filter">
      <span>{t(label)}</span>
      <select value={query.get(name) ?? ""} onChange={(event) => change({ [name]: event.currentTarget.value })}>
        <option value="">{t("console.filter.all")}</option>
        {choices.map((choice) => <option key={choice.value} value={choice.value}>{choice.label}</option>)}
      </select>
    </label>
  );
}
