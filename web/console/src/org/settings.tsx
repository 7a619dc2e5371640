// The organization itself: what it is called, its language, what the application keeps with it, its owner, and its end.

import { useState } from "preact/hooks";
import { languages } from "../../types/words/index.ts";
import { api, type OrganizationDetails } from "../api.ts";
import { choices, type Choice } from "../languages.ts";
import { withLanguage } from "../router.ts";
import { useMay, useOrganization, useSession } from "../session.ts";
import { formatTime, t } from "../text.ts";
import { announce } from "../ui/announce.tsx";
import { Confirm, FormDialog } from "../ui/dialog.tsx";
import { Button, ButtonFor, Card, Facts, Field, Id, Loaded, PageHead, SelectField, TextField, Trouble } from "../ui/parts.tsx";
import { useDraft, useRead, useWrite } from "../use-api.ts";
import { Conflict, differences, isConflict } from "./conflict.tsx";
import { useOrganizationDetails } from "./lookups.ts";
import { mergePatch, objectIn, type JsonObject } from "./merge.ts";

const languageName = (tag: string | null | undefined) => choices.find((each) => each === tag) ? languages[tag as Choice].name : t("console.settings.language.open");

const shown = (details: OrganizationDetails) => ({ [t("console.settings.name")]: details.name, [t("console.settings.slug")]: details.slug, [t("console.settings.language")]: languageName(details.language) });

const namesOf = (details: OrganizationDetails) => ({ name: details.name, slug: details.slug, language: details.language ?? "" });

function NameForm({ details, etag, reload }: { details: OrganizationDetails; etag: string | undefined; reload: () => void }) {
  const organization = useOrganization();
  const isAllowed = useMay()("organization:update");
  const { draft: { name, slug, language }, set, sent, reset } = useDraft(namesOf(details));
  const [theirs, setTheirs] = useState<{ details: OrganizationDetails; etag: string | undefined }>();
  const { isBusy, error, run, clear } = useWrite();
  const body = { ...(name === details.name ? {} : { name }), ...(slug === details.slug ? {} : { slug }), ...(language === (details.language ?? "") ? {} : { language: (language || null) as Choice | null }) };
  const save = async (currentEtag: string | undefined) => {
    const isDone = await run(() => api("patch", "/v1/organizations/{organization}", { path: { organization }, body, etag: currentEtag }), async () => {
      const now = await api("get", "/v1/organizations/{organization}", { path: { organization } });
      setTheirs({ details: now.data, etag: now.etag });
    });
    if (!isDone) return;
    sent({ name, slug, language });
    announce(t("console.saved"));
    reload();
  };
  const takeTheirs = () => {
    clear();
    setTheirs(undefined);
    if (theirs) reset(namesOf(theirs.details));
    reload();
  };
  return (
    <Card title={t("console.settings.about")}>
      <form onSubmit={(event) => { event.preventDefault(); if (!isBusy) void save(etag); }}>
        <TextField label={t("console.settings.name")} required maxLength={100} disabled={!isAllowed} value={name} onValue={(value) => set({ name: value })} error={error?.fields.get("name")} />
        <TextField label={t("console.settings.slug")} hint={t("console.settings.slug.hint")} required disabled={!isAllowed} spellcheck={false} value={slug} onValue={(value) => set({ slug: value })} error={error?.fields.get("slug")} />
        <SelectField label={t("console.settings.language")} hint={t("console.settings.language.hint")} disabled={!isAllowed} value={language} onValue={(value) => set({ language: value })} choices={["", ...choices].map((tag) => ({ value: tag, label: languageName(tag) }))} />
        {!isAllowed && <p class="notice">{t("console.forbidden.action", { permission: "organization:update" })}</p>}
        {isConflict(error) && theirs
          ? <Conflict changes={differences(shown(details), shown(theirs.details))} isBusy={isBusy} onTakeTheirs={takeTheirs} onKeepMine={() => save(theirs.etag)} />
          : <Trouble error={error} />}
        {isAllowed && <p><Button type="submit" kind="primary" isBusy={isBusy} disabled={Object.keys(body).length === 0}>{t("console.save")}</Button></p>}
      </form>
      <Facts items={[["console.settings.id", <Id value={details.id} />], ["console.settings.created", formatTime(details.created_at)], ["console.settings.directory", t(details.has_own_directory ? "console.settings.directory.own" : "console.settings.directory.shared")]]} />
    </Card>
  );
}

const asText = (settings: unknown) => JSON.stringify(settings, null, 2);

