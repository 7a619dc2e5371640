// How the organization shows itself on its pages and in its letters.

import { useState } from "preact/hooks";
import { api, type Branding } from "../api.ts";
import { useMay, useOrganization, useSession } from "../session.ts";
import { formatNumber, t, textOr } from "../text.ts";
import { announce } from "../ui/announce.tsx";
import { Button, Card, Field, Loaded, PageHead, TextField, Trouble } from "../ui/parts.tsx";
import { useDraft, useRead, useWrite } from "../use-api.ts";
import { Conflict, differences, isConflict } from "./conflict.tsx";
import { buttonContrast, contrastOf, cutOff, isColor, textContrast } from "./contrast.ts";

const names = ["name", "button_color", "button_text_color", "dark_button_color", "dark_button_text_color", "privacy_url", "terms_url", "support_url"] as const;
type Name = (typeof names)[number];
type Draft = Record<Name, string>;

const path = "/v1/organizations/{organization}/branding" as const;
const logoPath = "/v1/organizations/{organization}/branding/logo" as const;
const logoTypes = "image/png,image/jpeg,image/webp,image/gif";
const logoBytes = 100 * 1024;

interface Scheme {
  key: "light" | "dark";
  button: Name;
  text: Name;
  /** What the button looks like without a colour of one's own, and on which cards it stands: of pages and of letters. */
  ours: { button: string; text: string };
  cards: string[];
}
const schemes: Scheme[] = [
  { key: "light", button: "button_color", text: "button_text_color", ours: { button: "#2451c8", text: "#ffffff" }, cards: ["#ffffff"] },
  { key: "dark", button: "dark_button_color", text: "dark_button_text_color", ours: { button: "#8fb0ff", text: "#10141d" }, cards: ["#1a202c", "#1f232b"] },
];

const draftOf = (branding: Branding) => Object.fromEntries(names.map((name) => [name, branding[name] ?? ""])) as Draft;
const label = (name: Name) => textOr(`console.branding.${name}`, name);
const shown = (branding: Branding) => Object.fromEntries(Object.entries(draftOf(branding)).map(([name, value]) => [label(name as Name), value]));

/** Only what differs from what one began with. */
const changesOf = (draft: Draft, before: Draft) =>
  Object.fromEntries(names.filter((name) => draft[name] !== before[name]).map((name) => [name, draft[name].trim() === "" ? null : draft[name]]));

/** The colours as they would be; nothing for what is no colour yet. */
function colorsOf(draft: Draft, { button, text, ours }: Scheme) {
  const of = (typed: string, otherwise: string) => (typed === "" ? otherwise : isColor(typed) ? typed : undefined);
  return { button: of(draft[button], ours.button), text: of(draft[text], ours.text) };
}

function Ratio({ contrast, needed, to }: { contrast: number | undefined; needed: number; to: "button" | "page" }) {
  if (contrast === undefined) return <>{t("console.branding.color.hint")}</>;
  const values = { ratio: formatNumber(cutOff(contrast)), needed: formatNumber(needed) };
  return contrast >= needed ? <>{t(`console.branding.contrast.${to}`, values)}</> : <strong>{t(`console.branding.contrast.${to}.low`, values)}</strong>;
}

function ColorField({ name, value, otherwise, onValue, ratio, error }: { name: Name; value: string; otherwise: string; onValue: (value: string) => void; ratio: preact.ComponentChildren; error: string | undefined }) {
  return (
    <Field label={label(name)} hint={ratio} error={error}>{(attributes) => (
      <div class="color-field">
        <input {...attributes} class="color-text" spellcheck={false} autocomplete="off" maxLength={7} placeholder={otherwise} value={value} onInput={(event) => onValue(event.currentTarget.value)} />
        <input type="color" aria-label={t("console.branding.pick", { color: label(name) })} value={isColor(value) ? value.toLowerCase() : otherwise} onInput={(event) => onValue(event.currentTarget.value)} />
      </div>
    )}</Field>
  );
}

/** What the card of the sign-in page will look like; to be seen only, since nothing in it works. */
function Preview({ draft, logo, scheme }: { draft: Draft; logo: Branding["logo"]; scheme: Scheme }) {
  const { organization } = useSession();
  const { button, text } = colorsOf(draft, scheme);
  const links = (["privacy_url", "terms_url", "support_url"] as const).filter((name) => draft[name] !== "");
  const name = draft.name.trim() || organization?.name;
  return (
    <figure class="preview-figure">
      <figcaption>{t(`console.branding.preview.${scheme.key}`)}</figcaption>
      <div class={`preview ${scheme.key}`} aria-hidden="true">
        <div class="preview-card">
          {logo ? <img src={logo.url} alt="" /> : <p class="preview-name">{name}</p>}
          <p class="preview-title">{t("console.branding.preview.title")}</p>
          <p class="preview-field" />
          <p class="preview-field" />
          <p class="preview-button" style={{ backgroundColor: button ?? scheme.ours.button, color: text ?? scheme.ours.text }}>{t("console.branding.preview.title")}</p>
        </div>
        <p class="preview-foot">{links.map((link) => <span key={link}>{t(`console.branding.preview.${link}`)}</span>)}</p>
      </div>
    </figure>
  );
}

