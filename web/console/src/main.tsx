import { render } from "preact";
import { languages } from "../types/words/index.ts";
import { api } from "./api.ts";
import { App } from "./app.tsx";
import { change, chooseLanguage } from "./languages.ts";
import { askedLanguage } from "./router.ts";
import "./console.css";

/** After an update of the service the files of the old one are gone, the words among them. */
function Outdated() {
  return (
    <main id="content" class="alone">
      {Object.entries(languages).filter(([, { isForTests }]) => !isForTests).map(([tag, { outdated, reload }]) => <p key={tag} lang={tag}>{outdated} <a href="">{reload}</a></p>)}
    </main>
  );
}

async function start() {
  // Whoever is not signed in is led away here. Why the service does not answer is for the console to say.
  const own = await api("get", "/v1/me").then(({ data }) => data.language, () => undefined);
  await change(chooseLanguage({ own, asked: askedLanguage(), accepted: navigator.languages }));
}

const root = document.getElementById("console")!;
start().then(() => render(<App />, root), () => render(<Outdated />, root));
