// Guests are drawn to a table; without scripts, or by keyboard, one ticks them and names the table.
const form = document.querySelector("[data-seats]");
const tables = form ? [...form.querySelectorAll("[data-table]")] : [];

for (const label of form?.querySelectorAll(".choice") ?? []) {
  label.draggable = true;
  label.addEventListener("dragstart", (event) => { event.dataTransfer.setData("text/plain", label.querySelector("input").value); event.dataTransfer.effectAllowed = "move"; });
}

for (const table of tables) {
  table.addEventListener("dragover", (event) => { event.preventDefault(); table.dataset.over = ""; });
  table.addEventListener("dragleave", () => delete table.dataset.over);
  table.addEventListener("drop", (event) => {
    event.preventDefault();
    const drawn = event.dataTransfer.getData("text/plain");
    for (const box of form.querySelectorAll("[name=ids]")) if (box.value === drawn) box.checked = true;
    form.elements.table.value = table.dataset.table;
    form.requestSubmit();
  });
}
