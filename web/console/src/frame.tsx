// What stands around every screen: where one is, where one can go, who one is.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { languages } from "../types/words/index.ts";
import { api } from "./api.ts";
import { change, choices, type Choice } from "./languages.ts";
import { withLanguage } from "./router.ts";
import { useSession } from "./session.ts";
import { spokenTag, t, type TextKey } from "./text.ts";
import { announce } from "./ui/announce.tsx";
import { useWrite } from "./use-api.ts";

interface Entry {
  href: string;
  text: TextKey;
  needs?: string;
}

const organizationEntries: Entry[] = [
  { href: "/console", text: "console.nav.home" },
  { href: "/console/statistics", text: "console.nav.statistics", needs: "stats:read" },
  { href: "/console/members", text: "console.nav.members", needs: "members:read" },
  { href: "/console/invitations", text: "console.nav.invitations", needs: "invitations:read" },
  { href: "/console/roles", text: "console.nav.roles", needs: "roles:read" },
  { href: "/console/policies", text: "console.nav.policies", needs: "organization:read" },
  { href: "/console/api-keys", text: "console.nav.api_keys", needs: "api_keys:manage" },
  { href: "/console/audit", text: "console.nav.audit", needs: "audit:read" },
  { href: "/console/branding", text: "console.nav.branding", needs: "organization:read" },
  { href: "/console/settings", text: "console.nav.settings", needs: "organization:read" },
];

const operatorEntries: Entry[] = [
  { href: "/console/operator", text: "console.nav.home" },
  { href: "/console/operator/statistics", text: "console.nav.statistics" },
  { href: "/console/operator/organizations", text: "console.nav.organizations" },
  { href: "/console/operator/users", text: "console.nav.users" },
  { href: "/console/operator/mail", text: "console.nav.mail" },
  { href: "/console/operator/limits", text: "console.nav.limits" },
  { href: "/console/operator/permissions", text: "console.nav.permissions" },
  { href: "/console/operator/keys", text: "console.nav.signing_keys" },
  { href: "/console/operator/api-keys", text: "console.nav.api_keys" },
  { href: "/console/operator/audit", text: "console.nav.audit" },
  { href: "/console/operator/service", text: "console.nav.service" },
];

const isHome = (href: string) => href === "/console" || href === "/console/operator";

function isCurrent(href: string, path: string): boolean {
  if (isHome(href)) return path === href || path === "/console";
  return path === href || path.startsWith(`${href}/`);
}

function Navigation({ path, isOpen }: { path: string; isOpen: boolean }) {
  const { operator, permissions } = useSession();
  const entries = operator ? operatorEntries : organizationEntries.filter((entry) => !entry.needs || permissions.includes(entry.needs));
  return (
    <nav id="navigation" class={isOpen ? "open" : undefined} aria-label={t("console.nav.label")}>
      <ul>{entries.map((entry) => <li key={entry.href}><a href={entry.href} aria-current={isCurrent(entry.href, path) ? "page" : undefined}>{t(entry.text)}</a></li>)}</ul>
    </nav>
  );
}

/** Sets the person's own language, which pages and letters speak from then on too. */
function LanguageSwitch() {
  const { isBusy, run } = useWrite();
  const spoken = spokenTag();
  const choose = async (language: Choice) => {
    const isDone = await run(async () => {
      await api("patch", "/v1/me", { body: { language } });
      await change(language);
    });
    if (!isDone) announce(t("console.language.failed"));
  };
  return (
    <label class="language">
      <span class="unseen">{t("console.language")}</span>
      <select value={spoken} disabled={isBusy} onChange={(event) => void choose(event.currentTarget.value as Choice)}>
        {!choices.some((tag) => tag === spoken) && <option value={spoken}>{spoken}</option>}
        {choices.map((tag) => <option key={tag} value={tag} lang={tag}>{languages[tag].name}</option>)}
      </select>
    </label>
  );
}

export function Frame({ path, children }: { path: string; children: ComponentChildren }) {
  const { user, organization, operator } = useSession();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => setOpen(false), [path]);
  const place = operator ? t("console.operator") : organization?.name ?? t("console.no_organization.title");
  return (
    <>
      <a class="skip" href="#content">{t("console.skip")}</a>
      <header class={isOpen ? "top open" : "top"}>
        <button type="button" class="button quiet menu" aria-expanded={isOpen} aria-controls="navigation" onClick={() => setOpen(!isOpen)}>{t("console.menu")}</button>
        <p class="place"><a href="/console">{place}</a></p>
        <div class="who">
          {!operator && <a href={withLanguage("/choose-organization?return_to=%2Fconsole")}>{t("console.switch")}</a>}
          <LanguageSwitch />
          <a href={withLanguage("/account")}><span class="unseen">{t("console.account")}: </span>{user.email}</a>
          <a href={withLanguage("/sign-out")}>{t("console.sign_out")}</a>
        </div>
      </header>
      <Navigation path={path} isOpen={isOpen} />
      <main id="content" tabIndex={-1}>{children}</main>
    </>
  );
}
