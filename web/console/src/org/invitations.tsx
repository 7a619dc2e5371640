// Offers of membership that were mailed.

import { useState } from "preact/hooks";
import { api, type Invitation } from "../api.ts";
import { useQuery } from "../router.ts";
import { useMay, useOrganization } from "../session.ts";
import { formatTime, roleName, t } from "../text.ts";
import { Badge, Button, ButtonFor, Empty, Loaded, PageHead } from "../ui/parts.tsx";
import { FilterSelect, Pager, Table, type Column } from "../ui/table.tsx";
import { useRead } from "../use-api.ts";
import { InviteDialog } from "./invite.tsx";

const columns: Column<Invitation>[] = [
  { title: "console.invitations.recipient", cell: (invitation) => <a href={`/console/invitations/${invitation.id}`}>{invitation.recipient}</a> },
  { title: "console.members.role", cell: (invitation) => roleName(invitation.role) },
  { title: "console.members.status", cell: (invitation) => <Badge state={invitation.status} /> },
  { title: "console.invitations.letter", cell: (invitation) => <Badge state={invitation.delivery.status} /> },
  { title: "console.invitations.sent", cell: (invitation) => formatTime(invitation.created_at, "day") },
  { title: "console.invitations.expires", cell: (invitation) => formatTime(invitation.expires_at, "day") },
];

const states = ["pending", "accepted", "revoked", "expired"] as const;
type State = (typeof states)[number];

export function Invitations() {
  const organization = useOrganization();
  const may = useMay();
  const [query, change] = useQuery();
  const [isInviting, setInviting] = useState(false);
  const state = states.find((each) => each === query.get("state"));
  const reading = useRead(`invitations ${organization} ${query}`, (signal) => api("get", "/v1/organizations/{organization}/invitations", {
    path: { organization }, query: { state: state ?? "", after: query.get("after") ?? "", limit: 50 }, signal,
  }));
  const invite = <ButtonFor kind="primary" allowed={may("members:invite")} needs="members:invite" onClick={() => setInviting(true)}>{t("console.members.invite")}</ButtonFor>;
  return (
    <>
      <PageHead title={t("console.nav.invitations")} lead={t("console.invitations.lead")} actions={invite} />
      <div class="filters">
        <FilterSelect name="state" label="console.members.status" choices={states.map((value: State) => ({ value, label: t(`console.state.${value}`) }))} />
      </div>
      <Loaded reading={reading}>{({ data, page }) => (data.length === 0
        ? <Empty title={state ? t("console.invitations.none_found") : t("console.invitations.none")} action={state ? <Button onClick={() => change({ state: undefined })}>{t("console.filter.clear")}</Button> : invite} />
        : <>
            <Table caption={t("console.nav.invitations")} rows={data} columns={columns} keyOf={(invitation) => invitation.id} />
            <Pager page={page} shown={data.length} what="console.invitations.count" />
          </>)}
      </Loaded>
      {isInviting && <InviteDialog onClose={() => setInviting(false)} onDone={() => { setInviting(false); reading.reload(); }} />}
    </>
  );
}
