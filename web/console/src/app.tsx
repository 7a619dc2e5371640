// Who is signed in, where one is, and what is shown there.

import { useEffect, useRef } from "preact/hooks";
import { api, type Session } from "./api.ts";
import { Frame } from "./frame.tsx";
import { useLanguage } from "./languages.ts";
import { lazy } from "./lazy.tsx";
import { followLink, match, usePlace, withLanguage } from "./router.ts";
import { SessionContext } from "./session.ts";
import { t, type TextKey } from "./text.ts";
import { News } from "./ui/announce.tsx";
import { Empty, Forbidden, Loaded, PageHead } from "./ui/parts.tsx";
import { useRead } from "./use-api.ts";

type Values = Record<string, string>;
interface Screen {
  path: string;
  /** What the viewer must hold, else the screen says so. */
  needs?: string;
  title: TextKey;
  show: (values: Values, session: Session) => preact.VNode;
}

const Home = lazy(async () => (await import("./org/home.tsx")).Home);
const Restorable = lazy(async () => (await import("./org/restorable.tsx")).Restorable);
const Members = lazy(async () => (await import("./org/members.tsx")).Members);
const MemberPage = lazy(async () => (await import("./org/member.tsx")).MemberPage);
const Invitations = lazy(async () => (await import("./org/invitations.tsx")).Invitations);
const InvitationPage = lazy(async () => (await import("./org/invitation.tsx")).InvitationPage);
const Roles = lazy(async () => (await import("./org/roles.tsx")).Roles);
const PoliciesPage = lazy(async () => (await import("./org/policies.tsx")).PoliciesPage);
const BrandingPage = lazy(async () => (await import("./org/branding.tsx")).BrandingPage);
const ApiKeys = lazy(async () => (await import("./org/api-keys.tsx")).ApiKeys);
const Audit = lazy(async () => (await import("./org/audit.tsx")).Audit);
const Settings = lazy(async () => (await import("./org/settings.tsx")).Settings);
const Statistics = lazy(async () => (await import("./charts/statistics.tsx")).Statistics);
const operator = () => import("./operator/screens.ts");
const OperatorHome = lazy(async () => (await operator()).OperatorHome);
const Organizations = lazy(async () => (await operator()).Organizations);
const OrganizationPage = lazy(async () => (await operator()).OrganizationPage);
const Users = lazy(async () => (await operator()).Users);
const UserPage = lazy(async () => (await operator()).UserPage);
const Mail = lazy(async () => (await operator()).Mail);
const SigningKeys = lazy(async () => (await operator()).SigningKeys);
const Permissions = lazy(async () => (await operator()).Permissions);
const Limits = lazy(async () => (await operator()).Limits);
const Service = lazy(async () => (await operator()).Service);

const scope = (session: Session) => session.organization?.id;

const organizationScreens: Screen[] = [
  { path: "/console", title: "console.nav.home", show: () => <Home /> },
  { path: "/console/members", needs: "members:read", title: "console.nav.members", show: () => <Members /> },
  { path: "/console/members/{member}", needs: "members:read", title: "console.nav.members", show: ({ member = "" }) => <MemberPage key={member} id={member} /> },
  { path: "/console/invitations", needs: "invitations:read", title: "console.nav.invitations", show: () => <Invitations /> },
  { path: "/console/invitations/{invitation}", needs: "invitations:read", title: "console.nav.invitations", show: ({ invitation = "" }) => <InvitationPage key={invitation} id={invitation} /> },
  { path: "/console/roles", needs: "roles:read", title: "console.nav.roles", show: () => <Roles /> },
  { path: "/console/policies", needs: "organization:read", title: "console.nav.policies", show: () => <PoliciesPage /> },
  { path: "/console/api-keys", needs: "api_keys:manage", title: "console.nav.api_keys", show: () => <ApiKeys isOperator={false} /> },
  { path: "/console/audit", needs: "audit:read", title: "console.nav.audit", show: (_, session) => <Audit scope={scope(session)} /> },
  { path: "/console/statistics", needs: "stats:read", title: "console.nav.statistics", show: (_, session) => <Statistics scope={scope(session)} /> },
  { path: "/console/branding", needs: "organization:read", title: "console.nav.branding", show: () => <BrandingPage /> },
  { path: "/console/settings", needs: "organization:read", title: "console.nav.settings", show: () => <Settings /> },
];

