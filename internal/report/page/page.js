(() => {
  const form = document.getElementById("filter"), search = document.getElementById("search"), shown = document.getElementById("shown");
  const rows = Array.from(document.getElementById("list").children, (row) => ({ row, text: row.textContent.toLowerCase() }));
  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const outcomes = new Set(Array.from(form.querySelectorAll("[name=outcome]:checked"), (box) => box.value));
    let n = 0;
    for (const { row, text } of rows) {
      const fits = outcomes.has(row.className) && words.every((word) => text.includes(word));
      row.hidden = !fits;
      n += fits;
    }
    shown.textContent = n + " of " + rows.length + " shown";
  };
  const reveal = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (!target) return;
    if (target.hidden) { search.value = ""; form.querySelectorAll("[name=outcome]").forEach((box) => { box.checked = true; }); apply(); }
    const details = target.querySelector("details");
    if (details && target.closest(".cases")) details.open = true;
    target.scrollIntoView();
  };
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", reveal);
  apply();
  reveal();
})();
