// One HTML file with a graph, for readers who have neither a server nor a network.
import { render } from "preact";
import { currentRoute, go, hrefWith } from "../state/route";
import { answerFrom, readContents } from "./contents";
import { Page } from "./page";
import "../style/tokens.css";
import "../style/base.css";
import "../style/parts.css";
import "../style/print.css";
import "./page.css";

const contents = readContents();
answerFrom(contents);
// The labels are in the language of the file, so its texts are, too.
if (currentRoute().params.get("lang") !== contents.language) go(hrefWith({ lang: contents.language }), true);
const root = document.getElementById("app");
if (root) render(<Page contents={contents} />, root);
