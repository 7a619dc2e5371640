// The small parts of which screens are made.

import type { ComponentChildren, JSX } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import type { ApiError } from "../api.ts";
import { t, textOr, tn, type TextKey } from "../text.ts";
import { announce } from "./announce.tsx";

type Kind = "primary" | "plain" | "danger" | "quiet";

interface ButtonProps extends Omit<JSX.IntrinsicElements["button"], "type" | "class"> {
  kind?: Kind;
  isBusy?: boolean;
  type?: "button" | "submit";
}

export function Button({ kind = "plain", isBusy = false, type = "button", children, disabled, ...rest }: ButtonProps) {
  return (
    <button {...rest} type={type} class={`button ${kind}`} disabled={disabled} aria-disabled={isBusy || undefined} aria-busy={isBusy || undefined}
      onClick={(event) => { if (isBusy) event.preventDefault(); else rest.onClick?.(event); }}>
      {children}
    </button>
  );
}

/** What somebody may not do is offered as a disabled button that says why. */
export function ButtonFor({ allowed, needs, ...rest }: ButtonProps & { allowed: boolean; needs: string }) {
  const id = useId();
  if (allowed) return <Button {...rest} />;
  const why = t("console.forbidden.action", { permission: needs });
  return <span class="with-reason" title={why}><Button {...rest} disabled aria-describedby={id} /><span id={id} class="unseen">{why}</span></span>;
}

export function PageHead({ title, lead, actions, back }: { title: string; lead?: ComponentChildren; actions?: ComponentChildren; back?: { href: string; label: string } }) {
  return (
    <header class="page-head">
      {back && <p class="back"><a href={back.href}><span aria-hidden="true" class="arrow">←</span> {back.label}</a></p>}
      <div class="page-title">
        <h1 tabIndex={-1}>{title}</h1>
        {actions && <div class="actions">{actions}</div>}
      </div>
      {lead && <p class="lead">{lead}</p>}
    </header>
  );
}

export function Card({ title, actions, children, id }: { title?: string; actions?: ComponentChildren; children: ComponentChildren; id?: string }) {
  return (
    <section class="card" id={id}>
      {title && <div class="card-head"><h2>{title}</h2>{actions && <div class="actions">{actions}</div>}</div>}
      {children}
    </section>
  );
}

export function Empty({ title, children, action }: { title: string; children?: ComponentChildren; action?: ComponentChildren }) {
  return <div class="empty"><p class="empty-title">{title}</p>{children && <p>{children}</p>}{action}</div>;
}

export function Copy({ value, label }: { value: string; label: string }) {
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    announce(t("console.copied"));
  };
  return <Button kind="quiet" onClick={copy} aria-label={label}>{t("console.copy")}</Button>;
}

/** A refusal in words, with what support asks for. */
export function Trouble({ error, retry, children }: { error: ApiError | undefined; retry?: () => void; children?: ComponentChildren }) {
  if (!error) return null;
  return (
    <div class="trouble" role="alert">
      <p><strong>{textOr(`console.refusal.${error.code}`, error.message)}</strong></p>
      {error.status === 400 && [...error.fields].map(([field, detail]) => <p key={field}><code>{field}</code>: {detail}</p>)}
      {error.retryAfterSeconds !== undefined && <p>{tn("console.error.retry_after", error.retryAfterSeconds)}</p>}
      {children}
      {error.requestId && <p class="quiet">{t("console.error.request")} <code>{error.requestId}</code> <Copy value={error.requestId} label={t("console.error.copy_request")} /></p>}
      {retry && <p><Button onClick={retry}>{t("console.error.retry")}</Button></p>}
    </div>
  );
}

/** A screen whose data is on its way, could not be had, or is there. */
export function Loaded<T>({ reading, children }: { reading: { data: T | undefined; error: ApiError | undefined; isLoading: boolean; reload: () => void }; children: (data: T) => ComponentChildren }) {
  if (reading.error) return <Trouble error={reading.error} retry={reading.reload} />;
  if (reading.data === undefined) return <p class="loading" role="status">{t("console.loading")}</p>;
  return <div class={reading.isLoading ? "reloading" : undefined} aria-busy={reading.isLoading}>{children(reading.data)}</div>;
}