function ApplicationForm({ details, etag, reload }: { details: OrganizationDetails; etag: string | undefined; reload: () => void }) {
  const organization = useOrganization();
  const isAllowed = useMay()("organization:update");
  const before = details.settings as JsonObject;
  const { draft: { text }, set, sent, reset } = useDraft({ text: asText(before) });
  const [theirs, setTheirs] = useState<{ details: OrganizationDetails; etag: string | undefined }>();
  const { isBusy, error, run, clear } = useWrite();
  const typed = objectIn(text);
  const save = async (base: JsonObject, currentEtag: string | undefined) => {
    if (!typed) return;
    const settings = mergePatch(base, typed);
    const isDone = await run(() => api("patch", "/v1/organizations/{organization}", { path: { organization }, body: { settings } as never, etag: currentEtag }), async () => {
      const now = await api("get", "/v1/organizations/{organization}", { path: { organization } });
      setTheirs({ details: now.data, etag: now.etag });
    });
    if (!isDone) return;
    sent({ text });
    announce(t("console.saved"));
    reload();
  };
  const label = t("console.settings.application.label");
  return (
    <Card title={t("console.settings.application")}>
      <form onSubmit={(event) => { event.preventDefault(); if (!isBusy) void save(before, etag); }}>
        <Field label={label} hint={t("console.settings.application.hint")} error={typed ? error?.fields.get("settings") : t("console.settings.application.invalid")}>{(attributes) => (
          <textarea {...attributes} class="code" rows={6} spellcheck={false} disabled={!isAllowed} value={text} onInput={(event) => set({ text: event.currentTarget.value })} />
        )}</Field>
        {isConflict(error) && theirs
          ? <Conflict changes={differences({ [label]: asText(before) }, { [label]: asText(theirs.details.settings) })} isBusy={isBusy} onTakeTheirs={() => { clear(); setTheirs(undefined); reset({ text: asText(theirs.details.settings) }); reload(); }} onKeepMine={() => save(theirs.details.settings as JsonObject, theirs.etag)} />
          : <Trouble error={error} />}
        {isAllowed && <p><Button type="submit" kind="primary" isBusy={isBusy} disabled={!typed || asText(typed) === asText(before)}>{t("console.save")}</Button></p>}
      </form>
    </Card>
  );
}

function Transfer({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const organization = useOrganization();
  const { user } = useSession();
  const [member, setMember] = useState("");
  const { isBusy, error, run } = useWrite();
  const reading = useRead(`heirs ${organization}`, (signal) => api("get", "/v1/organizations/{organization}/members", { path: { organization }, query: { status: "active", sort: "email", limit: 200 }, signal }));
  const others = (reading.data?.data ?? []).filter((each) => each.user_id !== user.id);
  const transfer = async () => {
    if (await run(() => api("post", "/v1/organizations/{organization}/transfer-ownership", { path: { organization }, body: { member_id: member } }))) onDone();
  };
  return (
    <FormDialog title={t("console.settings.transfer")} submit={t("console.settings.transfer.submit")} kind="danger" isBusy={isBusy} error={error ?? reading.error} canSubmit={member !== ""} onSubmit={transfer} onClose={onClose}>
      <p>{t("console.settings.transfer.text")}</p>
      <SelectField label={t("console.settings.transfer.to")} value={member} onValue={setMember} choices={[{ value: "", label: t("console.choose") }, ...others.map((each) => ({ value: each.id, label: each.name ? `${each.name} (${each.email})` : each.email }))]} />
    </FormDialog>
  );
}

function DangerZone({ details, reload }: { details: OrganizationDetails; reload: () => void }) {
  const may = useMay();
  const organization = useOrganization();
  const [asked, setAsked] = useState<"transfer" | "delete">();
  const { isBusy, error, run, clear } = useWrite();
  const remove = async () => {
    // The session ends with it, so that the next request leads to the sign-in.
    if (await run(() => api("delete", "/v1/organizations/{organization}", { path: { organization } }))) location.assign(withLanguage("/choose-organization?return_to=%2Fconsole"));
  };
  return (
    <section class="card danger">
      <div class="card-head"><h2>{t("console.settings.danger")}</h2></div>
      <div class="danger-row">
        <p><strong>{t("console.settings.transfer")}</strong><br />{t("console.settings.transfer.text")}</p>
        <ButtonFor kind="danger" allowed={may("owners:manage")} needs="owners:manage" onClick={() => setAsked("transfer")}>{t("console.settings.transfer.open")}</ButtonFor>
      </div>
      <div class="danger-row">
        <p><strong>{t("console.settings.delete")}</strong><br />{t("console.settings.delete.text")}</p>
        <ButtonFor kind="danger" allowed={may("organization:delete")} needs="organization:delete" onClick={() => setAsked("delete")}>{t("console.settings.delete.open")}</ButtonFor>
      </div>
      {asked === "transfer" && <Transfer onClose={() => setAsked(undefined)} onDone={() => { setAsked(undefined); announce(t("console.settings.transferred")); reload(); location.reload(); }} />}
      {asked === "delete" && <Confirm title={t("console.settings.delete.title", { name: details.name })} submit={t("console.settings.delete")} typed={details.name} isBusy={isBusy} error={error} onSubmit={remove} onClose={() => { clear(); setAsked(undefined); }}>{t("console.settings.delete.text")}</Confirm>}
    </section>
  );
}

export function Settings() {
  const reading = useOrganizationDetails();
  return (
    <>
      <PageHead title={t("console.nav.settings")} lead={t("console.settings.lead")} />
      <Loaded reading={reading}>{(details) => (
        <div class="narrow">
          {/* What is typed in one stays when the other is saved. */}
          <NameForm key={`names ${details.id}`} details={details} etag={reading.etag} reload={reading.reload} />
          <ApplicationForm key={`settings ${details.id}`} details={details} etag={reading.etag} reload={reading.reload} />
          <DangerZone details={details} reload={reading.reload} />
        </div>
      )}</Loaded>
    </>
  );
}
