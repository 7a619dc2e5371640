// What operators do to others has a reason, which is kept in the audit log.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../text.ts";
import { announce } from "../ui/announce.tsx";
import { FormDialog } from "../ui/dialog.tsx";
import { Button, TextField } from "../ui/parts.tsx";
import { useWrite } from "../use-api.ts";

interface ReasonProps {
  title: string;
  submit: string;
  kind?: "primary" | "danger";
  children: ComponentChildren;
  run: (reason: string) => Promise<unknown>;
  /** What is said when it is done. */
  done: string;
  onDone: () => void;
  onClose: () => void;
}

export function ReasonDialog({ title, submit, kind = "danger", children, run, done, onDone, onClose }: ReasonProps) {
  const [reason, setReason] = useState("");
  const write = useWrite();
  const act = async () => {
    if (!await write.run(() => run(reason.trim()))) return;
    announce(done);
    onDone();
  };
  return (
    <FormDialog title={title} submit={submit} kind={kind} isBusy={write.isBusy} error={write.error} canSubmit={reason.trim() !== ""} onSubmit={act} onClose={onClose}>
      <p>{children}</p>
      <TextField label={t("console.reason")} hint={t("console.reason.hint")} required maxLength={200} value={reason} onValue={setReason} error={write.error?.fields.get("reason")} />
    </FormDialog>
  );
}

/** A button and the dialog behind it. */
export function ReasonButton({ label, buttonKind = "plain", ...rest }: Omit<ReasonProps, "onClose"> & { label: string; buttonKind?: "plain" | "danger" }) {
  const [isAsked, setAsked] = useState(false);
  return (
    <>
      <Button kind={buttonKind} onClick={() => setAsked(true)}>{label}</Button>
      {isAsked && <ReasonDialog {...rest} onDone={() => { setAsked(false); rest.onDone(); }} onClose={() => setAsked(false)} />}
    </>
  );
}
