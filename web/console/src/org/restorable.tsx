// Organizations that the viewer has owned and deleted, as long as they can be restored.

import { api } from "../api.ts";
import { withLanguage } from "../router.ts";
import { formatTime, t } from "../text.ts";
import { announce } from "../ui/announce.tsx";
import { Button, Card, Trouble } from "../ui/parts.tsx";
import { useRead, useWrite } from "../use-api.ts";

export function Restorable() {
  const reading = useRead("restorable", (signal) => api("get", "/v1/organizations", { query: { limit: 200 }, signal }));
  const { isBusy, error, run } = useWrite();
  const deleted = (reading.data?.data ?? []).filter((one) => one.status === "deleted");
  if (deleted.length === 0) return null;
  const restore = async ({ id, name }: { id: string; name: string }) => {
    if (!await run(() => api("post", "/v1/organizations/{organization}/restore", { path: { organization: id } }))) return;
    announce(t("console.restore.done", { name }));
    location.assign(withLanguage("/choose-organization?return_to=%2Fconsole"));
  };
  return (
    <Card title={t("console.restore.title")}>
      <Trouble error={error} />
      <ul class="short">
        {deleted.map((one) => (
          <li key={one.id}>
            <span>{one.name} <span class="quiet">{t("console.restore.until", { time: formatTime(one.purge_at, "day") })}</span></span>
            <Button isBusy={isBusy} onClick={() => restore(one)}>{t("console.restore.submit")}<span class="unseen">: {one.name}</span></Button>
          </li>
        ))}
      </ul>
    </Card>
  );
}