const operatorScreens: Screen[] = [
  { path: "/console/operator", title: "console.nav.home", show: () => <OperatorHome /> },
  { path: "/console/operator/organizations", title: "console.nav.organizations", show: () => <Organizations /> },
  { path: "/console/operator/organizations/{organization}", title: "console.nav.organizations", show: ({ organization = "" }) => <OrganizationPage key={organization} id={organization} /> },
  { path: "/console/operator/users", title: "console.nav.users", show: () => <Users /> },
  { path: "/console/operator/users/{user}", title: "console.nav.users", show: ({ user = "" }) => <UserPage key={user} id={user} /> },
  { path: "/console/operator/statistics", title: "console.nav.statistics", show: () => <Statistics scope={undefined} /> },
  { path: "/console/operator/mail", title: "console.nav.mail", show: () => <Mail /> },
  { path: "/console/operator/limits", title: "console.nav.limits", show: () => <Limits /> },
  { path: "/console/operator/permissions", title: "console.nav.permissions", show: () => <Permissions /> },
  { path: "/console/operator/keys", title: "console.nav.signing_keys", show: () => <SigningKeys /> },
  { path: "/console/operator/api-keys", title: "console.nav.api_keys", show: () => <ApiKeys isOperator /> },
  { path: "/console/operator/audit", title: "console.nav.audit", show: () => <Audit scope={undefined} /> },
  { path: "/console/operator/service", title: "console.nav.service", show: () => <Service /> },
];

function NotHere() {
  return <><PageHead title={t("console.not_found.title")} /><Empty title={t("console.not_found.text")} action={<a class="button primary" href="/console">{t("console.not_found.home")}</a>} /></>;
}

function NoOrganization() {
  return <><PageHead title={t("console.no_organization.title")} /><Empty title={t("console.no_organization.text")} action={<a class="button primary" href={withLanguage("/choose-organization?return_to=%2Fconsole")}>{t("console.no_organization.choose")}</a>} /><Restorable /></>;
}

function Content({ session, path }: { session: Session; path: string }) {
  const screens = session.operator ? operatorScreens : organizationScreens;
  const wanted = session.operator && path === "/console" ? "/console/operator" : path;
  for (const screen of screens) {
    const values = match(screen.path, wanted);
    if (!values) continue;
    if (!session.operator && !session.organization) return <NoOrganization />;
    if (screen.needs && !session.permissions.includes(screen.needs)) return <Forbidden title={t(screen.title)} needs={screen.needs} />;
    return screen.show(values, session);
  }
  return <NotHere />;
}

/** After a step to another screen its heading is what is read first. */
function useArrival(path: string, language: string, isReady: boolean) {
  const before = useRef<string>();
  useEffect(() => {
    if (!isReady) return undefined;
    const arrive = () => {
      const heading = document.querySelector<HTMLElement>("main h1");
      if (!heading) return false;
      document.title = `${heading.textContent} · Gatehouse`;
      if (before.current !== undefined && before.current !== path) {
        scrollTo(0, 0);
        heading.focus({ preventScroll: true });
      }
      before.current = path;
      return true;
    };
    if (arrive()) return undefined;
    const observer = new MutationObserver(() => { if (arrive()) observer.disconnect(); });
    observer.observe(document.querySelector("main")!, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, [path, language, isReady]);
}

/** Another tab may have signed out, or gone to another organization: looked at when one comes back to this one. */
function useFreshSession(reload: () => void) {
  useEffect(() => {
    const look = () => { if (document.visibilityState === "visible") reload(); };
    document.addEventListener("visibilitychange", look);
    addEventListener("focus", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      removeEventListener("focus", look);
    };
  }, [reload]);
}

export function App() {
  const { path } = usePlace();
  const language = useLanguage();
  const reading = useRead("session", (signal) => api("get", "/v1/session", { signal }));
  useFreshSession(reading.reload);
  // A look that fails, for want of a network, takes nothing away from what is on the screen.
  const last = useRef<Session>();
  if (reading.data) last.current = reading.data;
  const session = last.current;
  useArrival(path, language, session !== undefined);
  if (!session) return <main id="content" class="alone"><Loaded reading={reading}>{() => null}</Loaded></main>;
  return (
    <SessionContext.Provider value={session}>
      <div class="app" onClick={followLink}>
        <Frame path={path}>
          {/* What was read of one organization is never shown beside another. */}
          <Content key={session.organization?.id} session={session} path={path} />
        </Frame>
        <News />
      </div>
    </SessionContext.Provider>
  );
}
