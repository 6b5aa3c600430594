import { expect, it } from "vitest";
import { unknownParameters } from "./unknown-parameters";

it("leaves out current and former parameters of the question and those of views", () => {
  const question = { parameters: [{ name: "bloc", type: "any", label: { en: "", zh: "" }, default: "UNDEF", formerly: { group: "1" } }] };
  const params = new URLSearchParams("bloc=a&group=b&region=c&region=d&sort=x&lang=zh");
  expect(unknownParameters(question, params)).toEqual(["region"]);
});
