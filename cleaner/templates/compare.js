"use strict";
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-filter]");
  if (!button) return;
  for (const each of document.querySelectorAll(".doc")) each.hidden = button.dataset.filter !== "" && each.dataset.key !== button.dataset.filter;
});
