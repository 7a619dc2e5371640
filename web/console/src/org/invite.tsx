// Invites people, many at once.

import { useState } from "preact/hooks";
import { languages } from "../../types/words/index.ts";
import { api, newIdempotencyKey } from "../api.ts";
import { choices, type Choice } from "../languages.ts";
import { useOrganization } from "../session.ts";
import { roleName, t, tn } from "../text.ts";
import { announce } from "../ui/announce.tsx";
import { FormDialog } from "../ui/dialog.tsx";
import { Field, SelectField, Trouble } from "../ui/parts.tsx";
import { addressesIn } from "./addresses.ts";
import { BulkDialog, useBulk } from "./bulk.tsx";
import { useOutranks, useRoles } from "./lookups.ts";

const mostAtOnce = 100;

export function InviteDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const organization = useOrganization();
  const roles = useRoles();
  const outranks = useOutranks();
  const bulk = useBulk();
  const [text, setText] = useState("");
  const [role, setRole] = useState("member");
  const [message, setMessage] = useState("");
  const [days, setDays] = useState("7");
  const [language, setLanguage] = useState("");
  const [isSending, setSending] = useState(false);
  const addresses = addressesIn(text);
  const send = async () => {
    setSending(true);
    const isDone = await bulk.start(addresses.map((email) => {
      const idempotencyKey = newIdempotencyKey();
      return {
        name: email,
        run: () => api("post", "/v1/organizations/{organization}/invitations", {
          path: { organization }, idempotencyKey,
          body: { email, role, expires_in_days: Number(days), ...(message.trim() === "" ? {} : { message }), ...(language === "" ? {} : { language: language as Choice }) },
        }),
      };
    }));
    if (!isDone) return;
    announce(tn("console.invite.sent", addresses.length));
    onDone();
  };
  if (isSending) return <BulkDialog title={t("console.invite.title")} bulk={bulk} onClose={onDone} />;
  return (
    <FormDialog title={t("console.invite.title")} submit={addresses.length === 0 ? t("console.invite.title") : tn("console.invite.submit", addresses.length)} isBusy={false} error={undefined} canSubmit={addresses.length > 0 && addresses.length <= mostAtOnce} onSubmit={send} onClose={onClose}>
      <Field label={t("console.invite.addresses")} hint={t("console.invite.addresses.hint")} error={addresses.length > mostAtOnce ? t("console.invite.too_many", { most: mostAtOnce }) : undefined}>{(attributes) => (
        <textarea {...attributes} rows={4} required spellcheck={false} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      )}</Field>
      <Trouble error={roles.error} retry={roles.reload} />
      <SelectField label={t("console.members.role")} value={role} onValue={setRole} hint={t("console.invite.role.hint")}
        choices={(roles.data?.data ?? []).map((each) => ({ value: each.key, label: outranks(each) ? t("console.roles.outranks", { name: roleName(each) }) : roleName(each), disabled: outranks(each) }))} />
      <Field label={t("console.invite.message")} hint={t("console.invite.message.hint")}>{(attributes) => (
        <textarea {...attributes} rows={2} maxLength={500} value={message} onInput={(event) => setMessage(event.currentTarget.value)} />
      )}</Field>
      <SelectField label={t("console.invite.days")} value={days} onValue={setDays} choices={[1, 3, 7, 14, 30].map((each) => ({ value: String(each), label: tn("console.days", each) }))} />
      <SelectField label={t("console.invite.language")} value={language} onValue={setLanguage} choices={[{ value: "", label: t("console.invite.language.open") }, ...choices.map((tag) => ({ value: tag, label: languages[tag].name }))]} />
    </FormDialog>
  );
}
