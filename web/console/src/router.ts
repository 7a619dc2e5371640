// Addresses below /console. What one has chosen to see stands in them, so that it can be kept, sent and gone back to.

import { useCallback, useEffect, useState } from "preact/hooks";

export interface Place {
  path: string;
  query: URLSearchParams;
}

const changed = "console:place";

const here = (): Place => ({ path: location.pathname.replace(/\/$/, ""), query: new URLSearchParams(location.search) });

/** The language that the address asks for. It is kept from screen to screen, and on the way to the hosted pages. */
export const askedLanguage = (search = location.search) => new URLSearchParams(search).get("lang");

export function withLanguage(to: string, search = location.search): string {
  const asked = askedLanguage(search);
  if (asked === null || new URL(to, "http://x").searchParams.has("lang")) return to;
  return `${to}${to.includes("?") ? "&" : "?"}lang=${encodeURIComponent(asked)}`;
}

export function navigate(address: string, { replace = false } = {}): void {
  const to = withLanguage(address);
  if (to === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", to);
  dispatchEvent(new Event(changed));
}

export function usePlace(): Place {
  const [place, setPlace] = useState(here);
  useEffect(() => {
    const look = () => setPlace(here());
    addEventListener("popstate", look);
    addEventListener(changed, look);
    return () => {
      removeEventListener("popstate", look);
      removeEventListener(changed, look);
    };
  }, []);
  return place;
}

/** `query` with those values; undefined and "" take one out. Another choice starts again at the first page. */
export function withChanges(query: URLSearchParams, changes: Record<string, string | undefined>): URLSearchParams {
  const next = new URLSearchParams(query);
  if (!("after" in changes)) next.delete("after");
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === "") next.delete(name);
    else next.set(name, value);
  }
  return next;
}

export const addressOf = (path: string, query: URLSearchParams) => (query.toString() === "" ? path : `${path}?${query}`);

/** The query of the address, and how to change it. */
export function useQuery(): [URLSearchParams, (changes: Record<string, string | undefined>, how?: { replace?: boolean }) => void] {
  const { query } = usePlace();
  const change = useCallback((changes: Record<string, string | undefined>, how: { replace?: boolean } = {}) => {
    navigate(addressOf(location.pathname, withChanges(new URLSearchParams(location.search), changes)), how);
  }, []);
  return [query, change];
}

/** Takes a click on a link of the console over; all others are the browser's. */
export function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || link.target !== "" || link.hasAttribute("download") || link.origin !== location.origin) return;
  if (link.pathname !== "/console" && !link.pathname.startsWith("/console/")) return;
  if (link.pathname === location.pathname && link.search === location.search && link.hash !== "") return;
  event.preventDefault();
  navigate(link.pathname + link.search);
}

/** The values of the {name} segments when the path is one of that pattern. */
export function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const values: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? "";
    if (segment.startsWith("{")) values[segment.slice(1, -1)] = decodeURIComponent(value);
    else if (segment !== value) return undefined;
  }
  return values;
}