/** What a screen is when the viewer lacks its permission. */
export function Forbidden({ title, needs }: { title: string; needs: string }) {
  return (
    <>
      <PageHead title={title} />
      <Empty title={t("console.forbidden.title")}>{t("console.forbidden.page", { permission: needs })}</Empty>
    </>
  );
}

const tones: Record<string, string> = {
  active: "good", accepted: "good", sent: "good", ok: "good", signing: "good", live: "good",
  pending: "warn", queued: "warn", refused: "bad", suspended: "warn", published: "warn", degraded: "bad", orphaned: "bad",
  failed: "bad", deleted: "bad", failing: "bad", blocked: "bad",
};

/** A state: a shape and a word, colour alone says nothing. */
export function Badge({ state }: { state: string }) {
  const tone = tones[state] ?? "off";
  return <span class={`badge ${tone}`}>{textOr(`console.state.${state}`, state)}</span>;
}

interface FieldProps {
  label: string;
  hint?: ComponentChildren;
  error?: string | undefined;
  children: (attributes: { id: string; "aria-describedby": string | undefined; "aria-invalid": boolean | undefined }) => ComponentChildren;
}

export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
      {error && <p class="error" id={`${id}-error`}>{error}</p>}
      {children({ id, "aria-describedby": described || undefined, "aria-invalid": error ? true : undefined })}
    </div>
  );
}

interface TextFieldProps extends Omit<JSX.IntrinsicElements["input"], "onInput" | "value" | "label"> {
  label: string;
  hint?: ComponentChildren;
  error?: string | undefined;
  value: string;
  onValue: (value: string) => void;
}

export function TextField({ label, hint, error, value, onValue, ...rest }: TextFieldProps) {
  return <Field label={label} hint={hint} error={error}>{(attributes) => <input {...rest} {...attributes} value={value} onInput={(event) => onValue(event.currentTarget.value)} />}</Field>;
}

export interface Choice { value: string; label: string; disabled?: boolean }

interface SelectFieldProps {
  label: string;
  hint?: ComponentChildren;
  error?: string | undefined;
  value: string;
  choices: Choice[];
  onValue: (value: string) => void;
  disabled?: boolean;
}

export function SelectField({ label, hint, error, value, choices, onValue, disabled }: SelectFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>{(attributes) => (
      <select {...attributes} value={value} disabled={disabled} onChange={(event) => onValue(event.currentTarget.value)}>
        {choices.map((choice) => <option key={choice.value} value={choice.value} disabled={choice.disabled}>{choice.label}</option>)}
      </select>
    )}</Field>
  );
}

/** Writes to the address when one has finished typing. */
export function SearchField({ label, value, onValue, placeholder }: { label: string; value: string; onValue: (value: string) => void; placeholder?: string }) {
  const timer = useRef<number>();
  const [draft, setDraft] = useState<string>();
  const settle = (text: string) => {
    clearTimeout(timer.current);
    setDraft(undefined);
    if (text !== value) onValue(text);
  };
  return (
    <Field label={label}>{(attributes) => (
      <input {...attributes} type="search" autocomplete="off" spellcheck={false} value={draft ?? value} placeholder={placeholder}
        onInput={(event) => {
          const text = event.currentTarget.value;
          setDraft(text);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => settle(text), 350);
        }}
        onKeyDown={(event) => { if (event.key === "Enter") { event.preventDefault(); settle(event.currentTarget.value); } }}
        onBlur={(event) => settle(event.currentTarget.value)} />
    )}</Field>
  );
}

/** Names and values. */
export function Facts({ items }: { items: [TextKey, ComponentChildren][] }) {
  return <dl class="facts">{items.map(([key, value]) => <div key={key}><dt>{t(key)}</dt><dd>{value ?? t("console.none")}</dd></div>)}</dl>;
}

/** An id that one may want elsewhere. */
export function Id({ value }: { value: string }) {
  return <span class="id"><code>{value}</code> <Copy value={value} label={t("console.copy_id")} /></span>;
}
