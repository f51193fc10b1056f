/* A press on a paragraph chooses it as the place that is meant. Without this file the list of places does the same. */
const chosen = () => [...document.querySelectorAll("#return select[data-place-choice]")];

function point(block) {
  const selects = chosen();
  // The last place that is still free; when all are taken, the last one.
  const select = selects.find((one) => one.value === "WHOLE:") || selects[selects.length - 1];
  if (!select) return;
  select.value = select.value === block.dataset.place ? "WHOLE:" : block.dataset.place;
  show();
  const said = document.getElementById("pointed");
  if (said) said.textContent = select.value === "WHOLE:" ? "没有单指一处。" : `已指：${select.selectedOptions[0].textContent}`;
}

function show() {
  const values = new Set(chosen().map((one) => one.value));
  document.querySelectorAll("[data-place]").forEach((block) => block.classList.toggle("is-pointed", values.has(block.dataset.place)));
}

document.querySelectorAll("[data-place]").forEach((block) => {
  block.addEventListener("click", (event) => {
    const selection = window.getSelection();
    if (event.target.closest("a") || (selection && String(selection).length)) return;
    point(block);
  });
});
chosen().forEach((select) => select.addEventListener("change", show));
show();
