import { catalogue } from "../ui/catalogue";

export const words = catalogue({
  overview: ["Overview of the main classes", "主要类总览"],
  overviewWhy: [
    "A line connects two classes if properties lead from instances of one, or of its subclasses, to instances of the other. The more properties, the thicker the line.",
    "若有属性从一个类（或其子类）的实例指向另一个类的实例，两类之间便有连线；属性越多，连线越粗。",
  ],
  asList: ["As a list", "以列表显示"],
  diagram: ["Properties as a diagram", "属性图"],
  diagramWhy: [
    "Left: properties that point to it. Right: properties that point from it. Dashed: inherited from a superclass.",
    "左：指向它的属性。右：由它指出的属性。虚线：继承自上位类。",
  ],
  value: ["a value", "字面值"],
  anything: ["anything", "任意实体"],
});
