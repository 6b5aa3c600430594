import { render } from "preact";
import { App } from "./app";
import "@fontsource-variable/source-sans-3/wght.css";
import "@fontsource-variable/source-serif-4/wght.css";
import "./style/tokens.css";
import "./style/base.css";
import "./style/parts.css";
import "./style/print.css";

const root = document.getElementById("app");
root?.replaceChildren(); // removes the placeholder of index.html
if (root) render(<App />, root);
