// What the organization asks of its members.

import { useState } from "preact/hooks";
import { api, type Policies } from "../api.ts";
import { useMay, useOrganization } from "../session.ts";
import { formatDuration, t, textOr } from "../text.ts";
import { announce } from "../ui/announce.tsx";
import { Button, Card, Field, Loaded, PageHead, SelectField, TextField, Trouble } from "../ui/parts.tsx";
import { useDraft, useRead, useWrite } from "../use-api.ts";
import { Conflict, differences, isConflict } from "./conflict.tsx";

interface Draft {
  password_minimum: string;
  session_idle_hours: string;
  session_absolute_hours: string;
  sign_in_alert: string;
  allowed_domains: string;
  who_may_invite: string;
}

const hours = (seconds: number | null | undefined) => (seconds == null ? "" : String(seconds / 3600));

const draftOf = (policies: Policies): Draft => ({
  password_minimum: String(policies.password_minimum ?? ""),
  session_idle_hours: hours(policies.session_idle_seconds),
  session_absolute_hours: hours(policies.session_absolute_seconds),
  sign_in_alert: policies.sign_in_alert ?? "",
  allowed_domains: policies.allowed_domains.join("\n"),
  who_may_invite: policies.who_may_invite ?? "",
});

const number = (text: string) => (text === "" ? null : Number(text));
const seconds = (text: string) => (text === "" ? null : Math.round(Number(text) * 3600));

/** Only what differs from what one began with. */
function changesOf(draft: Draft, before: Draft) {
  const has = (name: keyof Draft) => draft[name] !== before[name];
  const domains = draft.allowed_domains.split(/[\s,]+/).filter(Boolean);
  return {
    ...(has("password_minimum") ? { password_minimum: number(draft.password_minimum) } : {}),
    ...(has("session_idle_hours") ? { session_idle_seconds: seconds(draft.session_idle_hours) } : {}),
    ...(has("session_absolute_hours") ? { session_absolute_seconds: seconds(draft.session_absolute_hours) } : {}),
    ...(has("sign_in_alert") ? { sign_in_alert: (draft.sign_in_alert || null) as "always" | "new_device" | "never" | null } : {}),
    ...(has("allowed_domains") ? { allowed_domains: domains.length === 0 ? null : domains } : {}),
    ...(has("who_may_invite") ? { who_may_invite: (draft.who_may_invite || null) as "owners" | "admins" | "members" | null } : {}),
  };
}

const shown = (policies: Policies) => {
  const draft = draftOf(policies);
  return Object.fromEntries(Object.entries(draft).map(([name, value]) => [textOr(`console.policies.${name}`, name), value]));
};

function Form({ policies, etag, reload }: { policies: Policies; etag: string | undefined; reload: () => void }) {
  const organization = useOrganization();
  const isAllowed = useMay()("policies:update");
  const before = draftOf(policies);
  const { draft, set: change, sent, reset } = useDraft(before);
  const [theirs, setTheirs] = useState<{ policies: Policies; etag: string | undefined }>();
  const { isBusy, error, run, clear } = useWrite();
  const set = (name: keyof Draft) => (value: string) => change({ [name]: value });
  const changes = changesOf(draft, before);
  const isChanged = Object.keys(changes).length > 0;
  const { effective } = policies;
  const counts = (value: string) => t("console.policies.effective", { value });
  const save = async (currentEtag: string | undefined) => {
    const isDone = await run(() => api("patch", "/v1/organizations/{organization}/policies", { path: { organization }, body: changes, etag: currentEtag }), async () => {
      const now = await api("get", "/v1/organizations/{organization}/policies", { path: { organization } });
      setTheirs({ policies: now.data, etag: now.etag });
    });
    if (!isDone) return;
    sent(draft);
    announce(t("console.saved"));
    reload();
  };
  const takeTheirs = () => {
    clear();
    if (theirs) reset(draftOf(theirs.policies));
    setTheirs(undefined);
    reload();
  };
  const byPlatform = { value: "", label: t("console.policies.platform") };
  const choices = (name: string, values: string[]) => [byPlatform, ...values.map((value) => ({ value, label: textOr(`console.policies.${name}.${value}`, value) }))];
  return (
    <form class="narrow" onSubmit={(event) => { event.preventDefault(); if (!isBusy) void save(etag); }}>
      <fieldset disabled={!isAllowed} class="plain">
        <Card title={t("console.policies.passwords")}>
          <TextField label={t("console.policies.password_minimum")} hint={counts(String(effective.password_minimum))} type="number" min={8} max={256} value={draft.password_minimum} onValue={set("password_minimum")} placeholder={t("console.policies.platform")} error={error?.fields.get("password_minimum")} />
        </Card>
        <Card title={t("console.policies.sessions")}>
          <TextField label={t("console.policies.session_idle_hours")} hint={counts(formatDuration(effective.session_idle_seconds))} type="number" min={0} step="any" value={draft.session_idle_hours} onValue={set("session_idle_hours")} placeholder={t("console.policies.platform")} error={error?.fields.get("session_idle_seconds")} />
          <TextField label={t("console.policies.session_absolute_hours")} hint={counts(formatDuration(effective.session_absolute_seconds))} type="number" min={0} step="any" value={draft.session_absolute_hours} onValue={set("session_absolute_hours")} placeholder={t("console.policies.platform")} error={error?.fields.get("session_absolute_seconds")} />
          <SelectField label={t("console.policies.sign_in_alert")} hint={counts(textOr(`console.policies.sign_in_alert.${effective.sign_in_alert}`, effective.sign_in_alert))} value={draft.sign_in_alert} onValue={set("sign_in_alert")} choices={choices("sign_in_alert", ["always", "new_device", "never"])} />
        </Card>
        <Card title={t("console.policies.people")}>
          <Field label={t("console.policies.allowed_domains")} hint={t("console.policies.allowed_domains.hint")} error={error?.fields.get("allowed_domains")}>{(attributes) => (
            <textarea {...attributes} rows={3} spellcheck={false} value={draft.allowed_domains} onInput={(event) => set("allowed_domains")(event.currentTarget.value)} />
          )}</Field>
          <SelectField label={t("console.policies.who_may_invite")} hint={counts(textOr(`console.policies.who_may_invite.${effective.who_may_invite}`, effective.who_may_invite))} value={draft.who_may_invite} onValue={set("who_may_invite")} choices={choices("who_may_invite", ["owners", "admins", "members"])} />
        </Card>
      </fieldset>
      {!isAllowed && <p class="notice">{t("console.forbidden.action", { permission: "policies:update" })}</p>}
      {isConflict(error) && theirs
        ? <Conflict changes={differences(shown(policies), shown(theirs.policies))} isBusy={isBusy} onTakeTheirs={takeTheirs} onKeepMine={() => save(theirs.etag)} />
        : <Trouble error={error} />}
      {isAllowed && <div class="actions"><Button type="submit" kind="primary" isBusy={isBusy} disabled={!isChanged}>{t("console.save")}</Button>{isChanged && <Button onClick={() => reset(before)}>{t("console.discard")}</Button>}</div>}
    </form>
  );
}

export function PoliciesPage() {
  const organization = useOrganization();
  const reading = useRead(`policies ${organization}`, (signal) => api("get", "/v1/organizations/{organization}/policies", { path: { organization }, signal }));
  return (
    <>
      <PageHead title={t("console.nav.policies")} lead={t("console.policies.lead")} />
      <Loaded reading={reading}>{(policies) => <Form key={organization} policies={policies} etag={reading.etag} reload={reading.reload} />}</Loaded>
    </>
  );
}
