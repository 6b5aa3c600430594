import { expect, it } from "vitest";
import { unknownParameters } from "./unknown-parameters";

it("leaves out parameters of the question by all their names and those of views", () => {
  const question = { parameters: [{ name: "bloc", type: "any", label: { en: "", zh: "" }, default: "UNDEF", also: ["group"] }] };
  const params = new URLSearchParams("bloc=a&group=b&region=c&region=d&sort=x&lang=zh");
  expect(unknownParameters(question, params)).toEqual(["region"]);
});
