"use strict";
// Before anything is drawn, so that a page never flashes in the wrong colours.
(() => {
  try {
    const theme = localStorage.getItem("yuanbench.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch { /* no storage: the system's theme */ }
})();