function Logo({ branding, isAllowed, reload }: { branding: Branding; isAllowed: boolean; reload: () => void }) {
  const organization = useOrganization();
  const { isBusy, error, run } = useWrite();
  const [isTooLarge, setTooLarge] = useState(false);
  const change = async (work: () => Promise<unknown>) => {
    if (!(await run(work))) return;
    announce(t("console.saved"));
    reload();
  };
  const upload = (input: HTMLInputElement) => {
    const file = input.files?.[0];
    // So that the same file can be chosen again once it was mended.
    input.value = "";
    if (!file) return;
    // The service would close the connection while the browser still sends, which says nothing to anybody.
    setTooLarge(file.size > logoBytes);
    if (file.size <= logoBytes) void change(() => api("put", logoPath, { path: { organization }, file }));
  };
  const { logo } = branding;
  return (
    <Card title={t("console.branding.logo")}>
      {logo
        ? <p class="logo"><img src={logo.url} width={logo.width} height={logo.height} alt={t("console.branding.logo.now", { width: logo.width, height: logo.height })} /></p>
        : <p class="quiet">{t("console.branding.logo.none")}</p>}
      {isAllowed && (
        <Field label={t(logo ? "console.branding.logo.replace" : "console.branding.logo.choose")} hint={t("console.branding.logo.hint")} error={isTooLarge ? t("console.branding.logo.too_large") : undefined}>{(attributes) => (
          <input {...attributes} type="file" accept={logoTypes} disabled={isBusy} onChange={(event) => upload(event.currentTarget)} />
        )}</Field>
      )}
      {error && <p class="error" role="alert">{error.message}</p>}
      {isAllowed && logo && <p><Button kind="danger" isBusy={isBusy} onClick={() => change(() => api("delete", logoPath, { path: { organization } }))}>{t("console.branding.logo.remove")}</Button></p>}
    </Card>
  );
}

function Form({ branding, etag, isAllowed, reload }: { branding: Branding; etag: string | undefined; isAllowed: boolean; reload: () => void }) {
  const organization = useOrganization();
  const before = draftOf(branding);
  const { draft, set: change, sent, reset } = useDraft(before);
  const [theirs, setTheirs] = useState<{ branding: Branding; etag: string | undefined }>();
  const { isBusy, error, run, clear } = useWrite();
  const set = (name: Name) => (value: string) => change({ [name]: value });
  const changes = changesOf(draft, before);
  const isChanged = Object.keys(changes).length > 0;
  const save = async (currentEtag: string | undefined) => {
    const isDone = await run(() => api("patch", path, { path: { organization }, body: changes, etag: currentEtag }), async () => {
      const now = await api("get", path, { path: { organization } });
      setTheirs({ branding: now.data, etag: now.etag });
    });
    if (!isDone) return;
    sent(draft);
    announce(t("console.saved"));
    reload();
  };
  const link = (name: Name) => <TextField label={label(name)} type="url" maxLength={500} placeholder="https://" spellcheck={false} value={draft[name]} onValue={set(name)} error={error?.fields.get(name)} />;
  return (
    <form class="beside" noValidate onSubmit={(event) => { event.preventDefault(); if (!isBusy) void save(etag); }}>
      <fieldset disabled={!isAllowed} class="plain">
        <Card title={t("console.branding.about")}>
          <TextField label={label("name")} hint={t("console.branding.name.hint")} maxLength={100} value={draft.name} onValue={set("name")} error={error?.fields.get("name")} />
          {link("privacy_url")}
          {link("terms_url")}
          {link("support_url")}
        </Card>
        {schemes.map((scheme) => {
          const { button, text } = colorsOf(draft, scheme);
          const onPage = button && Math.min(...scheme.cards.map((card) => contrastOf(button, card)));
          const onButton = button && text && contrastOf(text, button);
          return (
            <Card key={scheme.key} title={t(`console.branding.colors.${scheme.key}`)}>
              <ColorField name={scheme.button} value={draft[scheme.button]} otherwise={scheme.ours.button} onValue={set(scheme.button)} ratio={<Ratio contrast={onPage || undefined} needed={buttonContrast} to="page" />} error={error?.fields.get(scheme.button)} />
              <ColorField name={scheme.text} value={draft[scheme.text]} otherwise={scheme.ours.text} onValue={set(scheme.text)} ratio={<Ratio contrast={onButton || undefined} needed={textContrast} to="button" />} error={error?.fields.get(scheme.text)} />
            </Card>
          );
        })}
      </fieldset>
      <Card title={t("console.branding.preview")}>
        <div class="previews">{schemes.map((scheme) => <Preview key={scheme.key} draft={draft} logo={branding.logo} scheme={scheme} />)}</div>
      </Card>
      {!isAllowed && <p class="notice">{t("console.forbidden.action", { permission: "organization:update" })}</p>}
      {isConflict(error) && theirs
        ? <Conflict changes={differences(shown(branding), shown(theirs.branding))} isBusy={isBusy} onTakeTheirs={() => { clear(); setTheirs(undefined); reset(draftOf(theirs.branding)); reload(); }} onKeepMine={() => save(theirs.etag)} />
        : <Trouble error={error} />}
      {isAllowed && <div class="actions"><Button type="submit" kind="primary" isBusy={isBusy} disabled={!isChanged}>{t("console.save")}</Button>{isChanged && <Button onClick={() => { clear(); reset(before); }}>{t("console.discard")}</Button>}</div>}
    </form>
  );
}

export function BrandingPage() {
  const organization = useOrganization();
  const isAllowed = useMay()("organization:update");
  const reading = useRead(`branding ${organization}`, (signal) => api("get", path, { path: { organization }, signal }));
  return (
    <>
      <PageHead title={t("console.nav.branding")} lead={t("console.branding.lead")} />
      <Loaded reading={reading}>{(branding) => (
        <>
          <div class="narrow"><Logo branding={branding} isAllowed={isAllowed} reload={reading.reload} /></div>
          <Form key={organization} branding={branding} etag={reading.etag} isAllowed={isAllowed} reload={reading.reload} />
        </>
      )}</Loaded>
    </>
  );
}
