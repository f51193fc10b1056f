/* One box that ticks all boxes of the page. Without script each row is ticked by hand. */
"use strict";

(() => {
  const head = document.querySelector("[data-choose-all]");
  const boxes = Array.from(document.querySelectorAll('input[name="row"][form="chosen"]'));
  if (!head || !boxes.length) return;
  const all = document.createElement("input");
  all.type = "checkbox";
  all.setAttribute("aria-label", "选中这一页的全部行");
  all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
  boxes.forEach((box) => box.addEventListener("change", () => {
    const ticked = boxes.filter((one) => one.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  }));
  head.replaceChildren(all);
})();
