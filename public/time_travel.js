// Only in fake mode: the form that moves the clock leads back to the page that is shown when it is sent.
for (const form of document.querySelectorAll('.time-travel form')) {
  form.addEventListener('submit', () => {
    form.elements.next.value = location.pathname + location.search;
  });
}
