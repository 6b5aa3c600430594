// The entry of the HTML file with a graph, which needs neither a server nor a network.
import { render } from "preact";
import { currentRoute, go, hrefWith } from "../state/route";
import { Page, readContents, stubFetch } from "./page";
import "../style/tokens.css";
import "../style/base.css";
import "../style/parts.css";
import "../style/print.css";
import "./page.css";

const contents = readContents();
stubFetch(contents);
// The texts of the view must be in the language of the labels in the file.
if (currentRoute().params.get("lang") !== contents.language) go(hrefWith({ lang: contents.language }), true);
const root = document.getElementById("app");
if (root) render(<Page contents={contents} />, root);
