// Comfort only; every page works without it. It groups a card number's digits, puts the slash into an expiry date,
// fills a test card in without a round trip, and keeps a second click from submitting a form twice.
document.addEventListener("click", (event) => {
  const use = event.target.closest("button[name=test_card]");
  if (!use) return;
  event.preventDefault();
  const form = use.form;
  const choice = form.querySelector("input[name=payment_method][value=new]");
  if (choice) choice.checked = true;
  form.elements.card_number.value = use.value.replace(/(\d{4})(?=\d)/g, "$1 ");
  form.elements.exp.value = use.dataset.exp;
  form.elements.cvc.value = use.dataset.cvc;
  form.elements.card_number.focus();
});
document.addEventListener("input", (event) => {
  const { target } = event;
  if (target.selectionStart !== target.value?.length) return;
  if (target.name === "card_number") {
    target.value = target.value.replace(/\D/g, "").slice(0, 19).replace(/(\d{4})(?=\d)/g, "$1 ");
  }
  if (target.name === "exp" && event.inputType !== "deleteContentBackward") {
    const digits = target.value.replace(/\D/g, "").slice(0, 4);
    if (!target.value.includes("/") && digits.length > 2) target.value = `${digits.slice(0, 2)} / ${digits.slice(2)}`;
  }
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
// A page that comes back from the back-forward cache may be submitted again.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
