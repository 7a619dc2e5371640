// The keys that access tokens are signed with.

import { api } from "../api.ts";
import { formatTime, t } from "../text.ts";
import { Badge, Loaded, PageHead } from "../ui/parts.tsx";
import { Table } from "../ui/table.tsx";
import { useRead } from "../use-api.ts";
import { ReasonButton } from "./reason.tsx";

export function SigningKeys() {
  const reading = useRead("signing keys", (signal) => api("get", "/v1/operator/signing-keys", { query: { limit: 200 }, signal }));
  return (
    <>
      <PageHead title={t("console.nav.signing_keys")} lead={t("console.signing.lead")} actions={
        <ReasonButton label={t("console.signing.rotate")} title={t("console.signing.rotate")} submit={t("console.signing.rotate.submit")} done={t("console.signing.rotated")} onDone={reading.reload}
          run={(reason) => api("post", "/v1/operator/signing-keys/rotate", { body: { reason } })}>{t("console.signing.rotate.text")}</ReasonButton>} />
      <Loaded reading={reading}>{({ data }) => <Table caption={t("console.nav.signing_keys")} rows={data} keyOf={(key) => key.kid} columns={[
        { title: "console.signing.kid", cell: (key) => <code>{key.kid}</code> },
        { title: "console.signing.algorithm", cell: (key) => key.algorithm },
        { title: "console.members.status", cell: (key) => <Badge state={key.state} /> },
        { title: "console.signing.from", cell: (key) => formatTime(key.signs_from) },
        { title: "console.signing.retires", cell: (key) => key.retires_at && formatTime(key.retires_at) },
      ]} />}</Loaded>
    </>
  );
}
