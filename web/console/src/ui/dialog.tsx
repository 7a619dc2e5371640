// Dialogs, by the browser's own <dialog>: it keeps the focus in, gives it back, and closes on Escape.

import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { ApiError } from "../api.ts";
import { t } from "../text.ts";
import { Button, TextField, Trouble } from "./parts.tsx";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}

export function Dialog({ title, onClose, children }: DialogProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current!;
    element.showModal();
    // Where one goes on, rather than the way out.
    (element.querySelector<HTMLElement>("input, select, textarea") ?? element.querySelector<HTMLElement>(".dialog-foot button"))?.focus();
    // Gives the focus back, which it can't any more once it is out of the page.
    return () => element.close();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={id} onCancel={(event) => { event.preventDefault(); onClose(); }}>
      <div class="dialog-head">
        <h2 id={id}>{title}</h2>
        <Button kind="quiet" onClick={onClose} aria-label={t("console.close")}>✕</Button>
      </div>
      {children}
    </dialog>
  );
}

interface FormDialogProps extends DialogProps {
  submit: string;
  isBusy: boolean;
  error: ApiError | undefined;
  kind?: "primary" | "danger";
  canSubmit?: boolean;
  onSubmit: () => void;
}

export function FormDialog({ submit, isBusy, error, kind = "primary", canSubmit = true, onSubmit, children, ...rest }: FormDialogProps) {
  return (
    <Dialog {...rest}>
      <form noValidate={false} onSubmit={(event) => { event.preventDefault(); if (canSubmit && !isBusy) onSubmit(); }}>
        {children}
        <Trouble error={error} />
        <div class="dialog-foot">
          <Button onClick={rest.onClose}>{t("console.cancel")}</Button>
          <Button type="submit" kind={kind} isBusy={isBusy} disabled={!canSubmit}>{submit}</Button>
        </div>
      </form>
    </Dialog>
  );
}

interface ConfirmProps {
  title: string;
  children: ComponentChildren;
  submit: string;
  /** What must be typed before what can't be undone is done. */
  typed?: string;
  isBusy: boolean;
  error: ApiError | undefined;
  onSubmit: () => void;
  onClose: () => void;
}

/** Asks before something that can't be undone. */
export function Confirm({ title, children, submit, typed, isBusy, error, onSubmit, onClose }: ConfirmProps) {
  const [text, setText] = useState("");
  return (
    <FormDialog title={title} submit={submit} kind="danger" isBusy={isBusy} error={error} canSubmit={typed === undefined || text.trim() === typed} onSubmit={onSubmit} onClose={onClose}>
      <p>{children}</p>
      {typed !== undefined && <TextField label={t("console.confirm.type", { name: typed })} value={text} onValue={setText} autocomplete="off" spellcheck={false} />}
    </FormDialog>
  );
}
