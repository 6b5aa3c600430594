import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { useWords } from "../state/language";
import { words } from "./words";

/** The labels of the attributes of nodes and links, by name. */
export const FactNames = createContext<Readonly<Record<string, string>>>({});

/** Returns a function that returns the label of an attribute, or its name with spaces if it has no label. */
export function useFactNames(): (name: string) => string {
  const labels: Readonly<Record<string, string>> = { ...useWords(words).attributes, ...useContext(FactNames) };
  return (name) => labels[name] ?? name.replaceAll("_", " ");
}
