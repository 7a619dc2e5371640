// Short news of what was done, for eyes and for screen readers.

import { useEffect, useState } from "preact/hooks";

const event = "console:news";

export function announce(text: string): void {
  dispatchEvent(new CustomEvent(event, { detail: text }));
}

export function News() {
  const [news, setNews] = useState<{ text: string; number: number }>({ text: "", number: 0 });
  useEffect(() => {
    const hear = (heard: Event) => setNews(({ number }) => ({ text: (heard as CustomEvent<string>).detail, number: number + 1 }));
    addEventListener(event, hear);
    return () => removeEventListener(event, hear);
  }, []);
  useEffect(() => {
    if (news.text === "") return undefined;
    const timer = setTimeout(() => setNews(({ number }) => ({ text: "", number })), 6_000);
    return () => clearTimeout(timer);
  }, [news.number]);
  return <div class="news" role="status" aria-live="polite">{news.text && <p>{news.text}</p>}</div>;
}
