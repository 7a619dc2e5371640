// Screens that are loaded when they are first shown.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "./text.ts";
import { Button } from "./ui/parts.tsx";

export function lazy<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | undefined;
  return function Lazy(props: Props) {
    const [hasFailed, setFailed] = useState(false);
    const [, setLoaded] = useState(loaded);
    useEffect(() => {
      if (loaded) return undefined;
      let isGone = false;
      load().then((component) => {
        loaded = component;
        if (!isGone) setLoaded(() => component);
      }, () => { if (!isGone) setFailed(true); });
      return () => { isGone = true; };
    }, []);
    // After an update of the service its old files are gone: the page itself is out of date.
    if (hasFailed) return <div class="trouble" role="alert"><p>{t("console.error.outdated")}</p><p><Button onClick={() => location.reload()}>{t("console.error.reload")}</Button></p></div>;
    if (!loaded) return <p class="loading" role="status">{t("console.loading")}</p>;
    const Screen = loaded;
    return <Screen {...props} />;
  };
}
