/// The page's script. It puts text into the page as text nodes alone: no markup is ever made of what a report holds.
enum HTMLScript {
    static let text = "\n\"use strict\";\n(() => {\n" + tools + HTMLDiffScript.text + HTMLTableScript.text + "})();\n"

    /// Elements, numbers and text as people read them.
    private static let tools = #"""
        const byId = (id) => document.getElementById(id);
        const make = (tag, attributes, ...children) => {
          const element = document.createElement(tag);
          for (const [name, value] of Object.entries(attributes || {})) {
            if (name === "onclick") element.addEventListener("click", value);
            else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
          }
          for (const child of children) if (child !== null) element.append(child);
          return element;
        };
        const notMeasured = "not measured";
        const seconds = (value) => value === null ? notMeasured
          : value < 1 ? (value * 1000).toPrecision(3) + " ms" : value.toPrecision(3) + " s";
        const count = (value) => value === null ? notMeasured : value.toLocaleString("en");
        const plural = (n, one) => n + " " + one + (n === 1 ? "" : "s");

        """#
}
