// The one way from the console to the service: /v1 of the same origin, by the browser's cookie. Paths, queries, bodies
// and answers have the types of docs/openapi.json.

import type { components, paths } from "../types/api";
import { withLanguage } from "./router.ts";
import { retell, retellOfField, t } from "./text.ts";

type Schemas = components["schemas"];
export type Session = Schemas["Session"];
export type Member = Schemas["Member"];
export type Role = Schemas["Role"];
export type Permission = Schemas["Permission"];
export type Invitation = Schemas["Invitation"];
export type InvitationDetails = Schemas["InvitationDetails"];
export type ApiKey = Schemas["ApiKey"];
export type CreatedApiKey = Schemas["CreatedApiKey"];
export type AuditEntry = Schemas["AuditEntry"];
export type Policies = Schemas["Policies"];
export type Branding = Schemas["Branding"];
export type OrganizationDetails = Schemas["OrganizationDetails"];
export type ApplicationPermission = Schemas["ApplicationPermission"];
export type Letter = Schemas["Letter"];
export type Organization = Schemas["Organization"];
export type OperatedOrganization = Schemas["OperatedOrganization"];
export type OperatedUser = Schemas["OperatedUser"];
export type FoundUser = Schemas["FoundUser"];

type Method = "get" | "post" | "put" | "patch" | "delete";
export type PathOf<M extends Method> = { [P in keyof paths]: paths[P][M] extends object ? P : never }[keyof paths];
type Content<T, Kind extends string> = T extends { content: infer C } ? (Kind extends keyof C ? C[Kind] : undefined) : undefined;
type Responses<O> = O extends { responses: infer R } ? R : never;
type AnswerOf<O> = Responses<O> extends infer R
  ? R extends { 200: infer A } ? Content<A, "application/json"> : R extends { 201: infer A } ? Content<A, "application/json"> : undefined
  : never;
type QueryOf<O> = O extends { parameters: { query?: infer Q } } ? Exclude<Q, undefined> : never;
type BodyOf<O> = O extends { requestBody?: infer B }
  ? Exclude<B, undefined> extends { content: infer C }
    ? C extends { "application/merge-patch+json": infer J } ? J : C extends { "application/json": infer J } ? J : never
    : never
  : never;

interface Options<O> {
  path?: Record<string, string>;
  query?: Partial<Record<keyof QueryOf<O>, string | number | undefined>>;
  body?: BodyOf<O>;
  /** A body that is no JSON. */
  file?: Blob;
  /** If-Match: refused with 412 when somebody changed it since. */
  etag?: string | undefined;
  /** The same for each retry of the same POST. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

export interface Answer<T> {
  data: T;
  etag: string | undefined;
}

interface Problem {
  status: number;
  title: string;
  detail: string;
  code: string;
  request_id: string;
  errors?: { pointer: string; detail: string }[];
}

/** A refusal of the service, or that it could not be reached (status 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;
  readonly fields: Map<string, string>;
  readonly retryAfterSeconds: number | undefined;

  constructor(problem: Partial<Problem> & { status: number }, retryAfter?: string | null) {
    super(retell(problem.detail ?? problem.title ?? t("console.error.unknown")));
    this.status = problem.status;
    this.code = problem.code ?? "unknown";
    this.requestId = problem.request_id;
    // "/permissions/0" belongs to the field "permissions".
    this.fields = new Map((problem.errors ?? []).map(({ pointer, detail }) => [pointer.replace(/^[/?]/, "").split("/")[0] ?? "", retellOfField(detail)]));
    this.retryAfterSeconds = retryAfter ? Number(retryAfter) : undefined;
  }
}

export const newIdempotencyKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export function pathOf(template: string, values: Record<string, string> = {}): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ""));
}

export function queryOf(values: Record<string, string | number | undefined> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== "") query.set(name, String(value));
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

export const signInPath = (here: { pathname: string; search: string }) =>
  withLanguage(`/sign-in?return_to=${encodeURIComponent(here.pathname + here.search)}`, here.search);

/** The session is over: sign in, and come back to where one was. Nothing that waits for the answer goes on. */
function leaveForSignIn(): Promise<never> {
  location.assign(signInPath(location));
  return new Promise(() => {});
}

async function problemOf(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  const requestId = problem.request_id ?? response.headers.get("X-Request-Id") ?? undefined;
  return new ApiError({ ...problem, ...(requestId ? { request_id: requestId } : {}), status: response.status }, response.headers.get("Retry-After"));
}

export async function api<M extends Method, P extends PathOf<M>>(
  method: M, path: P, options: Options<paths[P][M]> = {},
): Promise<Answer<AnswerOf<paths[P][M]>>> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (options.body !== undefined) headers["Content-Type"] = method === "patch" ? "application/merge-patch+json" : "application/json";
  if (options.file !== undefined) headers["Content-Type"] = options.file.type;
  if (options.etag !== undefined) headers["If-Match"] = options.etag;
  if (options.idempotencyKey !== undefined) headers["Idempotency-Key"] = options.idempotencyKey;
  const url = pathOf(path, options.path) + queryOf(options.query as Record<string, string | number | undefined>);
  let response: Response;
  try {
    response = await fetch(url, {
      method: method.toUpperCase(), headers, credentials: "same-origin", cache: "no-store",
      body: options.file ?? (options.body === undefined ? null : JSON.stringify(options.body)), signal: options.signal ?? null,
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError({ status: 0, code: "unreachable", detail: t("console.error.unreachable") });
  }
  if (response.status === 401) return leaveForSignIn();
  if (!response.ok) throw await problemOf(response);
  const text = await response.text();
  type Data = AnswerOf<paths[P][M]>;
  return { data: (text === "" ? undefined : JSON.parse(text)) as Data, etag: response.headers.get("ETag") ?? undefined };
}
