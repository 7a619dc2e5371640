// What a screen reads, and what it does.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiError, newIdempotencyKey, type Answer } from "./api.ts";

export interface Reading<T> {
  data: T | undefined;
  etag: string | undefined;
  error: ApiError | undefined;
  isLoading: boolean;
  reload: () => void;
}

const asError = (error: unknown) => (error instanceof ApiError ? error : new ApiError({ status: 0, code: "unknown", detail: String(error) }));

/** Reads again whenever `what` changes. What was there before stays until the new answer comes. */
export function useRead<T>(what: string, read: (signal: AbortSignal) => Promise<Answer<T>>): Reading<T> {
  const [state, setState] = useState<Omit<Reading<T>, "reload">>({ data: undefined, etag: undefined, error: undefined, isLoading: true });
  const [turn, setTurn] = useState(0);
  const latest = useRef(read);
  latest.current = read;
  useEffect(() => {
    const controller = new AbortController();
    setState((before) => ({ ...before, error: undefined, isLoading: true }));
    latest.current(controller.signal).then(
      ({ data, etag }) => { if (!controller.signal.aborted) setState({ data, etag, error: undefined, isLoading: false }); },
      (error: unknown) => { if (!controller.signal.aborted) setState({ data: undefined, etag: undefined, error: asError(error), isLoading: false }); },
    );
    return () => controller.abort();
  }, [what, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  return { ...state, reload };
}

/**
 * What somebody types into a form that begins with what was read. When that is read again, fields that are as they were
 * read, or sent, follow it: what was typed since is not forgotten.
 */
export function useDraft<T extends object>(read: T) {
  const [draft, setDraft] = useState(read);
  const known = useRef(read);
  useEffect(() => {
    const before = known.current;
    known.current = read;
    const names = Object.keys(read) as (keyof T)[];
    setDraft((all) => Object.fromEntries(names.map((name) => [name, all[name] === before[name] ? read[name] : all[name]])) as T);
  }, [JSON.stringify(read)]);
  const set = (change: Partial<T>) => setDraft((all) => ({ ...all, ...change }));
  const sent = (values: T) => { known.current = values; };
  const reset = (values: T) => { sent(values); setDraft(values); };
  return { draft, set, sent, reset };
}

export interface Doing {
  isBusy: boolean;
  error: ApiError | undefined;
  clear: () => void;
  /** Runs one after the other, never twice at once. True when it went well. `onConflict`: somebody changed it since (412). */
  run: (work: (idempotencyKey: string) => Promise<unknown>, onConflict?: () => Promise<void>) => Promise<boolean>;
}

/** A write. A retry of what may or may not have arrived has the key of the first try. */
export function useWrite(): Doing {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const running = useRef(false);
  const key = useRef<string>();
  const run = useCallback(async (work: (idempotencyKey: string) => Promise<unknown>, onConflict?: () => Promise<void>) => {
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    setError(undefined);
    key.current ??= newIdempotencyKey();
    try {
      await work(key.current);
      key.current = undefined;
      return true;
    } catch (caught) {
      const trouble = asError(caught);
      // Refused for good: what is sent next is another request.
      if (trouble.status >= 400 && trouble.status < 500) key.current = undefined;
      if (trouble.status === 412) await onConflict?.().catch(() => undefined);
      setError(trouble);
      return false;
    } finally {
      running.current = false;
      setBusy(false);
    }
  }, []);
  const clear = useCallback(() => setError(undefined), []);
  return { isBusy, error, clear, run };
}
